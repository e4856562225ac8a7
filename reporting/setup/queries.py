"""What the pages of setting up show."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from minori.accounts.enums import DECIDING_STAFF_ROLES
from minori.accounts.models import Person
from minori.organizations.models import Organization
from minori.programmes.enums import ExtensionState, Standing
from minori.programmes.holiday_lists import works_in
from minori.programmes.models import (
    Deadline,
    Distributor,
    ExtensionRequest,
    Grant,
    HolidayList,
    Programme,
    Round,
)
from minori.programmes.proposing import ProposedRound, propose_next
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ProposalState
from minori.registry.models import FrameworkVersion, Proposal


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline with how it stands today."""

    deadline: Deadline
    standing: Standing


def last_edition(*, of: Programme | Distributor) -> str:
    """The form of the newest round of a programme, or of a distributor's newest programme; "" where there is none."""
    rounds = Round.objects.all()
    rounds = (
        rounds.filter(programme=of) if isinstance(of, Programme) else rounds.filter(programme__distributor=of)
    )
    newest = rounds.order_by("-programme__starts_on", "-programme_id", "-number").first()
    return f"{newest.edition}.{newest.edition_version}" if newest else ""


def officers_of(distributor: Distributor) -> QuerySet[Person]:
    """The people who may look after a distributor's grants: its officers and managers."""
    return (
        Person.objects.filter(
            staff_memberships__distributor=distributor,
            staff_memberships__ended_at=None,
            staff_memberships__role__in=DECIDING_STAFF_ROLES,
        )
        .distinct()
        .order_by("name_kana", "name", "pk")
    )


def funded_by(distributor: Distributor) -> QuerySet[Organization]:
    """The organizations with a grant in one of the distributor's programmes."""
    grants = Grant.objects.filter(programme__distributor=distributor)
    return Organization.objects.filter(pk__in=grants.values("organization"))


def holiday_lists_of(distributor: Distributor) -> QuerySet[HolidayList]:
    """A distributor's lists of holidays with the number of their days, the first and the last of them, and their
    programmes."""
    return (
        distributor.holiday_lists.annotate(
            day_count=Count("days"), begins_on=Min("days__on"), ends_on=Max("days__on")
        )
        .prefetch_related(Prefetch("programmes", Programme.objects.order_by("title", "pk")))
        .order_by("name", "pk")
    )


def years_of(list_: HolidayList) -> list[int]:
    """The years that a list has days in."""
    return [day.year for day in list_.days.order_by("on").dates("on", "year")]


def with_counts(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes with the number of their rounds and grants."""
    return programmes.annotate(
        round_count=Count("rounds", distinct=True), grant_count=Count("grants", distinct=True)
    )


def grants_of(programme: Programme, *, words: str = "") -> QuerySet[Grant]:
    """A programme's grants with organization, officers, newest plan and waiting proposal, in three queries.

    `words`: only those that have them in a name, the title or the code.
    """
    found = programme.grants.all()
    if words:
        named = ("organization__name", "organization__name_kana", "title", "code")
        found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": words}) for name in named)))
    return (
        found.select_related("organization", "lead_officer", "deputy_officer")
        .prefetch_related(
            Prefetch("framework_versions", FrameworkVersion.objects.order_by("-number")),
            Prefetch(
                "proposals",
                Proposal.objects.filter(state=ProposalState.WAITING).defer("contents").order_by("pk"),
                to_attr="waiting",
            ),
        )
        .order_by("organization__name_kana", "organization__name", "pk")
    )


def deadlines_of(grant: Grant, *, today: date) -> list[DeadlineLine]:
    """A grant's deadlines in the order of the rounds, each with its open request (`asked`)."""
    asked = ExtensionRequest.objects.filter(state=ExtensionState.OPEN).order_by("pk")
    found = (
        grant.deadlines.select_related("round")
        .prefetch_related(Prefetch("extension_requests", asked, to_attr="asked"))
        .order_by("round__number")
    )
    return [DeadlineLine(deadline, deadline.standing(today)) for deadline in found]


def deadlines_in(round_: Round, *, today: date) -> list[DeadlineLine]:
    """The deadlines of a round in the order of the organizations' names, each with its open request."""
    related = ("grant__organization", "grant__lead_officer", "round")
    asked = ExtensionRequest.objects.filter(state=ExtensionState.OPEN).order_by("pk")
    found = (
        round_.deadlines.select_related(*related)
        .prefetch_related(Prefetch("extension_requests", asked, to_attr="asked"))
        .order_by("grant__organization__name_kana", "grant__organization__name", "pk")
    )
    return [DeadlineLine(deadline, deadline.standing(today)) for deadline in found]


def staying_behind(round_: Round) -> list[Deadline]:
    """The deadlines of a round that are not due with it, in the order of the organizations' names."""
    return list(
        round_.deadlines.exclude(due_on=round_.due_on)
        .select_related("grant__organization")
        .order_by("grant__organization__name_kana", "grant__organization__name", "pk")
    )


def next_round(programme: Programme) -> ProposedRound | None:
    """The round that the calendar proposes behind those that a programme has; None where the last one ends it."""
    return propose_next(
        list(programme.rounds.all()),
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        works=works_in(programme),
        calendar=programme.distributor.fiscal_calendar,
    )


def rounds_without_deadline(grant: Grant) -> QuerySet[Round]:
    """Rounds of the programme in which the grant is not asked for a report."""
    return (
        Round.objects.filter(programme_id=grant.programme_id)
        .exclude(deadlines__grant=grant)
        .order_by("number")
    )


def change_requests_of(grant: Grant) -> QuerySet[ChangeRequest]:
    """A grant's change requests, the newest first, each with the moment it was sent last."""
    return grant.change_requests.annotate(sent_at=Max("revisions__sent_at")).order_by("-number")


def first_round_open(grant: Grant) -> int:
    """Number of the first round that the grant has handed nothing in for: from where a new plan would count."""
    open_rounds = grant.deadlines.filter(current_filing=None).order_by("round__number")
    first = open_rounds.values_list("round__number", flat=True).first()
    return first or 1
