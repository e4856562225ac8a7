"""One mail a person a day: whose day it is, which mail was the one of it, and what waits for the next.

Everybody has one calendar, whatever their reports' distributors have: the zone of the distributor they work for, else that
of the distributor of the oldest grant of the organization they came to first. A mail belongs to the day on which it is
handed to the mail server; what was written for a day and did not leave goes out on a later one, as the one mail of that.

Planners ask `had_a_mail` before they write, and senders `put_off` before they send: the second is exact, whatever was
written while the mail server was away.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from minori.accounts.models import Membership, Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail.enums import DEPARTED, Kind, MessageState
from minori.mail.ladders import SENT_FROM
from minori.mail.models import Message
from minori.programmes.holiday_lists import works_in
from minori.programmes.holidays import BusinessDay, business_days_in, on_or_after
from minori.programmes.models import Grant, Programme

MAILS_OF_A_DAY = frozenset({"reminder", "contact", "digest"})
"""What counts as the one mail that a person has on a day, by the first word of its key: a reminder of a due date or of what
waits, the word about a new officer, the weekly digest."""

LATE_ONES_FROM = time(9, 15)
"""The local time from which notices of an earlier day go out: what the sweep of 09:00 has to say goes first."""

_SENDING = 4_701_003
"""First number of the advisory lock under which two senders never take two mails of one person at once."""


@dataclass(frozen=True)
class Day:
    """What day it is for a person at a moment."""

    at: datetime
    zone: ZoneInfo

    @property
    def date(self) -> date:
        """The person's date."""
        return self.at.astimezone(self.zone).date()

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is within the person's day."""
        return moment.astimezone(self.zone).date() == self.date

    def is_after(self, moment: datetime) -> bool:
        """Whether a moment is on an earlier day of the person's."""
        return moment.astimezone(self.zone).date() < self.date

    @property
    def has_begun(self) -> bool:
        """Whether it is late enough for a mail."""
        return self.at.astimezone(self.zone).time() >= SENT_FROM


def of(persons: Collection[int], *, at: datetime) -> dict[int, Day]:
    """The day of each of these people at a moment, by their one calendar; one query, none for nobody."""
    if not persons:
        return {}
    works_for = StaffMembership.objects.active().filter(person=OuterRef("pk")).order_by("pk")
    came_to = Membership.objects.active().filter(person=OuterRef(OuterRef("pk"))).order_by("pk")
    funded = Grant.objects.filter(organization=Subquery(came_to.values("organization")[:1])).order_by("pk")
    found = (
        Person.objects.filter(pk__in=persons)
        .order_by("pk")
        .values_list(
            "pk",
            Subquery(works_for.values("distributor__time_zone")[:1]),
            Subquery(funded.values("programme__distributor__time_zone")[:1]),
        )
    )
    return {
        person: Day(at, ZoneInfo(theirs or of_grant or settings.TIME_ZONE))
        for person, theirs, of_grant in found
    }


def had_a_mail(days: Mapping[int, Day], *, first: bool = False) -> dict[int, set[str]]:
    """Who has had the one mail of their day, by person; one query, none for nobody. The names of what they had.

    A mail counts that was written for the day or handed over on it, whenever it was planned, and one that waits and will go
    out on it. `first`: asked for a reminder of a due date, before which late mails of earlier days stand back. One that was
    taken back counts only under the key of this very day, which cannot be given twice. Notices of what happened are no mail
    of a day.
    """
    if not days:
        return {}
    keys = {f"reminder:{person}:{day.date}": person for person, day in days.items()}
    found: dict[int, set[str]] = defaultdict(set)
    for mail in _perhaps(days, keys):
        what = mail.key.partition(":")[0]
        day = days.get(mail.person_id or 0)
        if mail.key in keys:
            found[keys[mail.key]].add(what)
        elif day and mail.person_id and what in MAILS_OF_A_DAY and _counts(mail, day, first):
            found[mail.person_id].add(what)
    return dict(found)


