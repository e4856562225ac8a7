"""Lists of holidays from files: what people's calendars and offices give out is read, the rest refused with its line."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from minori.programmes import holiday_files
from minori.programmes.holiday_files import LARGEST, LineProblem

WEEKEND = frozenset({5, 6})
TOKYO = ZoneInfo("Asia/Tokyo")
KENYA = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1@example.org
DTSTART;VALUE=DATE:20260101
DTEND;VALUE=DATE:20260102
SUMMARY:New Year's Day
END:VEVENT
BEGIN:VEVENT
UID:2@example.org
DTSTART;VALUE=DATE:20260403
DTEND;VALUE=DATE:20260407
SUMMARY:Good Friday to
  Easter Monday
END:VEVENT
BEGIN:VEVENT
UID:3@example.org
DTSTART:20260601T000000Z
SUMMARY:Madaraka Day
END:VEVENT
BEGIN:VEVENT
UID:4@example.org
DTSTART;VALUE=DATE:20261225
STATUS:CANCELLED
SUMMARY:Moved elsewhere
END:VEVENT
END:VCALENDAR
"""


def read(text: str | bytes, weekend: frozenset[int] = WEEKEND) -> holiday_files.HolidayFile:
    data = text.encode() if isinstance(text, str) else text
    with translation.override("en"):
        return holiday_files.read(data, weekend=weekend, zone=TOKYO)


def lines(found: holiday_files.HolidayFile) -> list[int]:
    return [one.line for one in found.problems]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_csv_file_is_read_whatever_stands_between_its_columns(mark, ending):
    found = read(
        ending.join(
            ["Date;Name".replace(";", mark), f"2026-05-01{mark}Labour Day", "", f"2026/6/1{mark}  Madaraka "]
        )
    )
    assert found.problems == []
    assert found.days == {date(2026, 5, 1): "Labour Day", date(2026, 6, 1): "Madaraka"}


def test_days_are_read_as_people_write_them_and_a_name_may_hold_a_comma():
    found = read('20260101,"New Year, first day"\n6.4.2026,Ostermontag\n2026.12.25,Christmas,public\n')
    assert found.problems == []
    assert found.days[date(2026, 1, 1)] == "New Year, first day"
    assert set(found.days) == {date(2026, 1, 1), date(2026, 4, 6), date(2026, 12, 25)}


def test_files_of_offices_in_other_encodings_are_read():
    assert read("国民の祝日・休日月日,国民の祝日・休日名称\r\n2026/1/1,元日\r\n".encode("cp932")).days == {
        date(2026, 1, 1): "元日"
    }
    assert read(b"\xef\xbb\xbf2026-01-01,Neujahr").days == {date(2026, 1, 1): "Neujahr"}


def test_two_holidays_on_one_day_are_named_together_and_the_same_line_twice_is_no_matter():
    found = read("2026-05-14,Ascension\n2026-05-14,Labour Day\n2026-05-14,Ascension\n")
    assert (found.days, found.problems) == ({date(2026, 5, 14): "Ascension / Labour Day"}, [])


def test_all_problems_of_a_csv_file_are_told_at_once_with_their_lines():
    found = read(
        "date,name\n05/04/2026,Easter\n2026-02-30,Nothing\n2026-05-01,\n,Nameless\n9999-01-01,Far\n2026-12-25,Christmas\n"
    )
    assert lines(found) == [2, 3, 4, 5, 6]
    said = [one.text for one in found.problems]
    assert said[0] == "“05/04/2026” is not a date that can be read with certainty. Write it like 2026-05-04."
    assert "second column" in said[2]
    assert "first column" in said[3]
    assert "9999" not in said[4]
    assert "2150" in said[4]


def test_an_ics_file_is_read_over_all_its_days_without_cancelled_events():
    found = read(KENYA)
    assert found.problems == []
    assert found.days == {
        date(2026, 1, 1): "New Year's Day",
        **{date(2026, 4, day): "Good Friday to Easter Monday" for day in (3, 4, 5, 6)},
        date(2026, 6, 1): "Madaraka Day",
    }


def test_a_holiday_of_every_year_is_written_out_and_its_exceptions_are_left_out():
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY{more}\n"
        "{rest}SUMMARY:New Year\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert sorted(day.year for day in read(event.format(more="", rest="")).days) == list(
        range(2026, 2041 + 1)
    )
    until = read(event.format(more=";UNTIL=20280101", rest="EXDATE;VALUE=DATE:20270101\n"))
    assert (sorted(until.days), until.problems) == ([date(2026, 1, 1), date(2028, 1, 1)], [])
    thursday = event.replace("20260101", "20261126").format(more=";BYMONTH=11;BYDAY=4TH", rest="")
    assert date(2027, 11, 25) in read(thursday).days


@pytest.mark.parametrize(
    "more", ["FREQ=WEEKLY", "FREQ=DAILY", "FREQ=YEARLY;BYHOUR=0,1;BYMINUTE=0,1,2,3;BYDAY=MO,TU,WE,TH,FR"]
)
def test_what_repeats_too_often_is_refused(more):
    found = read(
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nRRULE:{more}\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert found.problems


def event(*lines_: str) -> str:
    return "\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines_, "SUMMARY:x", "END:VEVENT", "END:VCALENDAR", ""]
    )


