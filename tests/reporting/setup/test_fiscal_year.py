"""The fiscal year of a distributor, and the evaluation dates of its grants: set on pages, used by the figures."""

from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import measured
from minori.filings.enums import Aspect
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.measures import Per
from minori.indicators.reasons import Role
from minori.indicators.statements import Covers
from minori.programmes.models import Distributor, Grant
from minori.programmes.proposing import propose_rounds
from minori.registry import frameworks
from reporting.setup import distributors, pasting
from reporting.summaries import compiling, stored
from tests.factories import filings, numbers, people, programmes, registry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
VALUE = registry.identity("0101/0")
PLAN = [
    {
        "code": "0101",
        "statement": "居場所が開かれている",
        "indicators": [{"statement": "利用者数", "mid_state": "100人", "post_state": "200人"}],
    }
]


def test_changing_it_is_told_once_for_each_programme_and_makes_its_summaries_stale(hikari):
    deadline = programmes.deadline(organization=hikari)
    ours = deadline.grant.programme
    other = programmes.deadline(of=programmes.grant(organization=hikari)).round
    for round_ in (deadline.round, other):
        compiling.compile_round(round_.pk, at=AT)
    distributors.begin_fiscal_year(ours.distributor, month=1, by=numbers.OFFICER, at=AT)
    assert Distributor.objects.get(pk=ours.distributor_id).fiscal_calendar == FiscalCalendar(1)
    event = Event.objects.get(action=Action.FISCAL_YEAR_SET)
    assert (event.programme_id, event.details) == (ours.pk, {"month": [4, 1]})
    assert not compiling.is_fresh(deadline.round)
    assert compiling.is_fresh(other)  # another distributor's
    distributors.begin_fiscal_year(ours.distributor, month=1, by=numbers.OFFICER, at=AT)
    assert Event.objects.filter(action=Action.FISCAL_YEAR_SET).count() == 1


@pytest.mark.parametrize("month", [0, 13])
def test_a_year_begins_in_one_of_twelve_months(month):
    with pytest.raises(IntegrityError), transaction.atomic():
        programmes.distributor(fiscal_year_begins=month)


def test_an_officer_sets_it_on_a_page_and_a_reader_does_not(client):
    owner = programmes.distributor()
    page = reverse("setup:fiscal_year", kwargs={"slug": owner.slug})
    people.sign_in(client, people.officer(owner, "reader"))
    assert client.post(page, {"month": "1"}).status_code == 403
    people.sign_in(client, people.officer(programmes.distributor()))
    assert client.post(page, {"month": "1"}).status_code == 404
    people.sign_in(client, people.officer(owner))
    assert client.post(page, {"month": "13"}).status_code == 422
    assert client.post(page, {"month": "1"}).status_code == 302
    assert "年度の始まり" in unescape(client.get(page).content.decode())
    owner.refresh_from_db()
    assert owner.fiscal_year_begins == 1


def test_half_years_are_proposed_by_the_distributors_year():
    rounds = propose_rounds(
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), calendar=FiscalCalendar(1)
    )
    assert [(one.starts_on, one.ends_on) for one in rounds] == [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 12, 31)),
    ]
    assert [one.title_in_english for one in rounds] == [
        "Progress report (year 1, first half)",
        "Completion report",
    ]
    october = propose_rounds(
        starts_on=date(2026, 11, 1), ends_on=date(2027, 9, 30), calendar=FiscalCalendar(10)
    )
    assert [one.ends_on for one in october] == [date(2027, 3, 31), date(2027, 9, 30)]


