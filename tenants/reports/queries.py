"""What pages ask: the organization's deadlines, its filings, its people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from minori.accounts.enums import Role
from minori.accounts.models import Membership, Person
from minori.filings import closing
from minori.filings.enums import Side
from minori.filings.models import Consultation, Filing
from minori.mail.models import FlaggedAddress
from minori.programmes.enums import DeadlineState, ExtensionState, Standing
from minori.programmes.models import Deadline, ExtensionRequest
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ChangeState, Party
from minori.registry.models import FrameworkVersion
from minori.report_forms.edition import Field
from minori.report_forms.framework import Indicator
from minori.tenancy.rooms import current_room_id

_RELATED = (
    "grant__programme__distributor",
    "grant__lead_officer",
    "grant__deputy_officer",
    "round",
    "organization",
)
# The papers themselves are large, and no list shows them.
_HEAVY = ("contents", "part_hashes")
_CHIPS = {Standing.RETURNED: "returned", Standing.ACCEPTED: "done", Standing.OVERDUE: "returned"}


@dataclass(frozen=True)
class Stand:
    """A deadline as the organization sees it today."""

    deadline: Deadline
    standing: Standing
    today: date

    @property
    def days_left(self) -> int:
        """Days to the date in force; negative once it has passed."""
        return self.deadline.days_left(self.today)

    @property
    def closed(self) -> bool:
        """Whether it is too late to hand in for the first time."""
        return self.deadline.state == DeadlineState.AWAITING and self.deadline.has_closed(self.today)

    @property
    def closed_words(self) -> str:
        """Since when, and whom to ask."""
        return closing.sentence(self.deadline)

    @property
    def closes_on(self) -> date | None:
        """The last day to hand in for the first time, while that matters."""
        return self.deadline.closes_on if self.deadline.state == DeadlineState.AWAITING else None

    @property
    def may_write(self) -> bool:
        """Whether the report is open for writing."""
        return self.standing in {Standing.OPEN, Standing.OVERDUE, Standing.RETURNED}

    @property
    def chip(self) -> str:
        """The state of the chip beside it."""
        return _CHIPS.get(self.standing, "note")


def _here() -> int:
    organization_id = current_room_id()
    assert organization_id is not None, "these are questions of a room"
    return organization_id


def ours() -> QuerySet[Deadline]:
    """The deadlines of the organization whose room this is, with all that pages name."""
    related = Deadline.objects.filter(organization_id=_here()).select_related(*_RELATED, "current_filing")
    return related.defer(*(f"current_filing__{name}" for name in _HEAVY))


def standings(deadlines: Sequence[Deadline], *, at: datetime) -> list[Stand]:
    """How these deadlines stand, each on its distributor's own date."""
    return [standing(deadline, at=at) for deadline in deadlines]


def standing(deadline: Deadline, *, at: datetime) -> Stand:
    """How a deadline stands on its distributor's date."""
    today = deadline.grant.programme.distributor.local_date(at)
    return Stand(deadline=deadline, standing=deadline.standing(today), today=today)


def deadline_or_404(pk: int) -> Deadline:
    """One of the organization's own deadlines; Http404 for anything else."""
    deadline = ours().filter(pk=pk).first()
    if deadline is None:
        raise Http404
    return deadline


@dataclass(frozen=True, slots=True)
class Form:
    """Which form a report is written in, and from whose plan its rows come."""

    edition: str
    edition_version: int
    grant_id: int
    round_number: int
    period_starts_on: date
    period_ends_on: date
    current_filing_id: int | None


def form_or_404(pk: int) -> Form:
    """The form of one of the organization's own reports and nothing else of it; Http404 for anything else."""
    asked = (
        "round__edition",
        "round__edition_version",
        "grant_id",
        "round__number",
        "round__period_starts_on",
        "round__period_ends_on",
        "current_filing_id",
    )
    found = Deadline.objects.filter(organization_id=_here(), pk=pk).values_list(*asked).first()
    if found is None:
        raise Http404
    return Form(*found)


# In SQL as it stands: composing it anew would be a quarter of what an autosave costs.
_ROWS_ASKED = """
    SELECT r.uuid, i.uuid, i.mark, i.target, i.mid_state, i.post_state FROM public.registry_registeredrow r
    LEFT JOIN public.registry_registeredindicator i ON i.row_id = r.id
    WHERE r.version_id = (
        SELECT id FROM public.registry_frameworkversion
        WHERE grant_id = %s AND effective_from_round <= %s ORDER BY number DESC LIMIT 1
    ) AND r.level = %s AND r.support = %s AND r.uuid = ANY(%s) ORDER BY i.position
"""


