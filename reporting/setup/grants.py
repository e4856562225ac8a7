"""Grants: an organization (a new one, or one that is known) gets a project, its officers and people to write."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minori.accounts import invitations
from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.mail import inviting
from minori.organizations import provisioning
from minori.organizations.consent import agrees
from minori.organizations.models import Organization
from minori.programmes import deadlines
from minori.programmes.models import Distributor, Grant, Programme
from reporting.handover import handing


class Taken(ValueError):  # noqa: N818 - shown to people as a sentence
    """A code or an address is somebody else's; `field` names which, `str()` is the sentence for the person."""

    field = ""


class CodeTaken(Taken):
    """Another grant has this code."""

    field = "code"


class AddressTaken(Taken):
    """Another organization has this address."""

    field = "slug"


class OfficerGone(Taken):
    """Somebody who was chosen to look after the grant is no officer of the distributor any more."""

    def __init__(self, field: str) -> None:
        super().__init__(_("This person is no officer here any more. Please choose somebody else."))
        self.field = field


class ConsentMissing(Taken):
    """The organization is funded by others and has not agreed that this distributor sets up a grant for it."""

    field = "consent"


@dataclass(frozen=True, kw_only=True)
class NewOrganization:
    """An organization that has no room yet."""

    slug: str
    name: str
    name_kana: str = ""


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody who shall work in an organization's room."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class GrantFacts:
    """What an officer says of a grant."""

    title: str
    code: str
    starts_on: date
    ends_on: date
    lead: Person
    deputy: Person | None
    mid_term_on: date | None = None
    ex_post_on: date | None = None


def set_up(
    programme: Programme,
    *,
    organization: Organization | NewOrganization,
    facts: GrantFacts,
    people: Sequence[Invitee],
    consent: str = "",
    by: Actor,
    at: datetime,
) -> Grant:
    """A grant with everything around it in one transaction: a new organization if need be, deadlines, invitations.

    Who holds the role already is not invited again. Raises `Taken` for a code or address that is in use,
    `ConsentMissing` for an organization that the distributor does not fund yet without its number (`consent`), and
    `OfficerGone` for an officer who has left meanwhile.
    """
    with transaction.atomic():
        _lock_officers(programme.distributor, facts)
        if isinstance(organization, NewOrganization):
            organization = _register(organization, programme, by=by, at=at)
        elif not may_take(organization, programme.distributor, consent=consent, at=at):
            raise ConsentMissing(
                _(
                    "The number does not fit. Ask the organization for the number that its page of people shows."
                )
            )
        grant = create(programme, organization=organization, facts=facts, by=by, at=at)
        for one in people:
            invite(organization, one, by=by, at=at)
    return grant


def may_take(organization: Organization, distributor: Distributor, *, consent: str, at: datetime) -> bool:
    """Whether a distributor may set up a grant of a known organization: it funds it already, or has its number."""
    if organization.grants.filter(programme__distributor=distributor).exists():
        return True
    return agrees(organization, consent, at=at)


def create(
    programme: Programme, *, organization: Organization, facts: GrantFacts, by: Actor, at: datetime
) -> Grant:
    """A grant of an organization, with its deadlines. Raises `CodeTaken`."""
    with transaction.atomic():
        grant = _insert(
            Grant(
                programme=programme,
                organization=organization,
                code=facts.code,
                title=facts.title,
                starts_on=facts.starts_on,
                ends_on=facts.ends_on,
                lead_officer=facts.lead,
                deputy_officer=facts.deputy,
                mid_term_on=facts.mid_term_on,
                ex_post_on=facts.ex_post_on,
            )
        )
        _record(Action.GRANT_CREATED, grant, by=by, at=at, code=facts.code, title=facts.title)
        deadlines.set_for_grant(grant, by=by, at=at)
        _wake(grant)
    return grant


