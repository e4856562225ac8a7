"""Lists of holidays read from files, iCalendar (ICS) or CSV: every problem at once, with its line. Pure but for words."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from io import StringIO
from itertools import islice
from time import monotonic
from typing import Any
from unicodedata import normalize

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from icalendar import Event

from minori.programmes.calendar import LAST_YEAR, sane_day
from minori.report_forms.texts import one_line

LARGEST = 1024 * 1024
"""Bytes of a file at most: thirty years of holidays with long names have a tenth of it."""

MOST_DAYS = 3000
LONGEST = 31
"""Days that one holiday may last, and days in a row without a working day: ladders look no further (`mail.ladders.FAR`)."""

PATIENCE = 3.0
"""Seconds after which no further event is worked out: some rules look for a day that never comes."""

NAME = 200
REPEATS = timedelta(days=366 * 15)
"""How far ahead a yearly holiday of an ICS file is written out."""

_ENCODINGS = ("utf-8-sig", "cp932")  # the second for lists that Japanese offices publish
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_JAPANESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class LineProblem:
    """What is wrong in a line (from 1; 0: in the whole file), as a sentence."""

    line: int
    text: str


@dataclass
class HolidayFile:
    """What a file says: names by day; two holidays on one day are named together. Nothing counts beside a problem."""

    days: dict[date, str] = field(default_factory=dict)
    problems: list[LineProblem] = field(default_factory=list)

    def refuse(self, line: int, text: str) -> None:
        """Note a problem."""
        self.problems.append(LineProblem(line, text))

    def add(self, line: int, day: date, name: str) -> None:
        """Note a holiday, or what is wrong with it."""
        try:
            sane_day(day)
        except ValidationError as problem:
            self.refuse(line, problem.messages[0])
            return
        before = self.days.get(day)
        if before is None:
            self.days[day] = name[:NAME]
        elif name not in before.split(" / "):
            self.days[day] = f"{before} / {name}"[:NAME]


def read(data: bytes, *, weekend: Iterable[int], zone: tzinfo) -> HolidayFile:
    """The holidays of a file; its content tells whether it is ICS or CSV, its name does not.

    CSV: a day and its name in each line (comma, semicolon or tab), a line of headings above is left out. Days are
    written 2026-05-04, 2026/5/4, 2026年5月4日 or 4.5.2026; 05/04/2026 is refused, for nobody knows which of the two it is.
    ICS: all events, over all their days; those that repeat every year are written out for fifteen years. A midnight of
    the `zone` that is given in universal time is that day.
    """
    found = HolidayFile()
    text = _text(data, found)
    if text is not None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.splitlines()
        if lines and lines[0].strip().upper() == "BEGIN:VCALENDAR":
            _read_ics(lines, found, zone)
        else:
            _read_csv(text, found)
        _look_at_the_whole(found, frozenset(weekend))
    found.problems.sort(key=lambda one: one.line)
    return found


def _text(data: bytes, found: HolidayFile) -> str | None:
    if len(data) > LARGEST:
        found.refuse(0, _("The file is larger than %(limit)s MB.") % {"limit": 1})
        return None
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text):
            return text
    found.refuse(0, _("This is neither an ICS file nor a CSV file (as text in UTF-8)."))
    return None


def _look_at_the_whole(found: HolidayFile, weekend: frozenset[int]) -> None:
    if not found.days and not found.problems:
        found.refuse(0, _("There is no holiday in the file."))
    if len(found.days) > MOST_DAYS:
        found.refuse(0, _("These are more than %(most)s days.") % {"most": MOST_DAYS})
    elif begins := _without_work(found.days, weekend):
        found.refuse(
            0,
            _("From %(day)s on there would be no working day for more than %(days)s days.")
            % {"day": begins, "days": LONGEST},
        )


def _without_work(days: Iterable[date], weekend: frozenset[int]) -> date | None:
    """The first of more than `LONGEST` days in a row on which nobody works."""
    off = set(days)
    for first in sorted(off):
        if all(
            day in off or day.weekday() in weekend
            for day in (first + timedelta(days=count) for count in range(LONGEST + 1))
        ):
            return first
    return None


# ---- CSV ----


def _read_csv(text: str, found: HolidayFile) -> None:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(StringIO(text), delimiter=delimiter)
    try:
        numbered = list(_numbered(rows))
    except csv.Error:
        found.refuse(rows.line_num, _("This line cannot be read as CSV."))
        return
    for place, (line, row) in enumerate(numbered):
        if any("\n" in cell for cell in row):
            found.refuse(
                line, _("A quotation mark in this line is not closed, or a name runs over several lines.")
            )
            continue
        cells = [one_line(cell) for cell in row]
        if not any(cells):
            continue
        day = _day(cells[0])
        if day is None and place == 0 and not re.search(r"\d", cells[0]):
            continue  # headings
        name = cells[1] if len(cells) > 1 else ""
        if day is None:
            found.refuse(line, _why_no_day(cells[0]))
        if not name:
            found.refuse(line, _("The name of the holiday is missing in the second column."))
        elif day is not None:
            found.add(line, day, name)


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows with the lines that they begin in."""
    begins = 1
    for row in rows:
        yield begins, row
        begins = rows.line_num + 1


