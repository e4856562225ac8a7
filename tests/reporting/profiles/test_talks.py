"""The log of talks: the distributor's own, corrected with history, never changed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from minori.accounts.enums import Role, StaffRole
from minori.audit.trail import Actor
from minori.tenancy.rooms import entering
from reporting.profiles import talks
from reporting.profiles.models import Talk
from reporting.profiles.talks import TalkFacts, TalkRefused
from tests.factories import people, programmes
from tests.reporting.review.desk import desk, signed_in, url

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐伯 真理")
WORDS = "職員が1人やめ、週3回の開所がむずかしい。\n<b>11月</b>から2回にしたいとの相談。"


def facts(**fields: Any) -> TalkFacts:
    usual: dict[str, Any] = {
        "talked_on": date(2026, 10, 19),
        "met": "佐藤さん（施設長）",
        "said": WORDS,
        "next_step": "変更申請の書き方を送る",
        "next_on": date(2026, 10, 30),
        "grant": None,
    }
    return TalkFacts(**(usual | fields))


def typed(**fields: str) -> dict[str, str]:
    usual = {"talked_on": "2020-10-19", "met": "佐藤さん（施設長）", "said": WORDS, "grant": ""}
    return usual | {"next_step": "変更申請の書き方を送る", "next_on": "2026-10-30"} | fields


@pytest.fixture
def ours(hikari: Any) -> Any:
    here = desk()
    return here, here.deadline(hikari)


def test_a_talk_is_noted_once_and_shown_on_the_profile_and_beside_the_report(ours: Any) -> None:
    here, deadline = ours
    browser = signed_in(here.officer)
    for _twice in range(2):
        answer = browser.post("/desk/organizations/hikari/talks/new/", typed())
        assert answer.status_code == 302
    assert Talk.objects.count() == 1
    for page in ("/desk/organizations/hikari/", url(deadline)):
        html = browser.get(page).content.decode()
        assert "職員が1人やめ" in html
        assert "変更申請の書き方を送る" in html
        assert "<b>11月" not in html


def test_a_correction_keeps_what_stood_before_and_who_said_it(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    browser = signed_in(here.colleague())
    path = f"/desk/organizations/hikari/talks/{first.pk}/"
    browser.post(path, typed(said="職員が2人やめた。", why="人数の聞きちがい"))
    now = Talk.objects.newest().get()
    assert (now.said, now.by_name, now.replaces_id) == ("職員が2人やめた。", "大野 健", first.pk)
    assert [one.said for one in talks.history(now)] == [WORDS]
    html = browser.get(path).content.decode()  # the old address leads to what stands now
    assert "人数の聞きちがい" in html
    assert "職員が1人やめ" in html
    assert "職員が1人やめ" not in browser.get("/desk/organizations/hikari/").content.decode()


def test_two_who_correct_the_same_words_do_not_lose_either(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    talks.correct(first, facts=facts(said="一人め"), why="", by=OFFICER, at=AT)
    with pytest.raises(TalkRefused):
        talks.correct(first, facts=facts(said="二人め"), why="", by=OFFICER, at=AT)
    assert Talk.objects.newest().get().said == "一人め"


def test_whoever_read_an_older_wording_is_told_and_keeps_what_was_typed(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    talks.correct(first, facts=facts(said="先に直した文"), why="", by=OFFICER, at=AT)
    browser = signed_in(here.officer)
    path = f"/desk/organizations/hikari/talks/{first.pk}/"
    answer = browser.post(path, typed(said="あとから直した文", why="", seen=str(first.pk)))
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in ("先に直した文", "あとから直した文", "開いているあいだに"):
        assert words in html
    striking = browser.post(f"{path}strike/", {"reason": "まちがい", "seen": str(first.pk)})
    assert striking.status_code == 422
    assert Talk.objects.newest().get().said == "先に直した文"


def test_a_correction_that_changes_nothing_writes_nothing(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    assert talks.correct(first, facts=facts(), why="", by=OFFICER, at=AT) == first
    assert Talk.objects.count() == 1


def test_a_talk_is_struck_out_with_a_reason_and_stays_in_the_history(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    browser = signed_in(here.officer)
    path = f"/desk/organizations/hikari/talks/{first.pk}/"
    assert browser.post(f"{path}strike/", {"reason": " "}).status_code == 422
    assert browser.post(f"{path}strike/", {"reason": "別の団体の話だった"}).status_code == 302
    assert "職員が1人やめ" not in browser.get("/desk/organizations/hikari/").content.decode()
    html = browser.get(path).content.decode()
    assert "別の団体の話だった" in html
    assert "訂正を保存する" not in html
    assert Talk.objects.count() == 2


def test_what_is_to_come_and_a_day_without_a_step_are_refused_in_words(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    browser = signed_in(here.officer)
    path = "/desk/organizations/hikari/talks/new/"
    late = browser.post(path, typed(talked_on="2199-01-01"))
    assert late.status_code == 422
    assert Talk.objects.count() == 0
    alone = browser.post(path, typed(next_step=""))
    assert "次にすることを書くか" in alone.content.decode()
    with pytest.raises(TalkRefused, match="まだ来ていません"):
        talks.write(
            hikari, distributor=here.distributor, facts=facts(talked_on=date(2026, 10, 21)), by=OFFICER, at=AT
        )


def test_the_day_of_a_talk_is_the_distributors_day(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    midnight = datetime(2026, 10, 20, 15, 30, tzinfo=UTC)  # 00:30 on the 21st in Tokyo
    noted = talks.write(
        hikari,
        distributor=here.distributor,
        facts=facts(talked_on=date(2026, 10, 21)),
        by=OFFICER,
        at=midnight,
    )
    assert noted.talked_on == date(2026, 10, 21)


def test_readers_read_and_write_none(ours: Any, hikari: Any) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    reader = signed_in(here.colleague(StaffRole.READER))
    path = f"/desk/organizations/hikari/talks/{first.pk}/"
    assert "職員が1人やめ" in reader.get(path).content.decode()
    assert "訂正を保存する" not in reader.get(path).content.decode()
    assert reader.post(path, typed(said="x")).status_code == 403
    assert reader.post(f"{path}strike/", {"reason": "x"}).status_code == 403
    assert reader.post("/desk/organizations/hikari/talks/new/", typed()).status_code == 403


def test_another_distributor_that_funds_the_same_organization_never_sees_a_talk(
    ours: Any, hikari: Any
) -> None:
    here, _deadline = ours
    first = talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    there = desk()
    there.deadline(hikari)
    stranger = signed_in(there.officer)
    html = stranger.get("/desk/organizations/hikari/").content.decode()
    assert "職員が1人やめ" not in html
    path = f"/desk/organizations/hikari/talks/{first.pk}/"
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, typed()).status_code == 404
    assert stranger.post(f"{path}strike/", {"reason": "x"}).status_code == 404


def test_the_room_has_no_right_on_the_log(ours: Any, hikari: Any, kibou: Any) -> None:
    here, deadline = ours
    talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    member = people.sign_in(Client(), people.member(hikari, Role.APPROVER))
    assert member.get("/desk/organizations/hikari/").status_code == 404
    assert "職員が1人やめ" not in member.get(f"/o/hikari/reports/{deadline.pk}/").content.decode()
    for room in (hikari, kibou):
        with entering(room), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute("SELECT * FROM public.profiles_talk")


@pytest.mark.parametrize(
    "sql", ["UPDATE profiles_talk SET said = 'x'", "DELETE FROM profiles_talk"], ids=["change", "delete"]
)
def test_the_database_keeps_what_was_noted(ours: Any, hikari: Any, sql: str) -> None:
    here, _deadline = ours
    talks.write(hikari, distributor=here.distributor, facts=facts(), by=OFFICER, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(sql)


def test_the_database_refuses_a_talk_with_an_organization_that_is_not_funded(ours: Any, kibou: Any) -> None:
    here, _deadline = ours
    elsewhere = programmes.grant(organization=kibou)
    for grant in (None, elsewhere):
        with pytest.raises(DatabaseError), transaction.atomic():
            Talk.objects.create(
                organization=kibou,
                distributor=here.distributor,
                grant=grant,
                talked_on=AT.date(),
                met="x",
                said="x",
                at=AT,
                by_name="x",
            )
