"""What the review pages read: reports that wait, a report's revisions, comments and steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, Subquery, When

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState, Side
from minori.filings.models import Comment, Consultation, ConsultationRemark, Filing, OpenPart
from minori.programmes.enums import OPEN_STATES, DeadlineState, ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ChangeState, Party, ProposalState
from minori.registry.models import Proposal


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One report that waits for review. `days` are whole days of the distributor's calendar since it came."""

    deadline: Deadline
    days: int
    mine: bool

    @property
    def filing(self) -> Filing:
        """What was handed in."""
        assert self.deadline.current_filing is not None  # a constraint: what was handed in has a filing
        return self.deadline.current_filing


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The reports before and after one in the waiting list; `place` counts from 1, None when it does not wait."""

    before: Waiting | None
    after: Waiting | None
    place: int | None
    of: int


def waiting(distributor_ids: Iterable[int], *, person_id: int, at: datetime) -> list[Waiting]:
    """Everything that waits for review: first what the person leads or deputises, then the rest, oldest first."""
    found = (
        Deadline.objects.filter(
            state=DeadlineState.HANDED_IN, grant__programme__distributor__in=list(distributor_ids)
        )
        .select_related(
            "grant__programme__distributor",
            "grant__organization",
            "grant__lead_officer",
            "round",
            "current_filing",
        )
        .defer("current_filing__contents", "current_filing__part_hashes")
        .annotate(
            came_at=Case(
                When(returned_at=None, then="first_handed_in_at"), default="current_filing__handed_in_at"
            )
        )
        .order_by("came_at", "pk")
    )
    all_waiting = [
        Waiting(
            deadline=one,
            days=days_waiting(one, at=at),
            mine=person_id in (one.grant.lead_officer_id, one.grant.deputy_officer_id),
        )
        for one in found
    ]
    return sorted(all_waiting, key=lambda one: not one.mine)  # stable: oldest first within both


def consultations(
    *, distributor_ids: Iterable[int] = (), deadline: Deadline | None = None
) -> list[Consultation]:
    """The drafts that are shown to consult now: of one report, or the newest of every report of these distributors.

    `waits` says that the organization had the last word. Drafts of reports that were handed in meanwhile are
    listed with their report only.
    """
    last = ConsultationRemark.objects.filter(consultation=OuterRef("pk")).order_by("-at", "-pk")
    found = (
        Consultation.objects.filter(withdrawn_at=None)
        .select_related("deadline__grant__organization", "deadline__round")
        .defer("contents")
        .annotate(last_side=Subquery(last.values("side")[:1]))
        .annotate(waits=~Exists(last.filter(side=Side.DESK)) | Q(last_side=Side.ROOM))
    )
    if deadline is not None:
        return list(found.filter(deadline=deadline).order_by("-number"))
    ours = found.filter(
        deadline__state__in=OPEN_STATES, deadline__grant__programme__distributor__in=list(distributor_ids)
    )
    return list(ours.order_by("deadline_id", "-number").distinct("deadline_id"))


def extensions(distributor_ids: Iterable[int]) -> list[ExtensionRequest]:
    """The requests for more time that wait for an answer, oldest first."""
    waiting = ExtensionRequest.objects.filter(
        state=ExtensionState.OPEN, deadline__grant__programme__distributor__in=list(distributor_ids)
    )
    related = waiting.select_related("deadline__grant__organization", "deadline__round")
    return list(related.order_by("asked_at", "pk"))


def proposals(distributor_ids: Iterable[int]) -> list[Proposal]:
    """The plans that wait to be registered, oldest first."""
    waiting = Proposal.objects.filter(
        state=ProposalState.WAITING, grant__programme__distributor__in=list(distributor_ids)
    )
    related = waiting.select_related("grant__organization", "grant__programme").defer("contents")
    return list(related.order_by("proposed_at", "pk"))


def change_requests(distributor_ids: Iterable[int]) -> list[ChangeRequest]:
    """The change requests that wait for the officer's decision, oldest first, each with the moment it was sent last."""
    waits = Q(party=Party.ROOM, state=ChangeState.WAITING) | Q(state=ChangeState.ANSWERED)
    found = ChangeRequest.objects.filter(waits, grant__programme__distributor__in=list(distributor_ids))
    sent = found.select_related("grant__organization", "grant__programme").annotate(
        sent_at=Max("revisions__sent_at")
    )
    return list(sent.order_by("sent_at", "pk"))


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


def neighbours(deadline: Deadline, among: list[Waiting]) -> Neighbours:
    """Where a report stands among those that wait; when it does not wait, the first of them comes next."""
    keys = [one.deadline.pk for one in among]
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
    """Every recorded step in the life of a report, oldest first."""
    return list(Event.objects.for_desk().filter(deadline_id=deadline.pk).order_by("pk"))


def is_latest_by(deadline: Deadline, *, action: Action, person_id: int, filing_id: int) -> bool:
    """Whether the newest step of a report is this very one of this person: a form was posted twice."""
    last = Event.objects.for_desk().filter(deadline_id=deadline.pk).order_by("-pk").first()
    return (
        last is not None
        and last.action == action
        and last.person_id == person_id
        and last.filing_id == filing_id
    )
