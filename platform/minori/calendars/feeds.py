"""Private calendar feeds: an address that a person gives to their calendar, and can take back."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from minori.accounts.models import Person
from minori.calendars.due import Due
from minori.calendars.models import Feed

FRESH_FOR = timedelta(hours=6)
"""How often calendars are asked to look again."""


def make(person: Person, *, at: datetime) -> str:
    """A new address' secret for the person; the older one stops working. It is told once, only its hash is kept."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Person.objects.select_for_update().order_by("pk").get(pk=person.pk)  # two clicks: the later one works
        revoke(person, at=at)
        Feed.objects.create(person=person, token_hash=_hash(token), made_at=at)
    return token


def revoke(person: Person, *, at: datetime) -> None:
    """Let the person's address stop working; without one nothing happens."""
    Feed.objects.filter(person=person, revoked_at=None).update(revoked_at=at)


def working(person: Person) -> Feed | None:
    """The person's feed that works, without its address."""
    return Feed.objects.filter(person=person, revoked_at=None).first()


def reader(token: str) -> Person | None:
    """Whose feed this address is; None where it does not work, or its person may no longer sign in."""
    feed = (
        Feed.objects.select_related("person__user")
        .filter(token_hash=_hash(token), revoked_at=None, person__user__is_active=True)
        .first()
    )
    return feed.person if feed else None


def write(due: Iterable[Due], *, at: datetime) -> bytes:
    """The calendar as calendars read it (RFC 5545), in the language in force: one all-day entry a report,
    and one for the day on which it closes.

    An entry keeps its UID for ever, and its SEQUENCE grows when its day moves; one that is no longer required is
    cancelled, not left out.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Minori//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Minori: due dates"))
    calendar.add("refresh-interval", FRESH_FOR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(FRESH_FOR))
    host = settings.BASE_URL.partition("://")[2].partition("/")[0]
    for one in due:
        event = Event()
        event.add("uid", f"{one.name}-{one.deadline.pk}@{host}")
        event.add("dtstamp", at)
        event.add("sequence", one.sequence)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("summary", one.title)
        event.add("description", f"{one.deadline.grant.title}\n{one.deadline.organization.name}\n{one.url}")
        event.add("url", one.url)
        event.add("status", "CANCELLED" if one.is_off else "CONFIRMED")
        event.add("transp", "TRANSPARENT")  # nobody is busy all day because a report is due
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def mark(written: bytes) -> str:
    """What a calendar is recognised by: everything but the moment it was written."""
    lines = (line for line in written.splitlines() if not line.startswith(b"DTSTAMP"))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:32]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