def _day(written: str) -> date | None:
    words = normalize("NFKC", written)
    for pattern in (_ISO, _JAPANESE, _COMPACT):
        if match := pattern.fullmatch(words):
            return _date(*match.groups())
    match = _DOTTED.fullmatch(words)
    return _date(*reversed(match.groups())) if match else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _why_no_day(words: str) -> str:
    if not words:
        return _("The date is missing in the first column.")
    return _("“%(words)s” is not a date that can be read with certainty. Write it like 2026-05-04.") % {
        "words": words[:40]
    }


# ---- ICS ----


def _read_ics(lines: Sequence[str], found: HolidayFile, zone: tzinfo) -> None:
    gives_up = monotonic() + PATIENCE
    for line, text in _events(lines, found):
        if monotonic() > gives_up:
            found.refuse(
                line, _("The repeated events take too long to work out; give their days one by one.")
            )
            return
        try:
            event = Event.from_ical(text)
            _take(event, line, found, zone)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
            found.refuse(line, _("This event cannot be read. Look at its dates and how it repeats."))


def _events(lines: Sequence[str], found: HolidayFile) -> Iterator[tuple[int, str]]:
    """The events of a calendar with the line that each begins in."""
    begins = 0
    for number, line in enumerate(lines, 1):
        mark = line.strip().upper()
        if mark == "BEGIN:VEVENT":
            if begins:
                found.refuse(begins, _("This event does not end."))
            begins = number
        elif mark == "END:VEVENT" and begins:
            yield begins, "\r\n".join(lines[begins - 1 : number]) + "\r\n"
            begins = 0
    if begins:
        found.refuse(begins, _("This event does not end."))


def _take(event: Any, line: int, found: HolidayFile, zone: tzinfo) -> None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    name = " / ".join(filter(None, (one_line(str(one)) for one in _listed(event.get("SUMMARY")))))
    if not name:
        found.refuse(line, _("The event has no name (SUMMARY)."))
    if "DTSTART" not in event:
        found.refuse(line, _("The event has no date (DTSTART)."))
    if not name or "DTSTART" not in event:
        return
    first = _as_day(event["DTSTART"].dt, zone)
    try:
        sane_day(first)
    except ValidationError as problem:
        found.refuse(line, problem.messages[0])
        return
    last = _last_day(event, first, zone)
    if last < first or (last - first).days >= LONGEST:
        found.refuse(
            line, _("The event ends before it begins, or lasts more than %(days)s days.") % {"days": LONGEST}
        )
        return
    for begins in _repeated(event, first, line, found, zone):
        for count in range((last - first).days + 1):
            found.add(line, begins + timedelta(days=count), name)


def _last_day(event: Any, first: date, zone: tzinfo) -> date:
    if "DTEND" in event:
        end = _there(event["DTEND"].dt, zone)
        whole = not isinstance(end, datetime) or (end.hour, end.minute, end.second) == (0, 0, 0)
        day = _as_day(end, zone)
        last = day - timedelta(days=1) if whole else day
        return max(first, last) if day >= first else last
    if "DURATION" in event:
        lasts: timedelta = event["DURATION"].dt
        return max(first, first + lasts - timedelta(days=1))
    return first


def _as_day(moment: date | datetime, zone: tzinfo) -> date:
    there = _there(moment, zone)
    return there.date() if isinstance(there, datetime) else there


def _there(moment: date | datetime, zone: tzinfo) -> date | datetime:
    """A midnight of the zone that is given in universal time; whatever else is given stays the day that it says."""
    if not isinstance(moment, datetime) or moment.tzname() != "UTC":
        return moment
    local = moment.astimezone(zone)
    return local if (local.hour, local.minute, local.second) == (0, 0, 0) else moment


def _repeated(event: Any, first: date, line: int, found: HolidayFile, zone: tzinfo) -> list[date]:
    """The days on which an event begins: its own, others that are named, and each year's where it repeats."""
    rule = event.get("RRULE")
    named = {_as_day(one.dt, zone) for group in _listed(event.get("RDATE")) for one in group.dts}
    left_out = {_as_day(one.dt, zone) for group in _listed(event.get("EXDATE")) for one in group.dts}
    if rule is None:
        return sorted(({first} | named) - left_out)
    if (
        isinstance(rule, list)
        or min(rule.get("INTERVAL", [1])) < 1
        or [str(one).upper() for one in rule.get("FREQ", ())] != ["YEARLY"]
    ):
        found.refuse(line, _("The event repeats in another way than every year; give its days one by one."))
        return []
    until = rule.pop("UNTIL", None)
    ends = min(_as_day(until[0], zone) if until else date.max, first + REPEATS, date(LAST_YEAR, 12, 31))
    begin = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - days have no zone
    stop = datetime(ends.year, ends.month, ends.day)  # noqa: DTZ001 - the same
    rules: Any = rrulestr(rule.to_ical().decode(), dtstart=begin)
    days = rules.replace(until=stop)
    return sorted(({day.date() for day in islice(days, MOST_DAYS + 1)} | named) - left_out)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
