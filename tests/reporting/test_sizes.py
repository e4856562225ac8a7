"""Every page that compares organizations asks the database as often for thirty as for one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.accounts.models import Person
from minori.programmes.models import Round
from reporting.reading import taking_in
from reporting.summaries import compiling, tallies
from tests.factories import filings, people, programmes, registry

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [
    {
        "code": code,
        "statement": f"（{code}）居場所が開かれている",
        "indicators": [{"statement": "回数", "target": "200回"}],
    }
    for code in ("0101", "0102")
]


@pytest.fixture
def rounds() -> list[Round]:
    programme = programmes.programme(code="sizes")
    days = ((date(2026, 4, 1), date(2026, 4, 14)), (date(2026, 10, 1), date(2026, 10, 14)))
    return [
        programmes.round_(of=programme, number=number, opens_on=opens, due_on=due)
        for number, (opens, due) in enumerate(days, start=1)
    ]


def more(rounds: list[Round], officer: Person, organization: Any, count: int) -> None:
    """So many further grants with a report in each round: behind plan, the same words twice."""
    for _grant in range(count):
        grant = programmes.grant(of=rounds[0].programme, organization=organization, lead_officer=officer)
        registry.registered(grant, registry.framework(PLAN))
        for round_ in rounds:
            deadline = programmes.deadline(of=grant, round=round_)
            rows = {code: {"text": "居場所を12回ひらいた", "progress": 3} for code in ("0101", "0102")}
            filings.handed_in(deadline, rows=rows, at=AT)
    for round_ in rounds:
        compiling.compile_round(round_.pk, at=AT)
    tallies.compile_scheme(at=AT)
    while taking_in.take_in_waiting(at=AT):
        pass


def test_no_page_asks_more_often_for_more_organizations(rounds: list[Round], hikari: Any) -> None:
    programme = rounds[0].programme
    officer = people.officer(programme.distributor)
    client = people.sign_in(Client(), officer)
    more(rounds, officer, hikari, 1)
    grant = programme.grants.get()
    of_round = {"code": programme.code, "number": 2}
    pages = {
        name: reverse(name, kwargs=arguments) + query
        for name, arguments, query in (
            ("portfolio:index", {}, ""),
            ("portfolio:scheme", {}, ""),
            ("portfolio:programme", {"code": programme.code}, ""),
            ("portfolio:freshness", of_round, ""),
            ("portfolio:charts", of_round, ""),
            ("portfolio:figures", {"code": programme.code}, ""),
            ("portfolio:figure_charts", of_round, ""),
            ("portfolio:numbers", {"code": grant.code}, ""),
            ("portfolio:cell", of_round | {"grant": grant.code, "row": registry.identity("0101")}, ""),
            ("reading:across", of_round, ""),
            ("reading:search", {}, "?q=居場所"),
            ("review:index", {}, ""),
            ("remarks:index", {}, ""),
            ("remarks:round", of_round, ""),
            ("signals:signals", {"code": programme.code}, ""),
            ("profiles:profile", {"slug": hikari.slug}, ""),
            ("exports:round", of_round, ""),
            ("setup:programme", {"code": programme.code}, ""),
            ("setup:dates", of_round, ""),
            ("reminding:index", {}, ""),
            ("calendars:calendar", {}, ""),
        )
    }
    found: dict[str, list[int]] = {name: [] for name in pages}
    for count in (0, 2, 27):  # 1, 3 and 30
        if count:
            more(rounds, officer, hikari, count)
        for name, address in pages.items():
            assert client.get(address).status_code == 200, name  # whatever a process reads once
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            found[name].append(len(asked))
    assert {name: counts for name, counts in found.items() if len(set(counts)) > 1} == {}
