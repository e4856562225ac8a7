"""Addresses that mails do not arrive at: flagged once, told to those concerned, written to again when a person says so."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.accounts.memberships import AnyMembership
from minori.accounts.models import Invitation, Membership, Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.trail import MINORI, Actor, record
from minori.mail import links, outbox
from minori.mail.enums import Fault, Kind, MessageState, Outcome, Reason
from minori.mail.letters import Letter, Notice, notice
from minori.mail.models import FlaggedAddress, LedgerEntry, Message
from minori.mail.waiting_models import WaitingStep
from minori.organizations.models import Organization
from minori.programmes.models import Grant

NOT_ASKED_FOR = (Kind.DEADLINE, Kind.NOTICE)
"""What is not written to a flagged address. Account mails go all the same: their reader has just asked for one."""


def flagged(addresses: Collection[str]) -> Mapping[str, FlaggedAddress]:
    """The flags of those addresses that have one, by the address in lower case; one query, none for no address."""
    wanted = {address.lower() for address in addresses}
    if not wanted:
        return {}
    return {one.address: one for one in FlaggedAddress.objects.filter(address__in=wanted, cleared_at=None)}


def flagged_people(person_ids: Collection[int]) -> set[int]:
    """Those of the people whose address is flagged; one query."""
    open_flags = FlaggedAddress.objects.filter(cleared_at=None).values("address")
    found = Person.objects.annotate(lower=Lower("email")).filter(pk__in=person_ids, lower__in=open_flags)
    return set(found.order_by("pk").values_list("pk", flat=True))


def with_flags(memberships: Iterable[AnyMembership]) -> list[Any]:
    """Memberships with the `flag` of their person's address, or None; one query besides their own."""
    found = list(memberships)
    flags = flagged([one.person.email for one in found])
    for one in found:
        vars(one)["flag"] = flags.get(one.person.email.lower())
    return found


def flag(
    address: str,
    *,
    why: Fault,
    words: str,
    happened_at: datetime,
    message: Message | None = None,
    at: datetime,
) -> FlaggedAddress | None:
    """Write no more mails to an address; once, with an event and a notice for each organization concerned.

    None, and nothing happens, where nobody here has the address, or where a person has cleared it since the moment at
    which this happened: news that come late flag nothing anew. In one transaction.
    """
    known = address.strip().lower()
    with transaction.atomic():
        people = list(Person.objects.filter(email__iexact=known).order_by("pk"))
        if not people and not Invitation.objects.open().filter(email__iexact=known).exists():
            return None
        if FlaggedAddress.objects.filter(address=known, cleared_at__gte=happened_at).exists():
            return None
        made, fresh = FlaggedAddress.objects.get_or_create(
            address=known,
            cleared_at=None,
            defaults={"why": why, "words": words[:2000], "flagged_at": at, "message": message},
        )
        if fresh:
            _record(Action.ADDRESS_FLAGGED, made, by=MINORI, at=at)
            _tell(made, people, at=at)
    return made


def clear(one: FlaggedAddress, *, by: Actor, at: datetime) -> FlaggedAddress:
    """Write to an address again, from the next mail on; recorded. Nothing happens where it is cleared already."""
    with transaction.atomic():
        locked = FlaggedAddress.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if locked.cleared_at is None:
            locked.cleared_at, locked.cleared_by_id, locked.cleared_by_name = at, by.person_id, by.name
            locked.save(update_fields=["cleared_at", "cleared_by_id", "cleared_by_name"])
            _record(Action.ADDRESS_CLEARED, locked, by=by, at=at)
    return locked


def withdraw_waiting() -> int:
    """Take out of the outbox what waits for a flagged address, or for somebody whose sign-in is closed: the ledger says
    why. Returns the number of mails.

    Two queries where nothing waits.
    """
    flags = FlaggedAddress.objects.filter(cleared_at=None).values("address")
    waiting = Message.objects.annotate(lower=Lower("address")).filter(
        state=MessageState.PENDING, kind__in=NOT_ASKED_FOR
    )
    return _withdraw(
        waiting.filter(lower__in=flags), reason=Reason.FLAGGED, words="the address is flagged"
    ) + _withdraw(
        waiting.filter(person__user__is_active=False), reason=Reason.LEFT, words="the sign-in is closed"
    )


