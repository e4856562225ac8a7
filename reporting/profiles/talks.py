"""The log of talks (面談): written by officers, corrected with history, read by the distributor's staff only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.organizations.models import Organization
from minori.programmes.models import Distributor, Grant
from reporting.profiles.models import Talk

_WRITING = 7_320_151
"""First number of the advisory lock under which a person notes one talk at a time."""


class TalkRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """What cannot be noted; `str()` is the sentence for the person."""


@dataclass(frozen=True, kw_only=True)
class TalkFacts:
    """What an officer notes of a talk; `grant` where it was about one project."""

    talked_on: date
    met: str
    said: str
    next_step: str
    next_on: date | None
    grant: Grant | None


def write(
    organization: Organization, *, distributor: Distributor, facts: TalkFacts, by: Actor, at: datetime
) -> Talk:
    """Note a talk; the same words of the same person once, however often they are posted. Raises `TalkRefused`."""
    _check(organization, distributor, facts, at)
    said = {"distributor": distributor, "organization": organization, **vars(facts), "by_id": by.person_id}
    with transaction.atomic(), connection.cursor() as cursor:
        # two presses at once: the second waits here, and finds what the first has noted
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_WRITING, (by.person_id or 0) % 2**31])
        known = Talk.objects.newest().filter(struck=False, **said).order_by("pk").first()
        return known or Talk.objects.create(at=at, by_name=by.name, **said)


def must_be_newest(talk: Talk, seen: int | None) -> None:
    """Raises `TalkRefused` where the person read another wording of the talk than the one that stands (`seen`: its key)."""
    if seen is not None and seen != talk.pk:
        raise TalkRefused(
            _(
                "%(who)s has corrected this talk meanwhile. What stands now is above; look at it, then save yours again "
                "if it is still needed."
            )
            % {"who": talk.by_name}
        )


def correct(talk: Talk, *, facts: TalkFacts, why: str, by: Actor, at: datetime) -> Talk:
    """Note it anew in place of what stood; what stood stays in the history. Holds the talk's lock.

    Raises `TalkRefused` where somebody else corrected it meanwhile. Where nothing differs nothing is written.
    """
    with transaction.atomic():
        locked = _locked(talk)
        _check(locked.organization, locked.distributor, facts, at)
        if all(getattr(locked, name) == value for name, value in vars(facts).items()):
            return locked
        return _replace(locked, struck=False, why=why, by=by, at=at, **vars(facts))


def strike(talk: Talk, *, why: str, by: Actor, at: datetime) -> Talk:
    """Strike a talk out: it is shown no more, and stays in the history. Holds its lock; raises `TalkRefused`."""
    if not why.strip():
        raise TalkRefused(_("Give the reason."))
    with transaction.atomic():
        locked = _locked(talk)
        words = {name: getattr(locked, name) for name in TalkFacts.__dataclass_fields__}
        return _replace(locked, struck=True, why=why.strip(), by=by, at=at, **words)


def of(organization_id: int, *, distributor_ids: Collection[int], limit: int | None = None) -> list[Talk]:
    """The talks of these distributors with an organization, newest first: one query. Each has the title of the grant it
    was about, if any (`grant_title`)."""
    given = {"organization": organization_id, "distributors": list(distributor_ids), "limit": limit}
    return list(Talk.objects.raw(_OF, given))


_OF = """
    SELECT t.*, g.title AS grant_title FROM profiles_talk t LEFT JOIN programmes_grant g ON g.id = t.grant_id
    WHERE t.organization_id = %(organization)s AND t.distributor_id = ANY(%(distributors)s) AND NOT t.struck
        AND NOT EXISTS (SELECT FROM profiles_talk newer WHERE newer.replaces_id = t.id)
    ORDER BY t.talked_on DESC, t.id DESC LIMIT %(limit)s"""


def history(talk: Talk) -> list[Talk]:
    """What stood of a talk before, newest first."""
    found, one = [], talk
    while one.replaces is not None:
        one = one.replaces
        found.append(one)
    return found


def _locked(talk: Talk) -> Talk:
    locked = (
        Talk.objects.select_for_update(of=("self",))
        .select_related("organization", "distributor")
        .get(pk=talk.pk)
    )
    if locked.struck or Talk.objects.filter(replaces=locked).exists():
        raise TalkRefused(_("Somebody has corrected this talk meanwhile. Read it again, then correct it."))
    return locked


def _replace(talk: Talk, **fields: object) -> Talk:
    by = fields.pop("by")
    assert isinstance(by, Actor)
    return Talk.objects.create(
        distributor=talk.distributor,
        organization=talk.organization,
        replaces=talk,
        by_id=by.person_id,
        by_name=by.name,
        **fields,
    )


def _check(organization: Organization, distributor: Distributor, facts: TalkFacts, at: datetime) -> None:
    if facts.talked_on > distributor.local_date(at):
        raise TalkRefused(_("The day of the talk is still to come. Note what is planned as a next step."))
    grant = facts.grant
    if grant is not None and (
        grant.organization_id != organization.pk or grant.programme.distributor_id != distributor.pk
    ):
        raise TalkRefused(_("The project is not one of this organization."))
