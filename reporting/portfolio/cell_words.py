"""The words behind one cell of the progress map: what was written this round and the last, in one read."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from minori.programmes.models import Round
from reporting.reading import folding


@dataclass(frozen=True)
class Said:
    """What a row says in one round: its code, the text and the remark beside it. `nothing`: nothing to report."""

    round: str
    code: str | int | None
    text: str
    remark: str
    deadline: int


@dataclass(frozen=True)
class CellWords:
    """A row of a grant's map with its words now (None: nothing is handed in yet) and in the newest report before that had
    it; `here`: the title of the round."""

    organization: str
    title: str
    name: str
    row: UUID
    here: str
    now: Said | None
    last: Said | None

    @property
    def newest(self) -> Said:
        """What was said last."""
        found = self.now or self.last
        assert found is not None, "there is none without words"
        return found


_SQL = """
    SELECT r.number, r.title, l.board, cell.one, l.texts -> %(row)s
    FROM summaries_grantline l
    JOIN programmes_round r ON r.id = l.round_id
    JOIN programmes_grant g ON g.id = l.grant_id
    CROSS JOIN LATERAL jsonb_array_elements(l.strip -> 'cells') cell(one)
    WHERE r.programme_id = %(programme)s AND r.number <= %(number)s AND g.code = %(grant)s AND cell.one ->> 'row' = %(row)s
        AND (l.strip ->> 'handed_in')::boolean
    ORDER BY r.number DESC LIMIT 2"""


def of(round_: Round, *, grant: str, row: UUID) -> CellWords | None:
    """The words of a row in a compiled round and before it, None where nothing of it was ever handed in. One query."""
    given: dict[str, Any] = {
        "programme": round_.programme_id,
        "number": round_.number,
        "grant": grant,
        "row": str(row),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        found = [
            (number, title, *(json.loads(text) for text in (board, cell, words)))
            for number, title, board, cell, words in cursor.fetchall()
        ]
    if not found:
        return None
    _number, _title, board, cell, words = found[0]
    now = found[0] if found[0][0] == round_.number else None
    last = next((one for one in found if one is not now), None)
    return CellWords(
        organization=board["organization_name"],
        title=board["grant_title"],
        name=folding.name_of_row(cell["code"] or "", words["statement"] or ""),
        row=row,
        here=round_.title,
        now=_said(*now[1:]) if now else None,
        last=_said(*last[1:]) if last else None,
    )


def _said(title: str, board: Any, cell: Any, words: Any) -> Said:
    code = "nothing" if cell["progress"] is None and cell.get("nothing") else cell["progress"]
    return Said(title, code, words["text"] or "", words["remark"] or "", board["deadline"])
