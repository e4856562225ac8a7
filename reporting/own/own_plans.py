"""A distributor's own plan, one level up: the same frameworks, in a grant that it keeps itself.

Whoever writes plans and reports is an organization with a room; so the distributor gets one, and its own plan of a
programme is that of a grant in the programme's other side (`Programme.answers_for`). Editor, versions, intake and
numbers are those of any grant.
"""

from datetime import datetime
from itertools import chain, count

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.organizations import provisioning
from minori.organizations.models import Organization
from minori.programmes.models import Distributor, Grant, Programme
from reporting.setup import grants
from reporting.setup.grants import GrantFacts

LONGEST_CODE = 60
LONGEST_ADDRESS = 40


class NoOwnPlan(ValueError):  # noqa: N818 - shown to people as a sentence
    """The programme cannot have an own plan; `str()` is the sentence for the person."""


def own_grant(programme: Programme) -> Grant | None:
    """The grant with the distributor's own plan of a programme; None where nobody has begun it."""
    return (
        Grant.objects.filter(programme__answers_for=programme)
        .select_related("programme__distributor", "organization")
        .first()
    )


def begin(programme: Programme, *, lead: Person, by: Actor, at: datetime) -> Grant:
    """Make the place of the distributor's own plan of a programme; the one there is where it was made before.

    Locks distributor and programme: two clicks make one. Wakes the job that makes the distributor's own room.
    """
    with transaction.atomic():
        distributor = Distributor.objects.select_for_update(of=("self",)).get(pk=programme.distributor_id)
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        if locked.answers_for_id is not None:
            raise NoOwnPlan(_("This is an own plan already."))
        known = own_grant(locked)
        if known is not None:
            return known
        side = Programme.objects.create(
            distributor=distributor,
            code=_free_code(locked.code),
            title=locked.title,
            window=locked.window,
            starts_on=locked.starts_on,
            ends_on=locked.ends_on,
            answers_for=locked,
        )
        record(
            Action.PROGRAMME_CREATED,
            by=by,
            at=at,
            distributor_id=distributor.pk,
            programme_id=side.pk,
            details={"code": side.code, "title": side.title, "answers_for": locked.code},
        )
        facts = GrantFacts(
            title=locked.title,
            code=side.code,
            starts_on=locked.starts_on,
            ends_on=locked.ends_on,
            lead=lead,
            deputy=None,
        )
        organization = _organization_of(distributor, by=by, at=at)
        return grants.create(side, organization=organization, facts=facts, by=by, at=at)


def _organization_of(distributor: Distributor, *, by: Actor, at: datetime) -> Organization:
    """The organization that a distributor itself is; made where there is none yet."""
    if distributor.organization is None:
        distributor.organization = provisioning.register(
            slug=_free_address(distributor.slug),
            name=distributor.name,
            name_kana=distributor.name_kana,
            by=by,
            at=at,
            distributor_id=distributor.pk,
        )
        distributor.save(update_fields=["organization"])
    return distributor.organization


def _free_code(code: str) -> str:
    every = (f"{code[: LONGEST_CODE - 8]}-own{number or ''}" for number in chain([0], count(2)))
    return next(
        one
        for one in every
        if not Programme.objects.filter(code=one).exists() and not Grant.objects.filter(code=one).exists()
    )


def _free_address(slug: str) -> str:
    every = chain(
        [slug], (f"{slug[: LONGEST_ADDRESS - 8]}-own{number or ''}" for number in chain([0], count(2)))
    )
    return next(one for one in every if not Organization.objects.filter(slug=one).exists())
