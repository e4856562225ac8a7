"""Which due dates concern a person: of the organizations they work in, and of the grants they look after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from minori.accounts.models import Membership, Person, StaffMembership
from minori.audit.models import Event
from minori.mail import links
from minori.organizations.enums import OrganizationState
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.models import Deadline


@dataclass(frozen=True)
class Due:
    """One report as it stands in a calendar. `on` is the day that counts; `as_officer`: seen from the desk.

    `changes` counts what became of the report, so that calendars move the entry they have; `days_late`: how long
    ago the day was, by the distributor's clock, while the report is still to come (0: it is not late).
    """

    deadline: Deadline
    on: date
    as_officer: bool
    changes: int = 0
    days_late: int = 0

    name: ClassVar[str] = "deadline"

    @property
    def sequence(self) -> int:
        """Counts moved dates and a waiver: what calendars call SEQUENCE."""
        return 2 * self.deadline.due_version + (1 if self.is_waived else 0)

    @property
    def is_off(self) -> bool:
        """Whether the day no longer matters, so that calendars take it out."""
        return self.is_waived

    @property
    def is_waived(self) -> bool:
        """Whether no report is required."""
        return self.deadline.state == DeadlineState.WAIVED

    @property
    def is_in(self) -> bool:
        """Whether the report is in the officer's hands, or accepted."""
        return self.deadline.state in (DeadlineState.HANDED_IN, DeadlineState.ACCEPTED)

    @property
    def title(self) -> str:
        """What the entry says, in the language in force: what, whose, and that it is in where it is."""
        words = {
            "report": self.deadline.round.title,
            "whose": self.deadline.organization.name if self.as_officer else self.deadline.grant.title,
        }
        if self.is_waived:
            return _("Not required: %(report)s, %(whose)s") % words
        if self.is_in:
            return _("Handed in: %(report)s, %(whose)s") % words
        if self.deadline.state == DeadlineState.RETURNED:
            return _("Due again: %(report)s, %(whose)s") % words
        return _("Due: %(report)s, %(whose)s") % words

    @property
    def hint(self) -> str:
        """The project, where the title names the organization: it may have several with the same round."""
        return self.deadline.grant.title if self.as_officer else ""

    @property
    def url(self) -> str:
        """The page of the report, on the side it is seen from."""
        if self.as_officer:
            return links.review_page(deadline_id=self.deadline.pk)
        return links.report_page(slug=self.deadline.organization.slug, deadline_id=self.deadline.pk)


class Closing(Due):
    """The last day on which a report can be handed in at all (受付締切日), or could until the day was lifted."""

    name = "closing"

    @property
    def sequence(self) -> int:
        """Counts everything that happened to the report: its closing date moves with other dates too."""
        return self.changes

    @property
    def is_off(self) -> bool:
        """Once something is handed in, or the day was lifted, it closes nothing any more."""
        return self.deadline.state != DeadlineState.AWAITING or self.deadline.closes_on is None

    @property
    def title(self) -> str:
        """What closes, and whose it is."""
        whose = self.deadline.organization.name if self.as_officer else self.deadline.grant.title
        return _("Closes: %(report)s, %(whose)s") % {"report": self.deadline.round.title, "whose": whose}


FEW = 10
"""So many reports of one round on one day are named one by one on the page."""


@dataclass(frozen=True)
class Many:
    """The reports of one round that an officer's page has on one day, told as one: thousands would hide the rest."""

    every: Sequence[Due]

    @property
    def on(self) -> date:
        """The day that they share."""
        return self.every[0].on

    @property
    def title(self) -> str:
        """What the entry says: the round, how many there are, and how many of them are in."""
        words = {
            "report": self.every[0].deadline.round.title,
            "count": len(self.every),
            "in": sum(one.is_in for one in self.every),
        }
        if self.every[0].name == Closing.name:
            return _("%(report)s closes for %(count)s organizations") % words
        return _("%(report)s of %(count)s organizations, %(in)s handed in") % words

    @property
    def days_late(self) -> int:
        """As late as they are: they share round and day."""
        return self.every[0].days_late

    @property
    def hint(self) -> str:
        """The programme."""
        return self.every[0].deadline.grant.programme.title

    @property
    def url(self) -> str:
        """The round on the programme's board."""
        first = self.every[0].deadline
        return links.board_page(code=first.grant.programme.code, round_number=first.round.number)


