"""Confirming the sure readings of a plan at once, scales with their better end, and the number beside the report."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.accounts.enums import StaffRole
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings.models import Filing, Reading
from minori.indicators.achievement import achievement
from minori.indicators.measures import Kind, Measure, Step
from minori.indicators.quantities import amount_of
from minori.indicators.statements import Covers, Said, Statement
from minori.indicators.stored import from_json, to_json
from minori.indicators.targets import Plan
from tests.factories import filings, people, programmes, registry
from tests.reporting.portfolio.test_numbers import ACTUAL, PEOPLE, TIMES, html_of, number

pytestmark = pytest.mark.django_db


@pytest.fixture
def deadline(hikari: Any) -> Any:
    found = programmes.deadline(organization=hikari)
    filings.handed_in(found)
    return found


@pytest.fixture
def officer(deadline: Any, client: Any) -> Any:
    return people.sign_in(client, people.officer(deadline.grant.programme.distributor))


def sure(deadline: Any) -> str:
    return reverse("portfolio:sure", kwargs={"code": deadline.grant.code, "number": 1})


def version(deadline: Any) -> str:
    return reverse("setup:version", kwargs={"code": deadline.grant.code, "number": 1})


def test_the_list_is_shown_first_and_only_what_is_ticked_is_confirmed(officer, deadline):
    found = officer.get(sure(deadline)).context["found"]
    # 150 times a year; "1,500" runs over two lines and stays for a person
    assert {(str(one.indicator.uuid), one.aspect.value) for one in found} >= {
        (str(TIMES), "target"),
        (str(TIMES), "achieve_by"),
        (str(PEOPLE), "baseline"),
    }
    assert Reading.objects.count() == 0
    left_out, *chosen = [one.key for one in found]

    assert officer.post(sure(deadline), {"pick": chosen}).status_code == 302

    assert Reading.objects.count() == len(chosen)
    assert Event.objects.filter(action=Action.READING_CONFIRMED).count() == len(chosen)
    assert [one.key for one in officer.get(sure(deadline)).context["found"]] == [left_out]
    assert "150回以上／年" in html_of(officer.get(version(deadline)))


def test_what_was_shown_otherwise_or_confirmed_meanwhile_is_left_alone(officer, deadline):
    keys = [one.key for one in officer.get(sure(deadline)).context["found"]]
    officer.post(sure(deadline), {"pick": [f"{key}x" for key in keys]})
    assert Reading.objects.count() == 0
    officer.post(sure(deadline), {"pick": keys})
    officer.post(sure(deadline), {"pick": keys})
    assert Reading.objects.count() == len(keys)


def test_readers_and_other_distributors_confirm_nothing(client, deadline, officer):
    reader = people.officer(deadline.grant.programme.distributor, role=StaffRole.READER)
    people.sign_in(client, reader)
    assert client.get(sure(deadline)).status_code in (403, 404)
    shown = html_of(client.get(version(deadline)))
    assert "読み取り案：150回以上／年" in shown
    assert "まとめて確認" not in shown


def test_the_list_takes_the_same_queries_for_a_long_plan(officer, deadline, hikari):
    def queries(one: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(sure(one)).status_code == 200
        return len(asked)

    few = queries(deadline)
    rows = [
        {"code": f"{code:04}", "statement": "居場所", "indicators": [{"statement": "回数", "target": "5回"}]}
        for code in range(101, 141)
    ]
    grant = programmes.grant(of=deadline.grant.programme, organization=hikari)
    long = programmes.deadline(of=grant, round=deadline.round)
    registry.registered(grant, registry.framework(rows))
    assert queries(long) == few


def test_a_text_is_confirmed_beside_the_plan_and_the_page_leads_back(officer, deadline):
    there = f"{number(deadline, aspect='target')}?plan=1&back=plan"
    assert there in html_of(officer.get(version(deadline))).replace("&amp;", "&")
    posted = {"kind": "at_least", "value": "150", "unit": "回", "per": "year", "reading": ""}
    assert officer.post(there, posted).headers["Location"] == version(deadline)


def test_the_organization_sees_what_was_confirmed_and_confirms_nothing(officer, client, deadline, hikari):
    officer.post(sure(deadline), {"pick": [one.key for one in officer.get(sure(deadline)).context["found"]]})
    from minori.accounts.enums import Role

    people.sign_in(client, people.member(hikari, Role.EDITOR))
    shown = html_of(client.get(f"/o/hikari/plans/{deadline.grant.code}/versions/1/"))
    assert "150回以上／年" in shown
    assert "/numbers/" not in shown


@pytest.mark.parametrize(
    ("scale", "step", "lower"),
    [("", None, False), ("low", None, True), ("up", Step.UP, False), ("down", Step.DOWN, False)],
)
def test_the_officer_says_how_a_number_on_a_scale_is_meant(officer, deadline, scale, step, lower):
    posted = {"kind": "scale", "value": "2", "of": "5", "scale": scale, "reading": ""}
    assert officer.post(number(deadline, aspect="target"), posted).status_code == 302
    measure = from_json(Reading.objects.get().measure)
    assert (measure.kind, measure.step, measure.lower_is_better) == (Kind.SCALE, step, lower)
    again = html_of(officer.get(number(deadline, aspect="target")))
    assert f'<option value="{scale}" selected' in again


@pytest.mark.parametrize("kind", ["undecided", "same", "none", "state", "text", "all"])
def test_every_way_of_giving_no_number_can_be_said(officer, deadline, kind):
    assert officer.post(number(deadline, aspect="target"), {"kind": kind, "reading": ""}).status_code == 302
    assert from_json(Reading.objects.get().measure).kind == Kind(kind)


def test_an_increase_may_have_an_upper_end(officer, deadline):
    posted = {"kind": "increase", "value": "20", "upper": "30", "unit": "%", "reading": ""}
    assert officer.post(number(deadline, aspect="target"), posted).status_code == 302
    assert from_json(Reading.objects.get().measure).upper == Decimal(30)


def test_a_low_end_that_is_better_is_a_limit_without_a_baseline_and_falls_with_one():
    target = Measure("2(5段階中)", Kind.SCALE, value=Decimal(2), of=Decimal(5), lower_is_better=True)
    assert from_json(to_json(target)) == target
    day = date(2026, 9, 30)

    def judged(now: int, baseline: int | None) -> Any:
        said = [
            Measure("", Kind.SCALE, value=Decimal(one), of=Decimal(5)) if one is not None else None
            for one in (now, baseline)
        ]
        plan = Plan(target=Said("2", target), baseline=Said("4" if said[1] else "", said[1]))
        actual = Statement(
            round=1,
            starts_on=date(2026, 4, 1),
            ends_on=day,
            said=Said("", said[0]),
            covers=Covers.DATE,
            on=day,
        )
        return achievement(plan, [actual], round_=1, today=day)

    assert amount_of(target)
    assert judged(3, 4).outcome.value * 2 == 1
    assert judged(3, 4).met is False
    assert judged(2, 4).met is True
    without = judged(1, None)
    assert not hasattr(without.outcome, "value")
    assert without.met is True


def test_the_review_page_shows_the_number_with_target_and_leads_to_its_correction_and_back(officer, deadline):
    officer.post(sure(deadline), {"pick": [one.key for one in officer.get(sure(deadline)).context["found"]]})
    officer.post(reverse("review:begin", kwargs={"deadline": deadline.pk}))
    read = reverse("review:deadline", kwargs={"deadline": deadline.pk})
    shown = html_of(officer.get(read))
    assert "読み取り案：72回" in shown
    assert "目標：150回以上／年" in shown
    (there,) = (
        one.href
        for numbers in officer.get(read).context["read"].reading.parts
        for section in numbers.sections
        for table in section.tables
        for row in table.rows
        for one in row.numbers
        if one.name.endswith("開所回数")
    )
    before = Filing.objects.get(deadline=deadline).contents
    answer = officer.post(there, ACTUAL)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(read)
    shown = html_of(officer.get(read))
    assert "75回　年度のはじめから" in shown
    assert "数値を直す" in shown
    assert Filing.objects.get(deadline=deadline).contents == before
