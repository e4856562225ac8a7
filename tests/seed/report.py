"""The real report of 2022-10-14: its transcription, and the same facts as the demo loads them."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from minori.report_forms import answers as answer_values
from minori.report_forms import editions
from minori.report_forms.answers import Answer, RowAnswer
from minori.report_forms.contents import Contents, Head, Signatory, compose
from minori.report_forms.framework import Framework

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "workers" / "demo" / "data" / "seishinryo.json"


def transcription() -> dict[str, Any]:
    """What stands in the report, typed off by hand."""
    return json.loads((HERE / "transcription.json").read_text(encoding="utf-8"))


def demo() -> dict[str, Any]:
    """The demo's data file."""
    return json.loads(DEMO.read_text(encoding="utf-8"))


def edition() -> editions.Edition:
    data = demo()
    return editions.load(data["edition"], data["edition_version"])


def framework() -> Framework:
    return Framework.from_json(demo()["framework"])


def rows() -> tuple[RowAnswer, ...]:
    return tuple(RowAnswer.from_json(row) for row in demo()["rows"])


def answers() -> dict[str, Answer]:
    return {key: answer_values.from_json(value) for key, value in demo()["answers"].items()}


def head(**changes: Any) -> Head:
    data = demo()
    made = Head(
        project_title=data["head"]["project_title"],
        distributor=data["head"]["distributor"],
        organization=data["head"]["organization"],
        round_title=data["round_title"],
        handed_in_on=date.fromisoformat(data["head"]["handed_in_on"]),
        revision=1,
        handed_in_by=Signatory(id="1", name="報告 太郎"),
    )
    return replace(made, **changes)


def contents(**changes: Any) -> Contents:
    """The seed as it was handed in; `changes` replace its head, rows, answers …"""
    facts: dict[str, Any] = {
        "edition": edition(),
        "head": head(),
        "framework_number": 1,
        "framework": framework(),
        "rows": rows(),
        "answers": answers(),
    }
    return compose(**{**facts, **changes})