def rows_asked(form: Form, field: Field, uuids: Collection[UUID]) -> dict[UUID, list[Indicator]]:
    """Those of the rows that a results field asks about, by the plan of the report's round, each with its
    indicators: these by identity and mark, and what they are to reach."""
    found: dict[UUID, list[Indicator]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS_ASKED, [form.grant_id, form.round_number, field.level, field.support, list(uuids)]
        )
        for row, indicator, mark, target, mid, post in cursor.fetchall():
            known = found.setdefault(row, [])
            if indicator:
                known.append(
                    Indicator(uuid=indicator, mark=mark, target=target, mid_state=mid, post_state=post)
                )
    return found


def filings_of(deadline: Deadline) -> list[Filing]:
    """What was handed in for a report, newest first, without the papers themselves."""
    return list(Filing.objects.filter(deadline=deadline).defer(*_HEAVY).order_by("-revision"))


def last_revision(deadline: Deadline) -> int:
    """The number of the newest revision that was ever handed in, recalled ones included; 0 for none."""
    newest = Filing.objects.filter(deadline=deadline).order_by("-revision").values_list("revision", flat=True)
    return newest.first() or 0


def filing_or_404(deadline: Deadline, revision: int) -> Filing:
    """One revision of a report with its paper; Http404 when there is none."""
    filing = Filing.objects.filter(deadline=deadline, revision=revision).first()
    if filing is None:
        raise Http404
    return filing


def consultations_of(deadline: Deadline) -> list[Consultation]:
    """The drafts that were shown to the officer, newest first, each with the number of the officer's `answers`."""
    return list(
        Consultation.objects.filter(deadline=deadline)
        .defer("contents")
        .annotate(answers=Count("remarks", filter=Q(remarks__side=Side.DESK)))
        .order_by("-number")
    )


def open_requests(deadlines: Sequence[Deadline]) -> dict[int, ExtensionRequest]:
    """The requests for more time that wait for an answer, by deadline; one query."""
    found = ExtensionRequest.objects.filter(deadline__in=deadlines, state=ExtensionState.OPEN).order_by("pk")
    return {one.deadline_id: one for one in found}


def plans_to_confirm() -> list[FrameworkVersion]:
    """Plans that the officer loaded and nobody here has confirmed yet: the newest of each grant."""
    newest = (
        FrameworkVersion.objects.filter(organization_id=_here())
        .select_related("grant")
        .order_by("grant_id", "-number")
        .distinct("grant_id")
    )
    return [version for version in newest if version.confirmed_at is None]


def changes_with_us() -> list[ChangeRequest]:
    """Change requests that wait for the organization: sent back for re-work, or proposed by the officer."""
    ours = Q(party=Party.ROOM, state=ChangeState.RETURNED) | Q(party=Party.DESK, state=ChangeState.WAITING)
    asked = ChangeRequest.objects.filter(ours, organization_id=_here())
    return list(asked.select_related("grant").order_by("grant_id"))


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, with their roles."""

    person: Person
    roles: tuple[Role, ...]


def people() -> list[Colleague]:
    """Everybody with an active membership, in the order of their names."""
    active = Membership.objects.active().filter(organization_id=_here())
    found: dict[int, tuple[Person, list[Role]]] = {}
    for membership in active.select_related("person").order_by("person__name_kana", "person__name", "pk"):
        _person, roles = found.setdefault(membership.person_id, (membership.person, []))
        roles.append(Role(membership.role))
    return [
        Colleague(person=person, roles=tuple(role for role in Role if role in roles))
        for person, roles in found.values()
    ]


def approvers() -> list[str]:
    """Names of the people who may hand in."""
    return [colleague.person.name for colleague in people() if Role.APPROVER in colleague.roles]


def was_recalled(deadline: Deadline, filings: Sequence[Filing]) -> bool:
    """Whether something was handed in and taken back, so that nothing counts now."""
    return deadline.state == DeadlineState.AWAITING and bool(filings)


def unreached() -> list[Person]:
    """The organization's people whose mails do not arrive; one query."""
    flags = FlaggedAddress.objects.filter(cleared_at=None).values("address")
    ours = Membership.objects.active().filter(organization_id=current_room_id()).values("person_id")
    found = Person.objects.annotate(lower=Lower("email")).filter(pk__in=ours, lower__in=flags)
    return list(found.order_by("name_kana", "name", "pk"))
