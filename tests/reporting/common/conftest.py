"""A programme of two rounds and three grants with one indicator each, counted in people."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from reporting.common import mapping
from reporting.common.models import CommonIndicator
from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import filings, numbers, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PEOPLE, SHARE = registry.identity("0101/0"), registry.identity("0101/1")
PLAN = [
    {
        "code": "0101",
        "statement": "（0101）居場所が開かれている",
        "indicators": [
            {"mark": "①", "statement": "居場所を利用した子どもの人数", "target": "200人"},
            {"mark": "②", "statement": "「安心できる」と答えた子ども", "target": "80％"},
        ],
    }
]


@pytest.fixture
def world(hikari: Any, kibou: Any) -> Any:
    """The programme with `grants` (two of hikari's, one of kibou's), each with `reports` in both rounds."""
    owner = programmes.programme(code="ibasho")
    owner.rounds_ = [
        programmes.round_(of=owner),
        programmes.round_(
            of=owner,
            title="年度末報告（2年度目下期）",
            period_starts_on=date(2026, 10, 1),
            period_ends_on=date(2027, 3, 31),
            opens_on=date(2027, 4, 1),
            due_on=date(2027, 4, 14),
        ),
    ]
    owner.grants_ = []
    for number, organization in enumerate((hikari, hikari, kibou), start=1):
        grant = programmes.grant(of=owner, organization=organization, code=f"g-{number}")
        registry.registered(grant, registry.framework(PLAN))
        grant.reports = [programmes.deadline(of=grant, round=one) for one in owner.rounds_]
        owner.grants_.append(grant)
    return owner


def defined(programme: Any, **facts: Any) -> CommonIndicator:
    said = {
        "name": "居場所を利用した子ども",
        "name_en": "Children who came",
        "unit": "人",
        "rule": "sum",
        "description": "実人数",
    }
    return mapping.define(programme, facts=mapping.CommonFacts(**(said | facts)), by=numbers.OFFICER, at=AT)


def mapped(common: CommonIndicator, *grants: Any, indicator: Any = PEOPLE) -> Any:
    pairs = [(grant, indicator) for grant in grants]
    return mapping.map_onto(common, indicators=pairs, reason="同じ数え方", by=numbers.OFFICER, at=AT)


def file(report: Any, text: str = "①20人\n②10人中8人") -> Any:
    return filings.handed_in(report, rows={"0101": {"text": text, "progress": 2}})


def common_of(round_: Any, common: CommonIndicator | None = None) -> Any:
    """The compiled figure of a common indicator in a round."""
    compiling.compile_round(round_.pk, at=AT)
    found = Summary.objects.get(round=round_).numbers["common"]
    return found[0] if common is None else next(one for one in found if one["common"] == common.pk)
