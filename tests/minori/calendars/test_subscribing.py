"""A calendar subscribes to the feed over HTTP, as people's own calendars do, and follows a date that moves."""

from datetime import date, datetime
from typing import Any

import pytest
from icalevents import icalevents

from minori.audit.trail import Actor
from minori.calendars import feeds
from minori.programmes import deadlines
from tests.factories import people, programmes

AT = datetime.fromisoformat("2026-10-01T09:00:00+09:00")
AUTUMN = {
    "start": datetime.fromisoformat("2026-10-01T00:00:00"),
    "end": datetime.fromisoformat("2026-12-31T00:00:00"),
}


def test_a_subscribed_calendar_shows_the_due_date_and_follows_it(
    transactional_db: Any, hikari: Any, live_server: Any
) -> None:
    report = programmes.deadline(organization=hikari)
    token = feeds.make(people.member(hikari, "editor", name="田中 恵"), at=AT)
    address = f"{live_server.url}/calendar/{token}.ics"
    (seen,) = icalevents.events(url=address, **AUTUMN)
    assert (seen.all_day, seen.start.date(), seen.end.date()) == (
        True,
        date(2026, 10, 14),
        date(2026, 10, 15),
    )
    assert seen.summary == f"提出期限：{report.round.title} {report.grant.title}"
    deadlines.extend(report, to=date(2026, 10, 30), reason="台風", by=Actor(None, "佐伯 真理"), at=AT)
    (moved,) = icalevents.events(url=address, **AUTUMN)
    assert (moved.uid, moved.start.date()) == (seen.uid, date(2026, 10, 30))
    feeds.revoke(feeds.reader(token), at=AT)
    with pytest.raises(ValueError, match="doctype"):  # the page that says there is no such page
        icalevents.events(url=address, **AUTUMN)