@pytest.mark.parametrize(
    "lines_",
    [
        ("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010101"),
        ("DTSTART;VALUE=DATE:99991231", "RRULE:FREQ=YEARLY"),
        ("DTSTART;VALUE=DATE:99991231", "DURATION:P5D"),
        ("DTSTART;VALUE=DATE:20260101", "DURATION:P99999999D"),
        ("DTSTART;VALUE=DATE:20260101", "DURATION:-P999999999D"),
        ("DTSTART;VALUE=DATE:20260101", "DTSTART;VALUE=DATE:20260102"),
        ("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;INTERVAL=0;BYMONTH=2;BYMONTHDAY=30"),
        ("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY", "EXDATE:rubbish"),
        ("DTSTART;VALUE=DATE:20260101", "RRULE:rubbish"),
        ("DTSTART;VALUE=DATE:20260101", "RDATE;VALUE=PERIOD:20260101T000000Z/P1D"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_with_its_line_in_our_words(lines_):
    found = read(event(*lines_))
    assert lines(found) == [2]
    assert re.fullmatch(r"[^']+\.", found.problems[0].text)


def test_rules_for_days_that_never_come_are_given_up(monkeypatch):
    monkeypatch.setattr(holiday_files, "PATIENCE", 0.1)
    never = event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    body = never.removeprefix("BEGIN:VCALENDAR\n").removesuffix("END:VCALENDAR\n")
    found = read(f"BEGIN:VCALENDAR\n{body * 9000}END:VCALENDAR\n")
    assert "take too long" in found.problems[-1].text


def test_named_days_midnights_in_universal_time_and_two_names_are_read():
    more = event("DTSTART;VALUE=DATE:20260101", "RDATE;VALUE=DATE:20270101,20280101")
    assert sorted(read(more).days) == [date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 1)]
    greenery = event("DTSTART:20260503T150000Z", "DTEND:20260504T150000Z")
    assert sorted(read(greenery).days) == [date(2026, 5, 4)]
    assert read(event("DTSTART;VALUE=DATE:20260101", "SUMMARY:y")).days == {date(2026, 1, 1): "y / x"}


def test_a_quotation_mark_that_is_not_closed_hides_no_holiday():
    found = read('2026-05-04,"abc\n2026-05-05,x\n')
    assert (lines(found), found.days) == ([1], {})


def test_days_are_read_as_they_are_typed_in_japan_and_on_an_old_mac():
    found = read("月日,名前\r２０２６－０５－０４,みどりの日\r2026年5月5日,こどもの日\r")
    assert found.days == {date(2026, 5, 4): "みどりの日", date(2026, 5, 5): "こどもの日"}


def test_all_problems_of_an_ics_file_are_told_with_the_line_their_event_begins_in():
    found = read(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:No date\nEND:VEVENT\n"
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nEND:VEVENT\n"
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:2026-99-01\nSUMMARY:Wrong\nEND:VEVENT\n"
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260801\nSUMMARY:Long\nEND:VEVENT\n"
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260102\nSUMMARY:Open\n"
    )
    assert lines(found) == [2, 5, 8, 12, 17]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no holiday"),
        (b"Date,Name\n", "no holiday"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no holiday"),
        (b"\x00\x01\x02PNG", "neither an ICS file nor a CSV file"),
        (b"PK\x03\x04\xff\xfe", "neither an ICS file nor a CSV file"),
        (b"2026-01-01,x\n" * (LARGEST // 13 + 1), "larger than 1 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(data, said):
    found = read(data)
    assert lines(found)[:1] == [0]
    assert said in found.problems[0].text


def test_more_days_or_a_longer_stretch_without_work_than_anybody_means_is_refused():
    first = date(2026, 3, 2)
    long = "".join(f"{first + timedelta(days=count)},Closed\n" for count in range(32))
    assert lines(read(long)) == [0]
    assert "2026-02-28" not in str(read(long).problems)  # the stretch is told by its first day in the list
    four_weeks = "".join(f"{first + timedelta(days=count)},Closed\n" for count in range(26))
    assert read(four_weeks).problems == []
    many = "".join(f"{date(1995, 1, 1) + timedelta(days=3 * count)},x\n" for count in range(3001))
    assert [one.text for one in read(many).problems] == ["These are more than 3000 days."]


def test_any_bytes_are_answered_with_problems_and_never_with_an_error():
    for data in (
        b'"',
        b'"2026-01-01,x\n',
        b"\xff",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:FREQ=YEARLY;COUNT=x\nDTSTART:1\nSUMMARY:x\nEND:VEVENT",
        b"," * 9,
        b"x" * 200_000,
    ):
        assert read(data).problems


def test_problems_are_said_in_the_language_of_the_page():
    with translation.override("ja"):
        found = holiday_files.read(b"05/04/2026,x", weekend=WEEKEND, zone=TOKYO)
    assert isinstance(found.problems[0], LineProblem)
    assert "2026-05-04" in found.problems[0].text
    assert "日付" in found.problems[0].text