def told_together(entries: Iterable[Due]) -> list[Due | Many]:
    """The entries in their order, those of the desk put together where one round has more than a few on one day."""
    groups: dict[tuple[Any, ...], list[Due]] = {}
    for one in entries:
        alone = one.deadline.pk if not one.as_officer else None
        groups.setdefault((one.on, one.deadline.round_id, one.name, alone), []).append(one)
    found: list[Due | Many] = []
    for some in groups.values():
        found.extend([Many(some)] if len(some) > FEW else some)
    return sorted(found, key=lambda one: one.on)


def of(person: Person, *, at: datetime, since: date | None = None) -> Sequence[Due]:
    """Every due date and closing date that concerns the person, by day, as things stand at a moment.

    `since`: only the reports that are still to come, and those of which some date is not before this day. Three
    queries, however many there are.
    """
    rooms = set(
        Membership.objects.active()
        .filter(person=person)
        .values_list("organization_id", flat=True)
        .order_by("pk")
    )
    desks = set(
        StaffMembership.objects.active()
        .filter(person=person)
        .values_list("distributor_id", flat=True)
        .order_by("pk")
    )
    looks_after = Q(grant__lead_officer=person) | Q(grant__deputy_officer=person)
    ours = Q(organization__in=rooms) | looks_after & Q(grant__programme__distributor__in=desks)
    found = (
        Deadline.objects.filter(ours)
        .exclude(organization__state=OrganizationState.CLOSED)
        .select_related("grant__programme__distributor", "round", "organization")
        .annotate(changes=_changes(), closed_until=_lifted())
        .order_by("pk")
    )
    if since is not None:
        dates = ("due_on", "extended_to", "returned_due_on", "closes_on")
        waited = Q(state__in=OPEN_STATES)
        found = found.filter(reduce(or_, (Q(**{f"{name}__gte": since}) for name in dates), waited))
    due: list[Due] = []
    for one in found:
        as_officer = one.organization_id not in rooms
        due.append(Due(one, _day(one), as_officer=as_officer, days_late=_days_late(one, at)))
        if closes_on := one.closes_on or _read(one.closed_until):  # type: ignore[attr-defined]  # annotated above
            changes: int = one.changes  # type: ignore[attr-defined]  # annotated above
            due.append(Closing(one, closes_on, as_officer=as_officer, changes=changes))
    return sorted(due, key=lambda one: (one.on, one.deadline.pk))


def _changes() -> Coalesce:
    """How many events a report has: it only grows."""
    events = Event.objects.filter(deadline_id=OuterRef("pk")).order_by().values("deadline_id")
    counted = Subquery(events.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Coalesce(counted, 0)


def _lifted() -> Subquery:
    """The closing date that a report had when one was taken away last, as text."""
    events = Event.objects.filter(deadline_id=OuterRef("pk"), details__closes_to="")
    return Subquery(events.order_by("-pk").values(day=KT("details__closes_from"))[:1])


def _read(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _days_late(deadline: Deadline, at: datetime) -> int:
    if deadline.state not in OPEN_STATES:
        return 0
    return max(0, -deadline.days_left(deadline.grant.programme.distributor.local_date(at)))


def _day(deadline: Deadline) -> date:
    """The day that counted last: that of a return stays when the report is in again."""
    if deadline.returned_at is not None and deadline.returned_due_on is not None:
        return deadline.returned_due_on
    return deadline.extended_to or deadline.due_on
