"""What the review pages read: reports that wait, a report's revisions, comments and steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import consulting
from minori.filings.change_wishes import wishing
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState, Side
from minori.filings.models import Comment, Consultation, Filing, OpenPart
from minori.programmes.enums import OPEN_STATES, DeadlineState, ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest
from minori.registry.change_models import ChangeRequest, ChangeRevision
from minori.registry.enums import ChangeState, Party, ProposalState
from minori.registry.models import Proposal

Rows = QuerySet[Any, Any]
"""Rows of a list as dicts."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A report beside another one in the waiting list."""

    pk: int
    organization: str


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The reports before and after one in the waiting list; `place` counts from 1, None when it does not wait."""

    before: Neighbour | None
    after: Neighbour | None
    place: int | None
    of: int


def waiting(distributor_ids: Iterable[int]) -> QuerySet[Any]:
    """Every report that waits for review; `came_at` is when its waiting began.

    `wishes`: whether it wishes to talk about a change of the plan.
    """
    found = Deadline.objects.filter(
        state=DeadlineState.HANDED_IN, grant__programme__distributor__in=list(distributor_ids)
    )
    return found.annotate(
        came_at=Case(
            When(returned_at=None, then="first_handed_in_at"), default="current_filing__handed_in_at"
        ),
        wishes=Exists(wishing(Deadline.objects.filter(pk=OuterRef("pk")))),
    )


def consultations(deadline: Deadline) -> list[Consultation]:
    """The drafts of one report that are shown to consult now, the newest first."""
    shown = (
        _shown().filter(deadline=deadline).select_related("deadline__grant__organization", "deadline__round")
    )
    return list(shown.defer("contents").order_by("-number"))


def consultations_shown(distributor_ids: Iterable[int]) -> Rows:
    """The newest draft that is shown to consult of every report of these distributors, oldest first.

    Drafts of reports that were handed in meanwhile are listed with their report only.
    """
    later = Consultation.objects.filter(
        withdrawn_at=None, deadline=OuterRef("deadline"), number__gt=OuterRef("number")
    )
    ours: Rows = _shown().filter(
        ~Exists(later),
        deadline__state__in=OPEN_STATES,
        deadline__grant__programme__distributor__in=list(distributor_ids),
    )
    return ours.order_by("shown_at", "pk").values(
        "deadline",
        "number",
        "question",
        "shown_at",
        "waits",
        "deadline__round__title",
        "deadline__grant__organization__name",
    )


def _shown() -> QuerySet[Any]:
    """`waits` says that the organization had the last word."""
    return consulting.with_last_word(Consultation.objects.filter(withdrawn_at=None))


def extensions(distributor_ids: Iterable[int]) -> Rows:
    """The requests for more time that wait for an answer, oldest first."""
    waits: Rows = ExtensionRequest.objects.filter(
        state=ExtensionState.OPEN, deadline__grant__programme__distributor__in=list(distributor_ids)
    )
    of_deadline = ("due_on", "extended_to", "state", "returned_due_on", "round__title")
    return waits.order_by("asked_at", "pk").values(
        "deadline",
        "until",
        "reason",
        "asked_at",
        *(f"deadline__{name}" for name in of_deadline),
        "deadline__grant__organization__name",
    )


def proposals(distributor_ids: Iterable[int]) -> Rows:
    """The plans that wait to be registered, oldest first."""
    waits: Rows = Proposal.objects.filter(
        state=ProposalState.WAITING, grant__programme__distributor__in=list(distributor_ids)
    )
    return waits.order_by("proposed_at", "pk").values(
        "pk", "proposed_at", "proposed_by_name", "grant__code", "grant__title", "grant__organization__name"
    )


def change_requests(distributor_ids: Iterable[int]) -> Rows:
    """The change requests that wait for the officer's decision, oldest first, each with the moment it was sent last."""
    waits = Q(party=Party.ROOM, state=ChangeState.WAITING) | Q(state=ChangeState.ANSWERED)
    found: Rows = ChangeRequest.objects.filter(waits, grant__programme__distributor__in=list(distributor_ids))
    sent = ChangeRevision.objects.filter(request=OuterRef("pk")).order_by("-sent_at")
    dated: Rows = found.annotate(sent_at=Subquery(sent.values("sent_at")[:1])).order_by("sent_at", "pk")
    return dated.values(
        "number", "state", "sent_at", "grant__code", "grant__title", "grant__organization__name"
    )