def change(grant: Grant, *, facts: GrantFacts, by: Actor, at: datetime) -> Grant:
    """Change a grant's title, dates (its evaluations' too) and officers; its code stays.

    Rounds it newly runs during get deadlines. Other officers are a handover (`handing.changed_on_its_page`): both are
    told, and the organization hears of a new lead. Locks the officers' roles, then the grant. Raises `OfficerGone`
    for somebody who has left meanwhile.
    """
    with transaction.atomic():
        related = ("programme__distributor", "organization", "lead_officer", "deputy_officer")
        distributor = Distributor.objects.get(programmes=grant.programme_id)
        _lock_officers(distributor, facts, already={grant.lead_officer_id, grant.deputy_officer_id})
        locked = Grant.objects.select_for_update(of=("self",)).select_related(*related).get(pk=grant.pk)
        lead_before, deputy_before = locked.lead_officer, locked.deputy_officer
        new = {
            "title": facts.title,
            "starts_on": facts.starts_on,
            "ends_on": facts.ends_on,
            "lead_officer_id": facts.lead.pk,
            "deputy_officer_id": facts.deputy.pk if facts.deputy else None,
            "mid_term_on": facts.mid_term_on,
            "ex_post_on": facts.ex_post_on,
        }
        changed = {
            name: [str(getattr(locked, name)), str(value)]
            for name, value in new.items()
            if getattr(locked, name) != value
        }
        for name in changed:
            setattr(locked, name, new[name])
        if changed:
            locked.save()
            _record(Action.GRANT_CHANGED, locked, by=by, at=at, **changed)
            deadlines.set_for_grant(locked, by=by, at=at)
            handing.changed_on_its_page(
                locked, lead_before=lead_before, deputy_before=deputy_before, by=by, at=at
            )
            _wake(locked)
    return locked


def invite(organization: Organization, person: Invitee, *, by: Actor, at: datetime) -> bool:
    """Invite somebody to the organization's room; False where the person holds the role there already."""
    try:
        inviting.invite(
            email=person.email, name=person.name, role=person.role, organization=organization, by=by, at=at
        )
    except invitations.HasThisRole:
        return False
    return True


def _lock_officers(
    distributor: Distributor, facts: GrantFacts, *, already: Collection[int | None] = ()
) -> None:
    """Hold the roles of whoever newly looks after a grant. Whoever did `already` may have left, and stays until somebody
    takes it over."""
    chosen = {"lead": facts.lead.pk, "deputy": facts.deputy.pk if facts.deputy else None}
    new = {name: pk for name, pk in chosen.items() if pk is not None and pk not in already}
    here = handing.lock_roles(distributor, set(new.values())) if new else set()
    for name, pk in new.items():
        if pk not in here:
            raise OfficerGone(name)


def _insert(grant: Grant) -> Grant:
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        if Grant.objects.filter(code=grant.code).exists():
            raise CodeTaken(_("Another grant has this code already.")) from error
        raise
    return grant


def _register(new: NewOrganization, programme: Programme, *, by: Actor, at: datetime) -> Organization:
    try:
        with transaction.atomic():
            return provisioning.register(
                slug=new.slug,
                name=new.name,
                name_kana=new.name_kana,
                by=by,
                at=at,
                distributor_id=programme.distributor_id,
            )
    except IntegrityError as error:
        raise AddressTaken(_("Another organization has this address already.")) from error


def _wake(grant: Grant) -> None:
    for round_id in grant.programme.rounds.order_by("number").values_list("pk", flat=True):
        enqueue(Job.COMPILE, programme_id=grant.programme_id, round_id=round_id)


def _record(action: Action, grant: Grant, *, by: Actor, at: datetime, **details: object) -> None:
    record(
        action,
        by=by,
        at=at,
        distributor_id=grant.programme.distributor_id,
        programme_id=grant.programme_id,
        organization_id=grant.organization_id,
        grant_id=grant.pk,
        details=details,
    )