def _withdraw(waiting: QuerySet[Message], *, reason: Reason, words: str) -> int:
    if not waiting.exists():
        return 0
    with transaction.atomic():
        found = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
        ids = [one.pk for one in found]
        if ids:
            LedgerEntry.objects.filter(message__in=ids, outcome=Outcome.PLANNED).update(
                outcome=Outcome.SKIPPED, reason=reason
            )
            WaitingStep.objects.filter(message__in=ids, outcome=Outcome.PLANNED).update(
                outcome=Outcome.SKIPPED, reason=reason
            )
            Message.objects.filter(pk__in=ids).update(
                state=MessageState.WITHDRAWN, next_try_at=None, last_error=words
            )
    return len(ids)


def _houses(address: str) -> tuple[set[int], set[int]]:
    """The organizations and the distributors in which somebody with the address works or is invited."""
    theirs, invited = Q(person__email__iexact=address), Q(email__iexact=address)
    waiting = Invitation.objects.open().filter(invited)
    organizations = {
        *Membership.objects.active().filter(theirs).order_by("pk").values_list("organization_id", flat=True),
        *waiting.order_by("pk").values_list("organization_id", flat=True),
    }
    distributors = {
        *StaffMembership.objects.active()
        .filter(theirs)
        .order_by("pk")
        .values_list("distributor_id", flat=True),
        *waiting.order_by("pk").values_list("distributor_id", flat=True),
    }
    return organizations - {None}, distributors - {None}


def _record(action: Action, one: FlaggedAddress, *, by: Actor, at: datetime) -> None:
    organizations, distributors = _houses(one.address)
    details = {"address": one.address, "why": one.why}
    for pk in sorted(organizations):
        record(action, by=by, at=at, organization_id=pk, details=details)
    for pk in sorted(distributors):
        record(action, by=by, at=at, distributor_id=pk, details=details)
    if not organizations and not distributors:
        record(action, by=by, at=at, details=details)


def _tell(one: FlaggedAddress, people: Collection[Person], *, at: datetime) -> None:
    """Each organization's lead officers, and its other people, read that somebody's mails do not arrive."""
    organizations, _distributors = _houses(one.address)
    posts = []
    for house in Organization.objects.filter(pk__in=organizations).order_by("pk"):
        officers = Person.objects.filter(leads__organization=house).distinct().order_by("pk")
        members = Person.objects.filter(memberships__organization=house, memberships__ended_at=None)
        readers = {person.pk: person for person in (*officers, *members.distinct().order_by("pk"))}
        out = flagged_people(readers)
        inside = {person.pk for person in members}
        names = {person.name for person in people} or {one.address}
        for pk, reader in readers.items():
            if pk not in out and reader.email.lower() != one.address:
                key = f"flagged:{one.pk}:{house.pk}:{pk}"
                letter = _letter(reader, one, house, names=sorted(names), officer=pk not in inside)
                posts.append(outbox.Post(key=key, person=reader, letter=letter))
    if posts:
        outbox.put(posts, kind=Kind.NOTICE, at=at)


def _letter(
    reader: Person, one: FlaggedAddress, house: Organization, *, names: Collection[str], officer: bool
) -> Letter:
    with translation.override(reader.language):
        grant = Grant.objects.filter(organization=house).select_related("programme__distributor").first()
        content = Notice(
            subject=_("[Alarm] Mails to %(name)s do not arrive")
            % {"name": pgettext("between names in a list", ", ").join(names)},
            sentences=[
                _("Until somebody looks into it, no more reminders and notices are written to this address."),
                _(
                    "Where the address is wrong, invite the person with the right one and end the old role. Where it is"
                    " right, say on the page below that it is written to again."
                ),
            ],
            facts=[
                (pgettext("mail", "Organization"), house.name),
                (pgettext("mail", "Address"), one.address),
                (pgettext("mail", "Why"), str(Fault(one.why).label)),
            ],
            remarks=[one.words] if one.words else [],
            url=links.people_page(slug=house.slug)
            if officer
            else links.house_page(slug=house.slug, in_organization=True),
            link=pgettext("mail", "People of the organization"),
            distributor=grant.programme.distributor.name if grant else "",
        )
        return notice(reader, content)
