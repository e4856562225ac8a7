"""What a sweep asks the database: few questions, each about everything at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from minori.accounts.enums import WRITING_ROLES, Role, StaffRole
from minori.accounts.models import Membership, Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail.enums import WAITING_OUTCOMES, Kind, Ladder, MessageState, Outcome
from minori.mail.ladders import Rung, is_sending_time
from minori.mail.models import LedgerEntry, Message, Step
from minori.organizations.enums import OrganizationState
from minori.programmes.enums import DeadlineState
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import BusinessDay, business_days_in
from minori.programmes.models import Deadline, Grant, Programme

SWEEP_LOCK = 4_701_001
"""Number of the advisory lock under which reminders and notices are planned, one at a time."""


@dataclass(frozen=True)
class Due:
    """A report that is waited for, and the calendar its ladder runs on."""

    deadline_id: int
    organization_id: int
    programme_id: int
    officer_id: int
    due_version: int
    ladder: Ladder
    opens_on: date
    due_on: date
    today: date
    works: BusinessDay


Decided = tuple[int, str, int | None, int]
"""Deadline, step, person, due version: what the ledger holds once."""


@dataclass(frozen=True)
class Held:
    """A step that is decided and in no mail yet. `allowed`: an officer said yes; else one is asked."""

    entry_id: int
    deadline_id: int
    step: str
    person_id: int
    allowed: bool


@dataclass(frozen=True)
class Ledger:
    """What was decided before, and who was written to before (deadline, person), whatever the due date was.

    `sent`: which steps of which due date reached whom, under whatever version (deadline, step, person, due date). `held`:
    what waits for an officer's word or for the next mail.
    """

    decided: frozenset[Decided]
    told: frozenset[tuple[int, int]]
    sent: frozenset[tuple[int, str, int, date]] = frozenset()
    held: Sequence[Held] = ()


@dataclass(frozen=True)
class Asked:
    """Something that a member of the desk did in a report, which the organization answers."""

    pk: int
    deadline_id: int
    action: str
    person_id: int


def asked_by_officers(deadlines: Collection[int], *, actions: Collection[str]) -> list[Asked]:
    """What people of the desk did in these reports, oldest first; of those who work there still. One query."""
    staff = StaffMembership.objects.active().filter(
        person_id=OuterRef("person_id"), distributor_id=OuterRef("distributor_id")
    )
    done = Event.objects.filter(Exists(staff), deadline_id__in=deadlines, action__in=actions)
    found = done.order_by("pk").values_list("pk", "deadline_id", "action", "person_id")
    return [
        Asked(pk, deadline, action, person)
        for pk, deadline, action, person in found
        if deadline is not None and person is not None
    ]


def took_over(grants: Collection[int]) -> dict[tuple[int, int], datetime]:
    """When people took grants over from others, by grant and person. One query."""
    handed = Event.objects.filter(action=Action.GRANTS_HANDED_OVER, grant_id__in=grants).order_by("pk")
    return {
        (grant, person): at
        for grant, person, at in handed.values_list("grant_id", "details__to", "at")
        if grant is not None and person is not None
    }


def lock_planning() -> None:
    """Wait for the planners' lock; it goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])


def programmes_without_steps() -> list[int]:
    """Programmes whose ladder has not been written yet; one that was set by hand may be empty."""
    new = Programme.objects.filter(reminder_steps=None, ladder_setting=None)
    return list(new.order_by("pk").values_list("pk", flat=True))


def waited_for(at: datetime, *, among: Collection[int] | None = None) -> list[Due]:
    """Open reports (`among` these) of distributors where reminders go out at this moment: one query, and two for
    the lists of holidays where programmes have their own; none for no report."""
    if among is not None and not among:
        return []
    every = Deadline.objects.filter(pk__in=among) if among is not None else Deadline.objects.all()
    rows = (
        every.awaiting_the_organization()
        .with_effective_due_on()
        .filter(
            organization__state=OrganizationState.ACTIVE, round__opens_on__lte=at.date() + timedelta(days=1)
        )
        .order_by("pk")
        .values_list(  # type: ignore[misc]  # the checker does not see what with_effective_due_on adds
            "pk",
            "organization_id",
            "due_version",
            "state",
            "round__opens_on",
            "effective_due",
            "grant__programme_id",
            "grant__lead_officer_id",
            "grant__programme__distributor__time_zone",
            "grant__programme__holidays_id",
        )
    )
    found = []
    own = works_by({row[-1] for row in rows if row[-1]})
    clocks: dict[tuple[str, int | None], tuple[bool, date, BusinessDay]] = {}
    for pk, organization, version, state, opens_on, due_on, programme, officer, zone, holidays in rows:
        if (zone, holidays) not in clocks:
            works = own[holidays] if holidays else business_days_in(zone)
            clocks[zone, holidays] = _clock(at, ZoneInfo(zone), works)
        sending, today, works = clocks[zone, holidays]
        if sending:
            ladder = Ladder.RETURN if state == DeadlineState.RETURNED else Ladder.DUE
            found.append(
                Due(pk, organization, programme, officer, version, ladder, opens_on, due_on, today, works)
            )
    return found


def rungs_of(programme_ids: Collection[int]) -> dict[tuple[int, Ladder], tuple[Rung, ...]]:
    """The steps of programmes, by programme and ladder."""
    found: dict[tuple[int, Ladder], list[Rung]] = defaultdict(list)
    rows = Step.objects.filter(programme__in=programme_ids).order_by("pk")
    for programme, ladder, key, days, asks, since in rows.values_list(
        "programme_id", "ladder", "key", "days", "asks_officer", "since"
    ):
        found[programme, Ladder(ladder)].append(Rung(key, days, asks, since))
    return {key: tuple(rungs) for key, rungs in found.items()}


