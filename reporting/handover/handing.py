"""Handing grants over: roles, what is on the list to ask, and the word to everybody concerned, in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from minori.accounts.enums import DECIDING_STAFF_ROLES
from minori.accounts.models import Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.mail import contacts
from minori.programmes.models import Distributor, Grant, Round
from reporting.handover.enums import Part
from reporting.handover.queries import to_ask
from reporting.reading.models import ToAsk

Chosen = tuple[int, Part]
"""A grant and what the person is for it."""


class NotHandedOver(ValueError):  # noqa: N818 - why not, as a sentence
    """Nothing was handed over; the text says why."""


@dataclass(frozen=True)
class HandedOver:
    """The grants that changed hands; `gone`: those that the person did not look after any more; `asks`: entries of the
    list to ask that moved."""

    grants: Sequence[Grant]
    gone: int
    asks: int


def hand_over(
    distributor: Distributor,
    *,
    person: Person,
    successor_id: int,
    chosen: Collection[Chosen],
    by: Actor,
    at: datetime,
) -> HandedOver:
    """Give a person's roles in grants, and what they meant to ask there, to a successor; tell both and the organizations.

    What waits in a grant goes with it. Where the successor stood in for a lead, or led what is now stood in for, the
    grant has no deputy afterwards. Locks the successor's roles, then the grants in the order of their keys: of two
    handovers the second moves what the person still has, and a role that ends meanwhile ends before or after. What was
    recorded stays as it is. One GRANTS_HANDED_OVER for each grant. Raises NotHandedOver.
    """
    with transaction.atomic():
        successor = _successor(distributor, successor_id)
        if successor == person:
            raise NotHandedOver(_("Choose somebody else as successor."))
        parts = dict(chosen)
        grants = list(
            Grant.objects.select_for_update(of=("self",))
            .filter(pk__in=parts, programme__distributor=distributor)
            .select_related("programme__distributor", "organization")
            .order_by("pk")
        )
        moved = [one for one in grants if _give(one, parts[one.pk], person, successor)]
        if not moved:
            raise NotHandedOver(
                _("Meanwhile somebody else looks after these grants; nothing was left to hand over.")
            )
        Grant.objects.bulk_update(moved, ["lead_officer", "deputy_officer"])
        asks = _move_asks(person, successor, moved, at=at)
        events = [
            _record(one, parts[one.pk], person=person, successor=successor, by=by, at=at) for one in moved
        ]
        contacts.tell_officers(
            moved,
            first_event=events[0],
            leads={pk for pk, part in parts.items() if part is Part.LEAD},
            person=person,
            successor=successor,
            at=at,
        )
        for programme, round_ in sorted(_rounds(moved)):
            enqueue(Job.COMPILE, programme_id=programme, round_id=round_)
    return HandedOver(moved, gone=len(parts) - len(moved), asks=asks)


def changed_on_its_page(
    grant: Grant, *, lead_before: Person, deputy_before: Person | None, by: Actor, at: datetime
) -> None:
    """The same for a grant whose officers were changed on its own page, and saved: events, lists to ask, mails.

    One GRANTS_HANDED_OVER for each part that changed. Whoever looks after the grant still, as the other one of the two,
    keeps what they meant to ask and is not told that it is gone.
    """
    lead, deputy = grant.lead_officer, grant.deputy_officer
    stay = {lead, deputy}
    for part, before, after in ((Part.LEAD, lead_before, lead), (Part.DEPUTY, deputy_before, deputy)):
        if before == after:
            continue
        event = _record(grant, part, person=before, successor=after, by=by, at=at)
        gone = before if before not in stay else None
        if gone and after:
            _move_asks(gone, after, [grant], at=at)
        contacts.tell_officers(
            [grant],
            first_event=event,
            leads={grant.pk} if part is Part.LEAD else (),
            person=gone,
            successor=after,
            at=at,
        )


def lock_roles(distributor: Distributor, persons: Collection[int]) -> set[int]:
    """Hold the deciding roles of these people until the transaction ends; who of them has one and can sign in.

    Taken before a grant's row: a role never ends between the choice of an officer and the saved grant.
    """
    held = StaffMembership.objects.active().filter(
        distributor=distributor, person__in=persons, role__in=DECIDING_STAFF_ROLES
    )
    locked = held.select_for_update(of=("self",)).select_related("person__user").order_by("pk")
    return {one.person_id for one in locked if one.person.user is None or one.person.user.is_active}


def _successor(distributor: Distributor, pk: int) -> Person:
    if pk not in lock_roles(distributor, [pk]):
        raise NotHandedOver(
            _(
                "Whom you chose is no officer here any more. Nothing was handed over; please choose somebody else."
            )
        )
    return Person.objects.select_related("user").get(pk=pk)


def _give(grant: Grant, part: Part, person: Person, successor: Person) -> bool:
    """Whether the person still had this part; the grant is changed, not saved."""
    if part is Part.LEAD:
        if grant.lead_officer_id != person.pk:
            return False
        grant.lead_officer = successor
        if grant.deputy_officer_id == successor.pk:
            grant.deputy_officer = None
        return True
    if grant.deputy_officer_id != person.pk:
        return False
    grant.deputy_officer = None if grant.lead_officer_id == successor.pk else successor
    return True


def _move_asks(person: Person, successor: Person, grants: Sequence[Grant], *, at: datetime) -> int:
    """From one list to the other; what stands on the successor's already is ticked off on the person's."""
    keys = [one.pk for one in grants]
    known = set(to_ask(successor.pk, keys).values_list("deadline_id", "anchor", "words"))
    mine = list(to_ask(person.pk, keys).select_for_update(of=("self",)))
    double = [one.pk for one in mine if (one.deadline_id, one.anchor, one.words) in known]
    moves = [one.pk for one in mine if one.pk not in double]
    ToAsk.objects.filter(pk__in=double).update(done_at=at)
    return ToAsk.objects.filter(pk__in=moves).update(person=successor)


def _rounds(grants: Sequence[Grant]) -> set[tuple[int, int]]:
    programmes = {one.programme_id for one in grants}
    return set(
        Round.objects.filter(programme__in=programmes).order_by("pk").values_list("programme_id", "pk")
    )


def _record(
    grant: Grant, part: Part, *, person: Person | None, successor: Person | None, by: Actor, at: datetime
) -> int:
    event = record(
        Action.GRANTS_HANDED_OVER,
        by=by,
        at=at,
        distributor_id=grant.programme.distributor_id,
        programme_id=grant.programme_id,
        organization_id=grant.organization_id,
        grant_id=grant.pk,
        details={
            "part": part.value,
            "from": person.pk if person else None,
            "from_name": person.name if person else "",
            "to": successor.pk if successor else None,
            "to_name": successor.name if successor else "",
        },
    )
    return event.pk