def days_waiting(deadline: Deadline, *, at: datetime) -> int:
    """Whole days since the report came, on the distributor's calendar.

    A correction that the organization took over makes a revision, and does not send the report to the end of the
    queue: until it is sent back, what was handed in first counts.
    """
    distributor = deadline.grant.programme.distributor
    came = deadline.current_filing.handed_in_at if deadline.current_filing else at
    if deadline.returned_at is None:
        came = deadline.first_handed_in_at or came
    return (distributor.local_date(at) - distributor.local_date(came)).days


def neighbours(deadline: Deadline, distributor_ids: Iterable[int], *, person_id: int) -> Neighbours:
    """Where a report stands among those that wait: first what the person leads or deputises, then the rest, oldest first.

    When it does not wait, the first of them comes next. One read.
    """
    mine = Q(grant__lead_officer=person_id) | Q(grant__deputy_officer=person_id)
    found = waiting(distributor_ids).annotate(place=Case(When(mine, then=Value(0)), default=Value(1)))
    among = [
        Neighbour(pk=pk, organization=name)
        for pk, name in found.order_by("place", "came_at", "pk").values_list(
            "pk", "grant__organization__name"
        )
    ]
    keys = [one.pk for one in among]
    if deadline.pk not in keys:
        return Neighbours(before=None, after=among[0] if among else None, place=None, of=len(among))
    place = keys.index(deadline.pk)
    return Neighbours(
        before=among[place - 1] if place else None,
        after=among[place + 1] if place + 1 < len(among) else None,
        place=place + 1,
        of=len(among),
    )


def revisions(deadline: Deadline) -> list[Filing]:
    """All revisions of a report, oldest first, without their contents."""
    return list(deadline.filings.order_by("revision").defer("contents"))


def filing_with_contents(filing: Filing) -> Filing:
    """The filing with its contents read."""
    return Filing.objects.get(pk=filing.pk)


def previous_round(deadline: Deadline) -> Filing | None:
    """The filing that counts of the newest earlier round of the same grant, with its round; None for the first."""
    earlier = (
        Deadline.objects.filter(
            grant_id=deadline.grant_id,
            round__number__lt=deadline.round.number,
            current_filing__isnull=False,
        )
        .select_related("current_filing", "round")
        .order_by("-round__number")
        .first()
    )
    if earlier is None or earlier.current_filing is None:
        return None
    earlier.current_filing.deadline = earlier
    return earlier.current_filing


def comments(deadline: Deadline) -> list[Comment]:
    """Everything asked and answered about a report, oldest first, with the revision it was about."""
    found: QuerySet[Comment] = deadline.comments.select_related("filing").defer(
        "filing__contents", "filing__part_hashes"
    )
    return list(found.order_by("at", "pk"))


def opened_by_the_organization(filing: Filing) -> dict[str, OpenPart]:
    """Parts that the organization opened itself while this revision was returned, by anchor, with the reasons."""
    return {
        part.anchor: part for part in OpenPart.objects.filter(filing=filing, side=Side.ROOM).order_by("pk")
    }


def corrections(deadline: Deadline) -> list[Correction]:
    """The small corrections proposed in a report, oldest first, without those that were withdrawn."""
    found = deadline.corrections.exclude(state=CorrectionState.WITHDRAWN).select_related("taken_in")
    return list(found.defer("taken_in__contents", "taken_in__part_hashes").order_by("pk"))


def steps(deadline: Deadline) -> list[Event]:
    """Every recorded step in the life of a report, oldest first, with what was corrected of its numbers."""
    numbers = Q(
        programme_id=deadline.round.programme_id,  # the index of a round's events leads there
        round_id=deadline.round_id,
        grant_id=deadline.grant_id,
        action__in=[Action.READING_CORRECTED, Action.READING_WITHDRAWN],
    )
    return list(Event.objects.for_desk().filter(Q(deadline_id=deadline.pk) | numbers).order_by("pk"))


def is_latest_by(deadline: Deadline, *, action: Action, person_id: int, filing_id: int) -> bool:
    """Whether the newest step of a report is this very one of this person: a form was posted twice."""
    last = Event.objects.for_desk().filter(deadline_id=deadline.pk).order_by("-pk").first()
    return (
        last is not None
        and last.action == action
        and last.person_id == person_id
        and last.filing_id == filing_id
    )