def writers_of(organization_ids: Collection[int]) -> dict[int, list[int]]:
    """Person ids of the active editors and approvers of organizations; nobody whose sign-in is closed."""
    return _members_of(organization_ids, WRITING_ROLES)


def officers_of(grants: Collection[Grant]) -> dict[int, list[int]]:
    """Who is told of what waits for an officer, by grant: the lead, then the deputy, nobody whose sign-in is closed; where
    neither is left the distributor's managers. The grants come with their programmes. Two queries at most."""
    named = {
        grant.pk: [pk for pk in (grant.lead_officer_id, grant.deputy_officer_id) if pk] for grant in grants
    }
    everybody = {pk for some in named.values() for pk in some}
    closed = set(
        Person.objects.filter(pk__in=everybody, user__is_active=False).values_list("pk", flat=True)
        if everybody
        else ()
    )
    left = {grant: [pk for pk in some if pk not in closed] for grant, some in named.items()}
    of_house = {grant.pk: grant.programme.distributor_id for grant in grants if not left[grant.pk]}
    managers: dict[int, list[int]] = defaultdict(list)
    if of_house:
        found = StaffMembership.objects.active().filter(
            role=StaffRole.MANAGER, distributor__in=set(of_house.values())
        )
        active = found.exclude(person__user__is_active=False).order_by("pk")
        for house, person in active.values_list("distributor_id", "person_id"):
            managers[house].append(person)
    return left | {grant: managers[house] for grant, house in of_house.items()}


def still_writes() -> Exists:
    """Whether the person of a ledger's entry is one whom `writers_of` finds in the organization of its report."""
    return Exists(
        Membership.objects.active()
        .filter(
            organization=OuterRef("deadline__organization"), person=OuterRef("person"), role__in=WRITING_ROLES
        )
        .exclude(person__user__is_active=False)
    )


def is_writer(membership: Membership) -> bool:
    """Whether `writers_of` would find an active membership, which came with its person and user."""
    user = membership.person.user
    return membership.role in WRITING_ROLES and (user is None or user.is_active)


def approvers_of(organization_ids: Collection[int]) -> dict[int, list[int]]:
    """Person ids of the active approvers of organizations; nobody whose sign-in is closed."""
    return _members_of(organization_ids, {Role.APPROVER})


def _members_of(organization_ids: Collection[int], roles: Collection[Role]) -> dict[int, list[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = (
        Membership.objects.active()
        .filter(organization__in=organization_ids, role__in=roles)
        .exclude(person__user__is_active=False)
        .order_by("pk")
    )
    for organization, person in rows.values_list("organization_id", "person_id"):
        found[organization].add(person)
    return {organization: sorted(people) for organization, people in found.items()}


def ledger_of(deadline_ids: Collection[int]) -> Ledger:
    """What the ledger says about deadlines."""
    decided: set[Decided] = set()
    told: set[tuple[int, int]] = set()
    sent: set[tuple[int, str, int, date]] = set()
    held: list[Held] = []
    rows = LedgerEntry.objects.filter(deadline__in=deadline_ids).order_by("pk")
    for pk, deadline, step, person, version, due_on, outcome in rows.values_list(
        "pk", "deadline_id", "step", "person_id", "due_version", "due_on", "outcome"
    ):
        decided.add((deadline, step, person, version))
        if person is None or outcome == Outcome.SKIPPED:
            continue
        if outcome in WAITING_OUTCOMES:
            held.append(Held(pk, deadline, step, person, allowed=outcome == Outcome.ALLOWED))
        else:
            told.add((deadline, person))
        if outcome == Outcome.SENT:
            sent.add((deadline, step, person, due_on))
    return Ledger(frozenset(decided), frozenset(told), frozenset(sent), tuple(held))


def waiting_reminders(persons: Collection[int], *, held: bool = False) -> dict[int, int]:
    """Reminders of due dates that wait in the outbox for these people, the newest of each, by person; one query, none for
    nobody. `held`: until the transaction ends, so that no sender takes them; one that a sender has just taken is left out.
    """
    if not persons:
        return {}
    waiting = Message.objects.filter(person__in=persons, kind=Kind.DEADLINE, state=MessageState.PENDING)
    if held:
        waiting = waiting.select_for_update(of=("self",), skip_locked=True)
    found = waiting.order_by("pk").values_list("person_id", "pk")
    return {person: pk for person, pk in found if person is not None}


def perhaps_sent(persons: Collection[int], *, at: datetime) -> list[Message]:
    """Reminders of due dates to these people that perhaps went out and would go out again, also those whose sender did not
    come back; held until the transaction ends, one that a sender has just taken is left out."""
    again = Q(state=MessageState.UNCERTAIN, next_try_at__isnull=False)
    abandoned = Q(state=MessageState.CLAIMED, claimed_until__lte=at)
    found = Message.objects.filter(again | abandoned, person__in=persons, kind=Kind.DEADLINE)
    return list(found.select_for_update(of=("self",), skip_locked=True).order_by("pk"))


def known_keys(keys: Iterable[str]) -> set[str]:
    """Which of these keys the outbox holds already."""
    return set(Message.objects.filter(key__in=list(keys)).order_by("pk").values_list("key", flat=True))


def _clock(at: datetime, zone: ZoneInfo, works: BusinessDay) -> tuple[bool, date, BusinessDay]:
    return is_sending_time(at, zone=zone, works=works), at.astimezone(zone).date(), works
