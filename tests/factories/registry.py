"""Frameworks as plain values, and registered ones: through the rules, as officers register them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from minori.audit.trail import Actor
from minori.programmes.models import Grant
from minori.registry import frameworks
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework, Indicator, Level, Row

AT = datetime(2026, 4, 10, 1, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐藤 花子")
_SPACE = UUID("6f0b4b1e-6a0e-4a52-9d6c-3f1d1c0a7b11")

ROWS: tuple[dict[str, Any], ...] = (
    {
        "level": Level.OUTCOME_SHORT,
        "code": "01",
        "statement": "01.子どもが安心して過ごせる居場所が地域にある",
        "indicators": [
            {"statement": "「安心できる」と答えた子どもの割合", "target": "80％", "means": "調査"}
        ],
    },
    {
        "code": "0101",
        "statement": "（0101）週3回の居場所が開かれている",
        "parent": "01",
        "indicators": [
            {"mark": "①", "statement": "開所回数", "target": "年間150回", "achieve_by": "2028年3月"},
            {"mark": "②", "statement": "利用した子ども", "target": "年間のべ\n1,500人", "baseline": "0人"},
        ],
    },
    {"level": Level.ACTIVITY, "statement": "学習支援を行う", "parent": "0101", "season": "2025年4月から毎週"},
)
"""Three rows: an outcome, an output with two indicators under it, an activity under that."""


def identity(name: str) -> UUID:
    """A UUID that is the same in every run: of a row by its code or statement, of an indicator by its place."""
    return uuid5(_SPACE, name)


def framework(rows: Sequence[dict[str, Any]] = ROWS) -> Framework:
    """A framework of plain values. `parent` is the code (or statement) of an earlier row."""
    return Framework(tuple(_row(row) for row in rows))


def registered(grant: Grant, framework: Framework | None = None, **fields: Any) -> FrameworkVersion:
    """The framework (else a small one) as the grant's next version, loaded by the officer."""
    plan = globals()["framework"]() if framework is None else framework
    said = {"by": OFFICER, "at": AT, "reason": "契約書の写し間違い"}
    return frameworks.load(grant, framework=plan, **(said | fields))


def _row(values: dict[str, Any]) -> Row:
    name = values.get("code") or values["statement"]
    known = {key: values[key] for key in ("level", "support", "code", "statement", "season") if key in values}
    return Row(
        uuid=values.get("uuid") or identity(name),
        parent=identity(values["parent"]) if values.get("parent") else None,
        indicators=tuple(
            Indicator(**{"uuid": identity(f"{name}/{place}"), **one})
            for place, one in enumerate(values.get("indicators", ()))
        ),
        **known,
    )


def registered_past_the_rules(grant: Grant, **fields: Any) -> FrameworkVersion:
    """A version without rows, written beside every rule: for what the database itself refuses."""
    number = grant.framework_versions.count() + 1
    defaults = {
        "grant": grant,
        "organization_id": grant.organization_id,
        "number": number,
        "registered_at": AT,
        "registered_by_name": OFFICER.name,
    }
    return FrameworkVersion.objects.create(**(defaults | fields))