def test_an_english_programme_by_calendar_years_bears_no_trace_of_japan(client, hikari):
    owner = programmes.distributor(
        name="North Fund", name_kana="", time_zone="Europe/London", fiscal_year_begins=1, funder_name=""
    )
    people.sign_in(client, people.officer(owner, name="Ann Smith"))
    client.cookies["django_language"] = "en"
    facts = {
        "title": "Youth",
        "code": "youth",
        "window": "",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "propose": "1",
    }
    html = unescape(client.post(reverse("setup:new_programme"), facts).content.decode())
    assert 'value="Progress report (year 1, first half)"' in html
    assert 'value="2026-06-30"' in html
    assert "年度" not in html.split("<main")[1].split('name="rounds-0-edition"')[0].split("Funding window")[0]
    programme = programmes.programme(
        of=owner, title="Youth", window="", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    round_ = programmes.round_(
        of=programme,
        title="Progress report",
        period_starts_on=date(2026, 1, 1),
        period_ends_on=date(2026, 6, 30),
    )
    grant = programmes.grant(of=programme, organization=hikari, title="Open house")
    plan = [
        {
            "code": "1",
            "statement": "House is open",
            "indicators": [{"statement": "Days", "target": "100 a year"}],
        }
    ]
    registry.registered(grant, registry.framework(plan))
    report = programmes.deadline(of=grant, round=round_)
    filings.handed_in(report, rows={"1": {"text": "40", "progress": 2}})
    uuid = registry.identity("1/0")
    numbers.registered(grant, uuid, one=numbers.measure(100, "days", per=Per.YEAR))
    numbers.reported(report, uuid, numbers.measure(40, "days"), Covers.FISCAL_YEAR)
    html = unescape(client.get(reverse("portfolio:numbers", kwargs={"code": grant.code})).content.decode())
    assert "40 ÷ 100 = 40.0 %" in html
    assert '<th scope="row">2026</th>' in html
    assert "fiscal year 2026" not in html


def world(hikari: Any, **dates: Any) -> Grant:
    grant = programmes.grant(organization=hikari, **dates)
    registry.registered(grant, registry.framework(PLAN))
    numbers.registered(grant, VALUE, Aspect.MID_STATE, numbers.measure(100))
    numbers.registered(grant, VALUE, Aspect.POST_STATE, numbers.measure(200))
    return grant


@pytest.mark.parametrize(
    ("mid_term_on", "role", "due_on"),
    [
        (date(2026, 9, 30), Role.MID_TARGET, date(2026, 9, 30)),  # on the day itself it still counts
        (date(2026, 9, 29), Role.POST_TARGET, date(2028, 2, 1)),
    ],
)
def test_achievement_names_the_evaluation_it_used_and_its_date(hikari, mid_term_on, role, due_on):
    grant = world(hikari, mid_term_on=mid_term_on, ex_post_on=date(2028, 2, 1))
    report = programmes.deadline(of=grant)
    filings.handed_in(report, rows={"0101": {"text": "50人", "progress": 2}})
    numbers.reported(report, VALUE, numbers.measure(50))
    (one,) = measured.of_grant(grant, frameworks.version_for(report))
    found = one.achievement(round_=1, today=measured.as_of(report.round, today=date(2030, 1, 1)))
    assert (found.target.role, found.target.due_on) == (role, due_on)
    compiling.compile_round(report.round_id, at=AT)
    line = next(stored.lines(report.round_id))
    assert (line["target_role"], line["target_on"]) == (role.value, due_on.isoformat())
    assert line["achievement"]["value"] == {Role.MID_TARGET: "1/2", Role.POST_TARGET: "1/4"}[role]


def test_evaluation_dates_are_set_with_the_grant_and_out_of_order_they_are_refused(hikari, client):
    programme = programmes.programme()
    officer = people.officer(programme.distributor)
    grant = programmes.grant(of=programme, organization=hikari, lead_officer=officer)
    people.sign_in(client, officer)
    page = reverse("setup:edit_grant", kwargs={"code": grant.code})
    said = {
        "title": grant.title,
        "starts_on": "2025-04-01",
        "ends_on": "2028-03-31",
        "mid_term_on": "2027-03-31",
        "ex_post_on": "2026-03-31",
        "lead": grant.lead_officer_id,
        "deputy": "",
    }
    response = client.post(page, said)
    assert response.status_code == 422
    assert "中間評価日より後にしてください" in unescape(response.content.decode())
    assert client.post(page, said | {"mid_term_on": "2025-03-31"}).status_code == 422
    assert client.post(page, said | {"ex_post_on": "2028-06-30"}).status_code == 302
    grant.refresh_from_db()
    assert (grant.mid_term_on, grant.ex_post_on) == (date(2027, 3, 31), date(2028, 6, 30))
    event = Event.objects.get(action=Action.GRANT_CHANGED)
    assert event.details["mid_term_on"] == ["None", "2027-03-31"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(ex_post_on=date(2027, 3, 31))


def test_evaluation_dates_come_with_a_pasted_table(hikari):
    programme = programmes.programme()
    head = "団体名\tslug\t事業名\t事業コード\t開始\t終了\t中間評価\t事後評価"
    good = "あかり\takari\t学び\tp-1\t2025/4/1\t2028/3/31\t2026/10/31\t2028/2/28"
    found = pasting.read_grants(f"{head}\n{good}", programme=programme)
    assert found.problems == ()
    assert (found.grants[0].mid_term_on, found.grants[0].ex_post_on) == (
        date(2026, 10, 31),
        date(2028, 2, 28),
    )
    bad = "あかり\takari\t学び\tp-1\t2025/4/1\t2028/3/31\t来年\t2024/2/28"
    told = pasting.read_grants(f"{head}\n{bad}", programme=programme).problems
    assert [problem.column for problem in told] == [pasting.Column.MID_TERM_ON, pasting.Column.EX_POST_ON]
