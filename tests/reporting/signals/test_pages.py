"""Signals as officers see them: listed, filtered, counted, set aside with a note, and coming back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minori.accounts.enums import Role, StaffRole
from minori.audit.trail import Actor
from minori.report_forms.answers import Chosen, Written
from minori.tenancy.rooms import entering
from reporting.signals import setting_aside
from reporting.signals.models import SetAside, SignalLimits
from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import filings, people, programmes, registry
from tests.reporting.review.desk import desk, signed_in, url

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [{"code": "0101", "statement": "（0101）居場所が開かれている", "indicators": [{"statement": "回数"}]}]
NOTE = "職員の退職のため。11月に面談ずみ。"


@pytest.fixture
def ours(hikari: Any) -> Any:
    """A desk with two rounds, in both of which hikari is behind."""
    here = desk()
    here.first = here.round
    here.second = programmes.round_(
        of=here.programme,
        title="進捗報告（3年度目上期）",
        opens_on=date(2026, 10, 15),
        due_on=date(2026, 10, 28),
    )
    add(here, hikari)
    return here


def add(here: Any, organization: Any, *, codes: tuple[int, int] = (3, 3)) -> Any:
    grant = programmes.grant(of=here.programme, organization=organization, lead_officer=here.officer)
    registry.registered(grant, registry.framework(PLAN))
    for number, (round_, code) in enumerate(zip((here.first, here.second), codes, strict=True)):
        deadline = programmes.deadline(of=grant, round=round_)
        rows = {"0101": {"text": f"{number}回", "progress": code}}
        at = datetime(2026, 10, 10 + 7 * number, 3, 0, tzinfo=UTC)
        answers = {"outlook": Chosen("1"), "activities": Written(f"{number}期の活動を続けている。")}
        filings.handed_in(deadline, rows=rows, answers=answers, at=at)
    compiling.compile_round(here.second.pk, at=AT)
    return deadline


def address(here: Any, query: str = "") -> str:
    return f"/desk/programmes/{here.programme.code}/signals/{query}"


def behind(here: Any) -> Any:
    return next(one for one in Summary.objects.get(round=here.second).signals if one["kind"] == "behind")


def aside(here: Any, browser: Client, **fields: str) -> Any:
    line = behind(here)
    deadline = here.second.deadlines.get(grant=line["grant"])
    said = {"kind": line["kind"], "place": line["place"], "cause": line["cause"], "note": NOTE}
    return browser.post(f"/desk/review/{deadline.pk}/signals/aside/", said | fields)


def test_the_list_says_why_and_leads_to_where_it_comes_from(ours: Any) -> None:
    html = signed_in(ours.officer).get(address(ours, "?round=2")).content.decode()
    assert "2回続けて「3 計画より遅れている」" in html
    assert "「3 計画より遅れている」の報告：進捗報告（2年度目上期）、進捗報告（3年度目上期）。" in html
    deadline = ours.second.deadlines.get()
    assert f"/desk/review/{deadline.pk}/#part-{registry.identity('0101')}" in html


def test_the_list_is_in_english_for_those_who_read_english(ours: Any) -> None:
    browser = signed_in(ours.officer)
    browser.cookies["django_language"] = "en"
    assert "Behind plan 2 reports running" in browser.get(address(ours, "?round=2")).content.decode()


def test_counts_stand_on_the_programme_page_the_profile_and_beside_the_review(ours: Any) -> None:
    browser = signed_in(ours.officer)
    page = browser.get(f"/desk/programmes/{ours.programme.code}/", {"round": "2"})
    number = len(Summary.objects.get(round=ours.second).signals)
    assert page.context["signal_count"] == number >= 1
    assert page.context["board_page"].items[0].signals == number
    deadline = ours.second.deadlines.get()
    browser.post(url(deadline, "begin/"))
    compiling.compile_round(ours.second.pk, at=AT)
    assert "2回続けて" in browser.get(url(deadline)).content.decode()
    compiling.compile_round(ours.first.pk, at=AT)
    assert "2回続けて" in browser.get("/desk/organizations/hikari/").content.decode()


def test_a_signal_is_set_aside_with_a_note_and_taken_up_again(ours: Any) -> None:
    browser = signed_in(ours.officer)
    before = len(setting_aside.noticed(Summary.objects.get(round=ours.second).signals))
    assert aside(ours, browser, note="  ").status_code == 302
    assert not SetAside.objects.exists()
    for _twice in range(2):
        aside(ours, browser)
    kept = SetAside.objects.get()
    assert (kept.note, kept.by_name) == (NOTE, ours.officer.name)
    assert "2回続けて" not in browser.get(address(ours, "?round=2")).content.decode()
    html = browser.get(address(ours, "?round=2&shown=aside")).content.decode()
    assert NOTE in html
    assert browser.get(address(ours, "?round=2")).context["found"].total == before - 1
    deadline = ours.second.deadlines.get()
    browser.post(f"/desk/review/{deadline.pk}/signals/{kept.pk}/again/")
    assert "2回続けて" in browser.get(address(ours, "?round=2")).content.decode()
    kept.refresh_from_db()
    assert kept.ended_by_name == ours.officer.name


def test_the_second_who_sets_it_aside_hears_who_did_and_loses_no_words(ours: Any) -> None:
    browser = signed_in(ours.officer)
    aside(ours, browser, note="先のメモ")
    page = browser.get(aside(ours, browser, note="あとのメモ").url).content.decode()
    for words in ("すでに保留にしています", "先のメモ", "あとのメモ"):
        assert words in page
    again = browser.get(aside(ours, browser, note="先のメモ").url).content.decode()
    assert "すでに保留にしています" not in again


def test_a_signal_comes_back_when_its_cause_changes_and_stays_aside_when_it_does_not(ours: Any) -> None:
    browser = signed_in(ours.officer)
    aside(ours, browser)
    compiling.compile_round(ours.second.pk, at=AT, force=True)
    assert "2回続けて" not in browser.get(address(ours, "?round=2")).content.decode()
    third = programmes.round_(
        of=ours.programme, title="次", opens_on=date(2026, 11, 1), due_on=date(2026, 11, 10)
    )
    deadline = programmes.deadline(of=ours.second.deadlines.get().grant, round=third)
    rows = {"0101": {"text": "3期目", "progress": 3}}
    filings.handed_in(deadline, rows=rows, at=datetime(2026, 11, 5, 3, 0, tzinfo=UTC))
    compiling.compile_round(third.pk, at=AT)
    assert "3回続けて" in browser.get(address(ours, "?round=3")).content.decode()


def test_a_signal_that_is_not_there_any_more_is_not_set_aside(ours: Any) -> None:
    answer = aside(ours, signed_in(ours.officer), cause="another")
    assert answer.status_code == 302
    assert not SetAside.objects.exists()


def test_filters_stand_in_the_address_and_nonsense_is_ignored(ours: Any, kibou: Any) -> None:
    add(ours, kibou, codes=(2, 2))
    browser = signed_in(ours.officer)
    every = browser.get(address(ours, "?round=2"))
    kinds = {one.line["kind"] for one, _line in every.context["lines"]}
    assert "behind" in kinds
    only = browser.get(address(ours, "?round=2&kind=behind"))
    assert {one.line["kind"] for one, _line in only.context["lines"]} == {"behind"}
    code = ours.second.deadlines.get(organization=kibou).grant.code
    assert "2回続けて" not in browser.get(address(ours, f"?round=2&grant={code}")).content.decode()
    for query in ("?round=x", "?kind=' OR 1=1", "?page=-3", "?officer=%00&shown=x"):
        assert browser.get(address(ours, query)).status_code == 200


def test_the_list_comes_in_pages_with_the_totals_of_everything(ours: Any, hikari: Any) -> None:
    for _each in range(30):
        add(ours, hikari)
    page = signed_in(ours.officer).get(address(ours, "?round=2&kind=behind"))
    assert len(page.context["lines"]) == 25
    assert page.context["found"].window.count == 31
    assert "page=2" in page.content.decode()
    assert page.context["found"].total >= 31


def test_pages_take_the_same_number_of_queries_for_1_3_and_30_grants(ours: Any, hikari: Any) -> None:
    browser = signed_in(ours.officer)
    paths = (address(ours, "?round=2"), f"/desk/programmes/{ours.programme.code}/?round=2")
    found: list[list[int]] = []
    for more in (0, 2, 27):
        for _each in range(more):
            add(ours, hikari)
        found.append([])
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            found[-1].append(len(queries))
    assert found[0] == found[1] == found[2], found


def limits_of(here: Any) -> dict[str, Any]:
    usual = {"behind_rounds": 2, "other_rounds": 1, "grace_days": 0, "below_percent": 0}
    return usual | {"unchanged_characters": 20, "silent_rounds": 2, "late_times": 2, "late_days": 1}


def test_thresholds_are_shown_with_the_choice_known_for_certain_and_changed(ours: Any) -> None:
    browser = signed_in(ours.officer)
    path = address(ours, "limits/")
    html = browser.get(path).content.decode()
    assert "課題がある" in html
    assert browser.get(path).context["form"]["worries"].initial == ["outlook=3"]
    sent = limits_of(ours) | {"behind_rounds": 3, "worries": ["outlook=2", "outlook=3"], "off": ["no_number"]}
    assert browser.post(path, sent).status_code == 302
    kept = SignalLimits.objects.get()
    assert (kept.behind_rounds, kept.worries, kept.off) == (3, ["outlook=2", "outlook=3"], ["no_number"])
    assert "新しい内容を集計しています" in browser.get(address(ours, "?round=2")).content.decode()
    compiling.compile_round(ours.second.pk, at=AT)
    assert "2回続けて" not in browser.get(address(ours, "?round=2")).content.decode()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("behind_rounds", "1", "2 から 6 までの整数"),
        ("other_rounds", "", "必須"),
        ("grace_days", "-1", "0 から 3650 までの整数"),
        ("late_days", "一日", "1 から 365 までの整数"),
        ("unchanged_characters", "0", "1 から 10000 までの整数"),
    ],
)
def test_thresholds_out_of_reason_are_refused_in_a_sentence(
    ours: Any, name: str, value: str, words: str
) -> None:
    answer = signed_in(ours.officer).post(address(ours, "limits/"), limits_of(ours) | {name: value})
    assert answer.status_code == 422
    assert words in answer.content.decode() or not value
    assert not SignalLimits.objects.exists()


def test_readers_read_and_set_nothing_aside(ours: Any) -> None:
    reader = signed_in(ours.colleague(StaffRole.READER))
    html = reader.get(address(ours, "?round=2")).content.decode()
    assert "2回続けて" in html
    assert "保留にする理由" not in html
    assert aside(ours, reader).status_code == 403
    assert reader.post(address(ours, "limits/"), limits_of(ours)).status_code == 403


def test_another_distributor_and_the_room_see_and_do_nothing(ours: Any, hikari: Any, kibou: Any) -> None:
    there = desk()
    there.deadline(hikari)
    stranger = signed_in(there.officer)
    aside(ours, signed_in(ours.officer))
    kept = SetAside.objects.get()
    deadline = ours.second.deadlines.get()
    assert stranger.get(address(ours)).status_code == 404
    assert aside(ours, stranger).status_code == 404
    assert stranger.post(f"/desk/review/{deadline.pk}/signals/{kept.pk}/again/").status_code == 404
    own = there.deadline(kibou)
    assert stranger.post(f"/desk/review/{own.pk}/signals/{kept.pk}/again/").status_code == 404
    assert "2回続けて" not in stranger.get("/desk/organizations/hikari/").content.decode()
    member = people.sign_in(Client(), people.member(hikari, Role.APPROVER))
    assert member.get(address(ours)).status_code == 404
    for table in ("signals_setaside", "signals_signallimits"):
        with entering(hikari), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(f"SELECT * FROM public.{table}")


@pytest.mark.parametrize(
    "sql",
    ["UPDATE signals_setaside SET note = 'x'", "DELETE FROM signals_setaside"],
    ids=["change", "delete"],
)
def test_the_database_keeps_what_was_set_aside(ours: Any, sql: str) -> None:
    aside(ours, signed_in(ours.officer))
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(sql)


def test_setting_aside_needs_a_note_in_the_rule_too(ours: Any) -> None:
    grant = ours.second.deadlines.get().grant
    with pytest.raises(setting_aside.AsideRefused):
        setting_aside.set_aside(
            behind(ours), grant=grant, note=" ", by=Actor(person_id=None, name="佐伯"), at=AT
        )