def put_off(message: Message, *, at: datetime) -> datetime | None:
    """Until when a mail that is about to be sent waits: its reader has had the mail of the day, or it is a notice of an
    earlier day and the reminders of this one are not written yet. None: it goes out now.

    In the transaction that claims it. What a person sends again by hand goes out at once.
    """
    if message.person_id is None or message.key.partition(":")[0] not in MAILS_OF_A_DAY:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SENDING, message.person_id % 2**31])
    day = of([message.person_id], at=at)[message.person_id]
    others = _perhaps({message.person_id: day}, ())
    had = any(
        one.pk != message.pk and one.key.partition(":")[0] in MAILS_OF_A_DAY and _is_handed_over(one, day)
        for one in others
    )
    late = message.kind == Kind.NOTICE and day.is_after(message.created_at)
    early = late and at.astimezone(day.zone).time() < LATE_ONES_FROM
    if not (had or early) or _is_sent_by_hand(message):
        return None
    next_day = on_or_after(day.date + timedelta(days=had), _works(message, day))
    return datetime.combine(next_day, LATE_ONES_FROM, day.zone)


def _perhaps(days: Mapping[int, Day], keys: Collection[str]) -> Collection[Message]:
    """The mails among which those of these people's days are; one query."""
    since = min(day.at for day in days.values()) - timedelta(hours=26)  # no day is longer
    moving = [MessageState.PENDING, MessageState.CLAIMED, MessageState.UNCERTAIN]
    of_a_day = (
        Q(written_for__in={day.date for day in days.values()}) | Q(sent_at__gte=since) | Q(state__in=moving)
    )
    return list(
        Message.objects.filter(Q(person__in=list(days)) & of_a_day | Q(key__in=list(keys)))
        .filter(kind__in=(Kind.DEADLINE, Kind.NOTICE))
        .only(
            "key",
            "kind",
            "person",
            "state",
            "written_for",
            "created_at",
            "sent_at",
            "next_try_at",
            "claimed_until",
        )
        .order_by("pk")
    )


def _counts(mail: Message, day: Day, first: bool) -> bool:
    if _is_handed_over(mail, day):
        return True
    if mail.state == MessageState.FAILED:
        return mail.written_for == day.date
    if mail.kind == Kind.DEADLINE:  # whatever day it was written for, it goes out next
        again = mail.state == MessageState.UNCERTAIN and mail.next_try_at is not None
        return not first and (again or mail.state in (MessageState.PENDING, MessageState.CLAIMED))
    if mail.state != MessageState.PENDING or _is_put_off(mail, day):
        return False
    return not (first and day.is_after(mail.created_at))


def _is_put_off(mail: Message, day: Day) -> bool:
    return mail.next_try_at is not None and mail.next_try_at > day.at and not day.holds(mail.next_try_at)


def _is_handed_over(mail: Message, day: Day) -> bool:
    """Whether a mail server took it on this day, or perhaps did."""
    if mail.state in DEPARTED:
        return mail.written_for == day.date or (mail.sent_at is not None and day.holds(mail.sent_at))
    if mail.state == MessageState.CLAIMED and mail.claimed_until is not None and mail.claimed_until > day.at:
        return True
    return mail.state in (MessageState.CLAIMED, MessageState.UNCERTAIN) and mail.written_for == day.date


def _is_sent_by_hand(message: Message) -> bool:
    return Event.objects.filter(action=Action.MAIL_RESENT, details__mail=message.pk).exists()


def _works(message: Message, day: Day) -> BusinessDay:
    """The calendar of offices of a programme that the mail is about; of none, that of the reader's zone."""
    about = Q(grants__deadlines__reminders__message=message) | Q(
        pk__in=message.waiting_steps.order_by("pk").values("programme")
    )
    programme = Programme.objects.filter(about).select_related("distributor").order_by("pk").first()
    return works_in(programme) if programme else business_days_in(day.zone.key)
