"""The organization's grants and where their plans stand. Inside the room."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Max, Prefetch
from django.http import Http404

from minori.organizations.models import Organization
from minori.programmes.models import Grant
from minori.registry import frameworks
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ChangeState, Party, ProposalState
from minori.registry.models import FrameworkVersion, Proposal
from tenants.frameworks.models import Draft


class PlanState(StrEnum):
    """Where the plan of a grant stands, as the organization sees it: what is to be done first."""

    NONE = "none"
    DRAFT = "draft"
    WAITING = "waiting"
    SENT_BACK = "sent_back"
    CHANGE_WAITING = "change_waiting"
    CHANGE_RETURNED = "change_returned"
    CHANGE_TO_ANSWER = "change_to_answer"
    TO_CONFIRM = "to_confirm"
    REGISTERED = "registered"


@dataclass(frozen=True)
class Plan:
    """A grant with its registered versions and change requests (newest first), its last proposal, and whether a draft
    is open."""

    grant: Grant
    versions: list[FrameworkVersion]
    proposal: Proposal | None
    has_draft: bool
    requests: list[ChangeRequest]

    @property
    def newest(self) -> FrameworkVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def is_waiting(self) -> bool:
        return self.proposal is not None and self.proposal.state == ProposalState.WAITING

    @property
    def sent_back(self) -> Proposal | None:
        """The proposal that came back, as long as it is the last word."""
        came_back = self.proposal is not None and self.proposal.state == ProposalState.DECLINED
        return self.proposal if came_back else None

    @property
    def open_request(self) -> ChangeRequest | None:
        """The change request that is undecided."""
        return next((one for one in self.requests if one.is_open), None)

    @property
    def is_held(self) -> bool:
        """Whether something waits for an answer, so that nothing else is written meanwhile."""
        asked = self.open_request
        return self.is_waiting or (asked is not None and asked.state != ChangeState.RETURNED)

    @property
    def state(self) -> PlanState:
        """What is to be done first."""
        if self.is_waiting:
            return PlanState.WAITING
        if self.open_request is not None:
            return _of_request(self.open_request)
        if self.sent_back:
            return PlanState.SENT_BACK
        if self.newest is not None and self.newest.confirmed_at is None:
            return PlanState.TO_CONFIRM
        if self.has_draft:
            return PlanState.DRAFT
        return PlanState.NONE if self.newest is None else PlanState.REGISTERED


def _of_request(request: ChangeRequest) -> PlanState:
    if request.state == ChangeState.RETURNED:
        return PlanState.CHANGE_RETURNED
    to_answer = request.party == Party.DESK and request.state == ChangeState.WAITING
    return PlanState.CHANGE_TO_ANSWER if to_answer else PlanState.CHANGE_WAITING


def plans(organization: Organization) -> list[Plan]:
    """All grants of the organization, the latest to begin first, in six queries."""
    grants = (
        Grant.objects.filter(organization=organization)
        .select_related("programme__distributor", "lead_officer", "deputy_officer")
        .prefetch_related(
            Prefetch(
                "framework_versions", frameworks.with_round(FrameworkVersion.objects.order_by("-number"))
            ),
            Prefetch("proposals", Proposal.objects.defer("contents").order_by("-pk")),
            Prefetch(
                "change_requests",
                ChangeRequest.objects.annotate(sent_at=Max("revisions__sent_at")).order_by("-number"),
            ),
        )
        .order_by("-starts_on", "pk")
    )
    changed = dict(Draft.objects.order_by("grant_id").values_list("grant_id", "changed_at"))
    found = []
    for grant in grants:
        proposals = list(grant.proposals.all())
        requests = list(grant.change_requests.all())
        done = [one.proposed_at for one in proposals if one.state == ProposalState.REGISTERED]
        done += [
            vars(one)["sent_at"]
            for one in requests
            if one.party == Party.ROOM and one.state == ChangeState.DECIDED
        ]
        draft_of = changed.get(grant.pk)
        found.append(
            Plan(
                grant=grant,
                versions=list(grant.framework_versions.all()),
                proposal=proposals[0] if proposals else None,
                has_draft=draft_of is not None and not any(day >= draft_of for day in done),
                requests=requests,
            )
        )
    return found


def plan_or_404(organization: Organization, code: str) -> Plan:
    """The plan of the organization's grant with this code."""
    for plan in plans(organization):
        if plan.grant.code == code:
            return plan
    raise Http404


def version_or_404(plan: Plan, number: int) -> FrameworkVersion:
    """A registered version of the plan."""
    for version in plan.versions:
        if version.number == number:
            return version
    raise Http404


def request_or_404(plan: Plan, number: int) -> ChangeRequest:
    """A change request of the plan."""
    for request in plan.requests:
        if request.number == number:
            return request
    raise Http404
