"""What waits for somebody's word: reports that an approver was asked to check, change requests, invitations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from minori.accounts.models import Invitation
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail import queries
from minori.mail.enums import Ladder
from minori.mail.ladders import is_sending_time
from minori.organizations.enums import OrganizationState
from minori.programmes.enums import OPEN_STATES
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import BusinessDay, business_days_in
from minori.programmes.models import Deadline, Distributor, Grant
from minori.registry.change_models import ChangeRequest, ChangeRevision
from minori.registry.enums import OPEN_CHANGES, ChangeState, Party

LOOKS_BACK = timedelta(days=400)
"""What was asked longer ago is past every step of every ladder."""


@dataclass(frozen=True)
class Matter:
    """Something that waits, since when and for whom. `readers`: person ids; an `invitation` has none.

    `about` names it and where it stands, so that a new ladder begins when it moves on.
    """

    about: str
    ladder: Ladder
    grant: Grant
    since_at: datetime
    readers: Sequence[int] = ()
    deadline: Deadline | None = None
    asker: str = ""
    number: int = 0
    to_room: bool = False
    invitation: Invitation | None = None
    own_calendar: BusinessDay | None = None

    @property
    def distributor(self) -> Distributor:
        """Whose calendar it waits by."""
        return self.grant.programme.distributor

    @property
    def since(self) -> date:
        """The distributor's date on which it began to wait."""
        return self.distributor.local_date(self.since_at)

    @property
    def works(self) -> BusinessDay:
        """The calendar of offices that its programme follows."""
        return self.own_calendar or business_days_in(self.distributor.time_zone)

    def goes_out(self, at: datetime) -> bool:
        """Whether mails about it may go out at this moment."""
        return is_sending_time(at, zone=self.distributor.zone, works=self.works)


def matters(at: datetime) -> list[Matter]:
    """Everything that waits now, whatever the hour; a fixed number of queries."""
    found = [*_approvals(at), *_changes(), *_invitations(at)]
    own = works_by({pk for one in found if (pk := one.grant.programme.holidays_id)})
    return [replace(one, own_calendar=own.get(one.grant.programme.holidays_id or 0)) for one in found]


def _approvals(at: datetime) -> list[Matter]:
    asked = Event.objects.filter(action=Action.APPROVAL_ASKED, at__gte=at - LOOKS_BACK).order_by("pk")
    newest = {event.deadline_id: event for event in asked}
    waiting = Deadline.objects.filter(
        pk__in=[pk for pk in newest if pk],
        state__in=OPEN_STATES,
        organization__state=OrganizationState.ACTIVE,
    ).select_related(
        "grant__programme__distributor", "grant__lead_officer", "organization", "round", "current_filing"
    )
    found = [
        (one, newest[one.pk])
        for one in waiting.order_by("pk")
        if one.current_filing is None or newest[one.pk].at > one.current_filing.handed_in_at
    ]
    approvers = queries.approvers_of({one.organization_id for one, _event in found}) if found else {}
    return [
        Matter(
            about=f"approval:{event.pk}",
            ladder=Ladder.APPROVER,
            readers=[pk for pk in approvers.get(one.organization_id, []) if pk != event.person_id],
            grant=one.grant,
            deadline=one,
            asker=event.person_name,
            to_room=True,
            since_at=event.at,
        )
        for one, event in found
    ]


def _changes() -> list[Matter]:
    last = ChangeRevision.objects.filter(request=OuterRef("pk"), number=OuterRef("last_revision"))
    found = list(
        ChangeRequest.objects.filter(state__in=OPEN_CHANGES, organization__state=OrganizationState.ACTIVE)
        .annotate(sent_at=Subquery(last.values("sent_at")), returned_at=Subquery(last.values("returned_at")))
        .select_related("grant__programme__distributor", "grant__lead_officer", "grant__organization")
        .order_by("pk")
    )
    writers = queries.writers_of({one.organization_id for one in found}) if found else {}
    officers = queries.officers_of([one.grant for one in found])
    matters = []
    for one in found:
        to_room = one.state == ChangeState.RETURNED or (
            one.state == ChangeState.WAITING and one.party == Party.DESK
        )
        since = {ChangeState.RETURNED: one.returned_at, ChangeState.ANSWERED: one.answered_at}
        matters.append(
            Matter(
                about=f"change:{one.pk}:{one.state}:{one.last_revision}",
                ladder=Ladder.CHANGE,
                readers=writers.get(one.organization_id, []) if to_room else officers[one.grant_id],
                grant=one.grant,
                number=one.number,
                to_room=to_room,
                since_at=since.get(ChangeState(one.state)) or one.sent_at,
            )
        )
    return matters


def _invitations(at: datetime) -> list[Matter]:
    of = Grant.objects.filter(organization=OuterRef("organization")).order_by("-pk")
    found = list(
        Invitation.objects.open()
        .filter(organization__state=OrganizationState.ACTIVE, invited_at__gte=at - LOOKS_BACK)
        .annotate(of_grant=Subquery(of.values("pk")[:1]))
        .order_by("invited_at", "pk")
    )
    of_grant: dict[int, int | None] = {one.pk: vars(one)["of_grant"] for one in found}
    grants = Grant.objects.select_related("programme__distributor").in_bulk(
        {pk for pk in of_grant.values() if pk}
    )
    return [
        Matter(
            about=f"invitation:{one.pk}:{one.invited_at:%Y%m%d%H%M%S}",
            ladder=Ladder.INVITATION,
            grant=grant,
            invitation=one,
            since_at=one.invited_at,
        )
        for one in found
        if (grant := grants.get(of_grant[one.pk] or 0))
    ]
