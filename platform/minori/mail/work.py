"""What waits for officers in the grants they look after: for the Monday digest, and for whoever takes grants over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q

from minori.mail.asking import no_longer
from minori.mail.enums import MessageState, Outcome
from minori.mail.models import LedgerEntry
from minori.programmes.enums import OPEN_STATES, DeadlineState, ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest, Grant
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ChangeState, Party, ProposalState
from minori.registry.models import Proposal

WAITS_FOR_THE_OFFICER = Q(party=Party.ROOM, state=ChangeState.WAITING) | Q(state=ChangeState.ANSWERED)
"""Change requests that the officer has to answer."""

TROUBLED = (MessageState.FAILED, MessageState.UNCERTAIN)


@dataclass(frozen=True)
class Work:
    """What waits in some grants. `reading`: reports to be reviewed; `open_`: reports that organizations owe, opened
    already, by due date; `asked`: reports whose reminder waits for a yes; `troubled`: reminders that did not arrive;
    `several`: organization and round where the organization reports on more than one grant."""

    reading: Sequence[Deadline] = ()
    open_: Sequence[Deadline] = ()
    plans: Sequence[Proposal] = ()
    changes: Sequence[ChangeRequest] = ()
    extensions: Sequence[ExtensionRequest] = ()
    asked: Sequence[Deadline] = ()
    troubled: Sequence[LedgerEntry] = ()
    grants: Collection[int] = field(default_factory=frozenset)
    several: Collection[tuple[int, int]] = field(default_factory=frozenset)

    def of(self, grants: Collection[int]) -> "Work":
        """The part of it that is in these grants."""
        return Work(
            reading=[one for one in self.reading if one.grant_id in grants],
            open_=[one for one in self.open_ if one.grant_id in grants],
            plans=[one for one in self.plans if one.grant_id in grants],
            changes=[one for one in self.changes if one.grant_id in grants],
            extensions=[one for one in self.extensions if one.deadline.grant_id in grants],
            asked=[one for one in self.asked if one.grant_id in grants],
            troubled=[one for one in self.troubled if one.deadline.grant_id in grants],
            grants=grants,
            several=self.several,
        )


def waiting_in(grants: Collection[int], *, at: datetime, troubled_for: timedelta = timedelta(days=7)) -> Work:
    """What waits in these grants: seven queries, however many there are. Mails in trouble: those of the last days."""
    if not grants:
        return Work()
    states = [DeadlineState.HANDED_IN, *OPEN_STATES]
    deadlines = list(
        Deadline.objects.filter(
            grant__in=grants, state__in=states, round__opens_on__lte=at.date() + timedelta(1)
        )
        .select_related("grant", "organization", "round", "current_filing")
        .order_by("due_on", "pk")
    )
    asked = LedgerEntry.objects.filter(outcome=Outcome.ASKED, deadline__grant__in=grants).exclude(no_longer())
    ids = set(asked.order_by("pk").values_list("deadline_id", flat=True))
    requests = ExtensionRequest.objects.filter(deadline__grant__in=grants, state=ExtensionState.OPEN)
    troubled = LedgerEntry.objects.filter(
        deadline__grant__in=grants, decided_at__gte=at - troubled_for, message__state__in=TROUBLED
    )
    return Work(
        reading=[one for one in deadlines if one.state == DeadlineState.HANDED_IN],
        open_=sorted(
            (one for one in deadlines if one.state in OPEN_STATES),
            key=lambda one: (one.effective_due_on, one.pk),
        ),
        plans=list(
            Proposal.objects.filter(grant__in=grants, state=ProposalState.WAITING)
            .defer("contents")
            .select_related("grant__organization")
            .order_by("pk")
        ),
        changes=list(
            ChangeRequest.objects.filter(WAITS_FOR_THE_OFFICER, grant__in=grants)
            .select_related("grant__organization")
            .order_by("pk")
        ),
        extensions=list(
            requests.select_related("deadline__organization", "deadline__round", "deadline__grant").order_by(
                "pk"
            )
        ),
        asked=[one for one in deadlines if one.pk in ids],
        troubled=list(
            troubled.select_related(
                "person", "message", "deadline__organization", "deadline__round", "deadline__grant"
            ).order_by("pk")
        ),
        grants=frozenset(grants),
        several=_several(grants),
    )


def _several(grants: Collection[int]) -> frozenset[tuple[int, int]]:
    organizations = Grant.objects.filter(pk__in=grants).values("organization")
    found = (
        Deadline.objects.filter(organization__in=organizations)
        .values_list("organization", "round")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    return frozenset((organization, round_) for organization, round_, _count in found.order_by())


def grants_of(persons: Collection[int]) -> dict[int, list[Grant]]:
    """The grants that people look after as lead or deputy, by person, of programmes that fund organizations; one query."""
    found = (
        Grant.objects.filter(Q(lead_officer__in=persons) | Q(deputy_officer__in=persons))
        .filter(programme__answers_for=None)
        .select_related("programme__distributor")
        .order_by("pk")
    )
    by: dict[int, list[Grant]] = {}
    for grant in found:
        for person in (grant.lead_officer_id, grant.deputy_officer_id):
            if person in persons and person is not None:
                by.setdefault(person, []).append(grant)
    return by
