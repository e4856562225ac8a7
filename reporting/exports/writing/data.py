"""A round as data: JSON by a published schema (docs/export.schema.json). Nothing is rounded, ratios are exact ("3/4")."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from reporting.common import queries as common_queries
from reporting.exports.gathering import Gathered
from reporting.exports.writing.csv_table import Told
from reporting.remarks.models import Remark
from reporting.summaries.numbers_shape import NumberLine, OutcomeFacts
from reporting.summaries.shape import BoardLine, MapCell

FORMAT = "minori-round/1"
A_MOMENT = 50


def write(gathered: Gathered, path: Path, told: Told) -> None:
    """One object, written grant by grant. The three kinds of nothing stay apart: `nothing`, null with `handed_in` true
    (not reported), and zero."""
    head = {
        "format": FORMAT,
        "as_of": gathered.as_of.isoformat(),
        "compiled_at": gathered.compiled_at.astimezone(gathered.as_of.tzinfo).isoformat(),
        "distributor": gathered.programme.distributor.name,
        "programme": {"code": gathered.programme.code, "title": gathered.programme.title},
        "round": {
            key: gathered.summary["round"][key]
            for key in ("number", "title", "kind", "opens_on", "due_on", "edition", "edition_version")
        },
        "overall": _remark(gathered.remarks.get(None)),
        "totals": gathered.summary["totals"],
        "coverage": gathered.coverage,
        "common_indicators": list(_commons(gathered)),
        "questions": [{"key": one.key, "name": one.name} for one in gathered.questions],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(_json(head).rstrip()[:-1].rstrip() + ',\n "grants": [')
        board = gathered.summary["board"]
        for place, grant in enumerate(_grants(gathered)):
            file.write((",\n" if place else "\n") + _json(grant))
            if place % A_MOMENT == 0:
                told(place, len(board))
        file.write("\n]}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _grants(gathered: Gathered) -> Iterator[dict[str, Any]]:
    for line in gathered.summary["board"]:
        grant = line["grant"]
        found = gathered.shelf.map_of(grant)
        said = ((one.key, gathered.shelf.answer(one.key, grant)) for one in gathered.questions)
        yield {
            **_board(line),
            "handed_in": found["handed_in"] if found else False,
            "rows": [_row(cell) for cell in (found["cells"] if found else ())],
            "answers": [{"question": key, "text": text} for key, text in said if text is not None],
            "numbers": [_number(one) for one in gathered.shelf.numbers(grant)],
            "remark": _remark(gathered.remarks.get(grant)),
        }


def _board(line: BoardLine) -> dict[str, Any]:
    return {
        "code": line["grant_code"],
        "title": line["grant_title"],
        "organization": line["organization_name"],
        "lead": line["lead"],
        "state": line["state"],
        "due_on": line["due_on"],
        "extended_to": line["extended_to"],
        "handed_in_at": line["handed_in_at"],
        "first_handed_in_at": line["first_handed_in_at"],
        "revision": line["revision"],
        "days_late": line["days_late"],
        "waived_reason": line["waived_reason"],
    }


def _row(cell: MapCell) -> dict[str, Any]:
    return {
        "row": cell["row"],
        "code": cell["code"],
        "statement": cell["statement"],
        "progress": cell["progress"],
        "covered_by": cell["covered_by"],
        "last": cell["last"],
        "worse": cell["worse"],
        "cut": cell["cut"],
        "nothing": cell["nothing"],
        "text": cell["text"],
        "remark": cell["remark"],
    }


def _number(one: NumberLine) -> dict[str, Any]:
    return {
        "indicator": one["indicator"],
        "code": one["code"],
        "row": one["row"],
        "statement": f"{one['mark']}{one['statement']}",
        "standing": one["standing"],
        "actual": one["actual"],
        "carried_from": one["carried_from"],
        "target_text": one["target_text"],
        "target_on": one["target_on"],
        "achievement": _outcome(one["achievement"]),
        "time_gone": _outcome(one["time"]),
        "met": one["met"],
    }


def _commons(gathered: Gathered) -> Iterator[dict[str, Any]]:
    compiled = {one["common"]: one for one in gathered.common or ()}
    for common in common_queries.common_indicators(gathered.programme):
        if found := compiled.get(common.pk):
            yield {
                "number": common.number,
                "name": common.named(gathered.language),
                "rule": found["rule"],
                "unit": found["unit"],
                "figure": _outcome(found["figure"]),
                "coverage": found["coverage"],
            }


def _outcome(facts: OutcomeFacts) -> dict[str, Any]:
    return {"value": facts["value"], "reason": facts["reason"], "expression": facts["expression"]}


def _remark(said: Remark | None) -> dict[str, Any] | None:
    if said is None or said.saved_at is None or not said.text:
        return None
    return {"text": said.text, "by": said.saved_by_name or _("unknown"), "at": said.saved_at.isoformat()}
