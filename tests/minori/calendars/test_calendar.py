"""Due dates in people's own calendars: theirs only, moved when they move, and gone when the address is taken back."""

from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from minori.audit.trail import Actor
from minori.calendars import feeds
from minori.calendars.models import Feed
from minori.filings import reviewing
from minori.filings.reviewing import Remark
from minori.programmes import deadlines
from tests.factories import filings, people, programmes

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2026-10-01T09:00:00+09:00")
OFFICER = Actor(person_id=None, name="佐伯 真理")


@pytest.fixture
def ours(hikari: Any) -> Any:
    """hikari's report, due on 14 October 2026."""
    return programmes.deadline(organization=hikari)


@pytest.fixture
def writer(hikari: Any) -> Any:
    return people.member(hikari, "editor", name="田中 恵")


def entries(person: Any) -> dict[str, Any]:
    """What a calendar reads at the person's address, by UID."""
    token = feeds.make(person, at=AT)
    answer = Client().get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    calendar = icalendar.Calendar.from_ical(answer.content)
    found = {str(one["UID"]): one for one in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT"))
    return found


def entry(person: Any, deadline: Any) -> Any:
    return entries(person)[f"deadline-{deadline.pk}@127.0.0.1:8000"]


def test_a_due_date_is_an_all_day_entry_with_its_page(ours, writer):
    one = entry(writer, ours)
    assert one.decoded("DTSTART") == date(2026, 10, 14)
    assert one.decoded("DTEND") == date(2026, 10, 15)
    assert str(one["SUMMARY"]) == f"提出期限：{ours.round.title} {ours.grant.title}"
    assert str(one["URL"]).endswith(f"/o/hikari/reports/{ours.pk}/")
    assert (str(one["STATUS"]), str(one["TRANSP"])) == ("CONFIRMED", "TRANSPARENT")


def test_an_entry_keeps_its_name_and_its_sequence_grows_when_the_date_moves(ours, writer):
    seen = [entry(writer, ours)]
    deadlines.extend(ours, to=date(2026, 10, 30), reason="台風", by=OFFICER, at=AT)
    seen.append(entry(writer, ours))
    ours.refresh_from_db()
    filing = filings.handed_in(ours)
    reviewing.send_back(
        ours, filing=filing, remarks=[Remark("？")], due_on=date(2026, 11, 20), by=OFFICER, at=filings.AT
    )
    seen.append(entry(writer, ours))
    ours.refresh_from_db()
    filings.handed_in(ours)
    seen.append(entry(writer, ours))
    assert [one.decoded("DTSTART") for one in seen] == [
        date(2026, 10, 14),
        date(2026, 10, 30),
        date(2026, 11, 20),
        date(2026, 11, 20),
    ]
    sequences = [int(one["SEQUENCE"]) for one in seen]
    assert sequences[0] < sequences[1] < sequences[2] == sequences[3]
    assert str(seen[2]["SUMMARY"]).startswith("再提出期限")
    assert str(seen[3]["SUMMARY"]).startswith("提出済み")


def test_what_is_no_longer_required_is_cancelled_and_comes_back(ours, writer):
    before = entry(writer, ours)
    deadlines.waive(ours, reason="事業開始前", by=OFFICER, at=AT)
    gone = entry(writer, ours)
    assert str(gone["STATUS"]) == "CANCELLED"
    assert int(gone["SEQUENCE"]) > int(before["SEQUENCE"])
    deadlines.require_again(ours, by=OFFICER, at=AT)
    back = entry(writer, ours)
    assert str(back["STATUS"]) == "CONFIRMED"
    assert int(back["SEQUENCE"]) > int(gone["SEQUENCE"])  # of two versions calendars believe the higher


def test_officers_see_the_grants_they_look_after_and_nobody_sees_others(ours, writer, kibou):
    theirs = programmes.deadline(organization=kibou)
    lead, other_lead = (people.officer(one.grant.programme.distributor) for one in (ours, theirs))
    for one, officer in ((ours, lead), (theirs, other_lead)):
        one.grant.lead_officer = officer
        one.grant.save()
    assert str(entry(lead, ours)["SUMMARY"]).endswith(ours.organization.name)
    assert str(entry(lead, ours)["URL"]).endswith(f"/desk/review/{ours.pk}/")
    assert [one.split("@")[0] for one in entries(other_lead)] == [f"deadline-{theirs.pk}"]
    assert [one.split("@")[0] for one in entries(writer)] == [f"deadline-{ours.pk}"]
    assert entries(people.person()) == {}


def test_whoever_left_sees_nothing_any_more(ours, writer):
    token = feeds.make(writer, at=AT)
    writer.memberships.update(ended_at=AT)
    assert b"VEVENT" not in Client().get(f"/calendar/{token}.ics").content
    writer.user.is_active = False
    writer.user.save()
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_an_address_is_shown_once_replaced_and_taken_back(client, ours, writer):
    people.sign_in(client, writer)
    assert "アドレスを作る" in client.get("/calendar/").content.decode()
    page = client.post("/calendar/feed/", {"action": "make"}, follow=True).content.decode()
    address = page.partition('<output id="feed-address">')[2].partition("</output>")[0]
    path = address.removeprefix("http://127.0.0.1:8000")
    assert Client().get(path).status_code == 200
    assert path not in client.get("/calendar/").content.decode()
    assert path not in str(Feed.objects.values_list("token_hash"))
    client.post("/calendar/feed/", {"action": "make"})
    assert Client().get(path).status_code == 404
    assert Feed.objects.filter(revoked_at=None).count() == 1
    client.post("/calendar/feed/", {"action": "revoke"})
    assert not Feed.objects.filter(revoked_at=None).exists()
    assert Client().get("/calendar/nonsense.ics").status_code == 404


def test_a_calendar_that_did_not_change_is_not_sent_again(client, ours, writer):
    address = f"/calendar/{feeds.make(writer, at=AT)}.ics"
    first = client.get(address)
    assert b"X-PUBLISHED-TTL:PT6H" in first.content
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    deadlines.move(ours, due_on=date(2026, 10, 20), by=OFFICER, at=AT)
    moved = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert moved.headers["ETag"] != first.headers["ETag"]


def test_texts_cannot_break_the_calendar(hikari, writer):
    grant = programmes.grant(organization=hikari, title="居場所; END:VCALENDAR\\nX-EVIL:1, \\n 表")
    one = programmes.deadline(of=grant)
    read = entry(writer, one)
    assert "X-EVIL:1" in str(read["SUMMARY"])
    assert "X-EVIL" not in read


def test_the_page_lists_what_comes_month_by_month(client, hikari, writer):
    soon = date.today() + timedelta(days=40)  # noqa: DTZ011 - the page's own day
    one = programmes.deadline(organization=hikari)
    deadlines.move(one, due_on=soon, by=OFFICER, at=AT)
    people.sign_in(client, writer)
    page = client.get("/calendar/").content.decode()
    assert f"{soon.year}年{soon.month}月" in page
    assert f"/o/hikari/reports/{one.pk}/" in page


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_grow_with_reports(hikari, writer, count, django_assert_num_queries):
    for _number in range(count):
        programmes.deadline(organization=hikari)
    token = feeds.make(writer, at=AT)
    with django_assert_num_queries(4):
        assert Client().get(f"/calendar/{token}.ics").content.count(b"BEGIN:VEVENT") == count


def test_a_closing_date_is_an_entry_of_its_own_until_the_report_is_in(client, ours, writer):
    assert set(entries(writer)) == {f"deadline-{ours.pk}@127.0.0.1:8000"}
    name = f"closing-{ours.pk}@127.0.0.1:8000"
    seen = []
    for day in (date(2026, 10, 31), date(2026, 11, 30)):
        deadlines.close_on(ours, closes_on=day, reason="決算", by=OFFICER, at=AT)
        seen.append(entries(writer)[name])
    assert [one.decoded("DTSTART") for one in seen] == [date(2026, 10, 31), date(2026, 11, 30)]
    assert str(seen[0]["SUMMARY"]) == f"受付締切：{ours.round.title} {ours.grant.title}"
    ours.refresh_from_db()
    filings.handed_in(ours)
    seen.append(entries(writer)[name])
    assert [str(one["STATUS"]) for one in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert int(seen[0]["SEQUENCE"]) < int(seen[1]["SEQUENCE"]) < int(seen[2]["SEQUENCE"])


def test_a_closing_date_that_was_lifted_is_cancelled_and_comes_back_with_a_higher_sequence(ours, writer):
    name = f"closing-{ours.pk}@127.0.0.1:8000"
    seen = []
    for day in (date(2026, 10, 31), None, date(2026, 11, 30)):
        deadlines.close_on(ours, closes_on=day, reason="決算", by=OFFICER, at=AT)
        seen.append(entries(writer)[name])
    assert [one.decoded("DTSTART") for one in seen] == [
        date(2026, 10, 31),
        date(2026, 10, 31),
        date(2026, 11, 30),
    ]
    assert [str(one["STATUS"]) for one in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert int(seen[0]["SEQUENCE"]) < int(seen[1]["SEQUENCE"]) < int(seen[2]["SEQUENCE"])


def test_a_closing_date_stands_on_the_page_while_it_closes_something(client, hikari, writer):
    soon = date.today() + timedelta(days=40)  # noqa: DTZ011 - the page's own day
    one = programmes.deadline(organization=hikari)
    deadlines.move(one, due_on=soon, by=OFFICER, at=AT)
    deadlines.close_on(one, closes_on=soon + timedelta(days=9), reason="決算", by=OFFICER, at=AT)
    people.sign_in(client, writer)
    assert "受付締切：" in client.get("/calendar/").content.decode()
    one.refresh_from_db()
    filings.handed_in(one)
    assert "受付締切：" not in client.get("/calendar/").content.decode()


def test_what_is_overdue_stays_on_the_page_until_it_is_in_however_long_ago_it_was(client, hikari, writer):
    long_ago = date.today() - timedelta(days=70)  # noqa: DTZ011 - the page's own day
    round_ = programmes.round_(due_on=long_ago, opens_on=long_ago - timedelta(days=14))
    one = programmes.deadline(of=programmes.grant(of=round_.programme, organization=hikari), round=round_)
    people.sign_in(client, writer)
    page = client.get("/calendar/").content.decode()
    assert f"/o/hikari/reports/{one.pk}/" in page
    assert "70日超過" in page
    filings.handed_in(one)
    assert f"/o/hikari/reports/{one.pk}/" not in client.get("/calendar/").content.decode()


def test_an_officer_tells_two_grants_of_an_organization_apart(client, hikari):
    round_ = programmes.round_(due_on=date.today() + timedelta(days=9))  # noqa: DTZ011 - the page's own day
    officer = people.officer(round_.programme.distributor)
    for title in ("居場所づくり", "夜間電話"):
        grant = programmes.grant(of=round_.programme, organization=hikari, lead_officer=officer, title=title)
        programmes.deadline(of=grant, round=round_)
    people.sign_in(client, officer)
    page = client.get("/calendar/").content.decode()
    assert "居場所づくり" in page
    assert "夜間電話" in page


def test_more_than_ten_reports_of_a_round_on_one_day_are_told_as_one_on_the_officers_page(
    client, hikari, kibou
):
    round_ = programmes.round_(due_on=date(2026, 12, 15))
    officer = people.officer(round_.programme.distributor)

    def more(organization: Any, count: int) -> list[Any]:
        grants = [
            programmes.grant(of=round_.programme, organization=organization, lead_officer=officer)
            for _each in range(count)
        ]
        return [programmes.deadline(of=one, round=round_) for one in grants]

    people.sign_in(client, officer)
    first = more(hikari, 10)
    page = client.get("/calendar/").content.decode()
    assert page.count(f"提出期限：{round_.title} {hikari.name}") == 10
    more(kibou, 1)
    filings.handed_in(first[0])
    page = client.get("/calendar/").content.decode()
    assert f"{round_.title} 11団体（提出済み 1団体）" in page
    assert f"/desk/programmes/{round_.programme.code}/?round={round_.number}" in page
    assert hikari.name not in page
    # a calendar of one's own keeps an entry for each: moved one by one
    assert len(entries(officer)) == 11
