"""The invented organizations, read from their files: plans, and what they say in the last and the current round."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support, number_marks

_FOLDER = Path(__file__).parent / "data" / "ibasho"
_PUBLICITY = ("media", "material", "reports", "events")

Facts = Mapping[str, Any]


@cache
def organizations() -> tuple[Facts, ...]:
    """Every organization as its file says, in the order of the files' names."""
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(_FOLDER.glob("*.toml")))


def framework(grant: Facts, words: Mapping[str, str]) -> Framework:
    """The plan of a grant; rows and indicators have the same identity in every load."""
    return Framework(tuple(_row(grant, row, words) for row in grant["rows"]))


def row_answers(grant: Facts, words: Mapping[str, str], *, last: bool) -> list[RowAnswer]:
    """What is said at each row in the last round, or in the current one."""
    before = "last_" if last else ""
    return [
        RowAnswer(
            row=identity(grant, _name(row)),
            text=row.get(f"{before}text", "").format_map(words),
            progress=Progress(row[f"{before}progress"]) if f"{before}progress" in row else None,
            remark=row.get(f"{before}remark", ""),
            covers=tuple(identity(grant, code) for code in row.get(f"{before}covers", ())),
            nothing=row.get(f"{before}nothing", False),
        )
        for row in grant["rows"]
    ]


def answers(said: Facts, *, whole: bool) -> dict[str, Answer]:
    """The other fields of a report; a `whole` one answers everything that is required."""
    found: dict[str, Answer] = {}
    if "outlook" in said:
        found["outlook"] = Chosen(said["outlook"])
    if "activities" in said:
        found["activities"] = Written(said["activities"])
    if whole or "changes" in said:
        found["changes"] = Ticked(tuple(said.get("changes", ["none"])))
    if "changes_agreement" in said:
        found["changes_agreement"] = Chosen(said["changes_agreement"])
        found["changes_note"] = Written(said["changes_note"])
    if whole or "symbol_mark" in said:
        ticked = tuple(said.get("symbol_mark", ["website"]))
        found["symbol_mark"] = Ticked(ticked, said.get("symbol_mark_text", ""))
    for key in _PUBLICITY:
        if whole or key in said:
            found[key] = YesNo(key in said, said.get(key, ""))
    return found


def identity(grant: Facts, name: str) -> UUID:
    """The identity of a row by its code, or of an indicator by its row's code and its place."""
    return uuid5(NAMESPACE_URL, f"minori-demo:{grant['code']}/{name}")


def _row(grant: Facts, row: Facts, words: Mapping[str, str]) -> Row:
    name = _name(row)
    return Row(
        uuid=identity(grant, name),
        parent=identity(grant, row["parent"]) if "parent" in row else None,
        level=Level(row.get("level", Level.OUTPUT)),
        support=Support(row.get("support", Support.FINANCIAL)),
        code=row.get("code", ""),
        statement=row["statement"],
        season=row.get("season", ""),
        indicators=number_marks(
            Indicator(
                uuid=identity(grant, f"{name}/{place}"),
                **{key: text.format_map(words) for key, text in one.items()},
            )
            for place, one in enumerate(row.get("indicators", ()))
        ),
    )


def _name(row: Facts) -> str:
    name: str = row.get("code") or row["statement"]
    return name
