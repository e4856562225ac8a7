"""Common indicators: defined by officers, and organizations' indicators mapped onto them, each with its reason.

Nothing is mapped by itself. A number that does not fit the unit is refused here, and again where figures are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.indicators.common import why_refused
from minori.indicators.quantities import Amount
from minori.indicators.reasons import Reason
from minori.jobs import Job, enqueue
from minori.programmes.models import Grant, Programme
from reporting.common import queries
from reporting.common.models import CommonIndicator, MappedIndicator


class MappingRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """What cannot be mapped, or changed; `str()` is the sentence for the person."""


@dataclass(frozen=True, kw_only=True)
class CommonFacts:
    """What an officer says of a common indicator."""

    name: str
    name_en: str
    unit: str
    rule: str
    description: str


def define(programme: Programme, *, facts: CommonFacts, by: Actor, at: datetime) -> CommonIndicator:
    """A further common indicator of the programme, numbered without gaps under the programme's lock."""
    with transaction.atomic():
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        last = programme.common_indicators.aggregate(last=Max("number"))["last"] or 0
        made = CommonIndicator.objects.create(
            programme=programme,
            number=last + 1,
            defined_at=at,
            defined_by_id=by.person_id,
            defined_by_name=by.name,
            **vars(facts),
        )
        _record(Action.COMMON_DEFINED, made, by=by, at=at, details=vars(facts))
    return made


def change(common: CommonIndicator, *, facts: CommonFacts, by: Actor, at: datetime) -> CommonIndicator:
    """Change what a common indicator says. Holds its lock; raises `MappingRefused` for unit or rule while it is in use."""
    with transaction.atomic():
        locked = _locked(common)
        changed = {
            name: [getattr(locked, name), value]
            for name, value in vars(facts).items()
            if getattr(locked, name) != value
        }
        if {"unit", "rule"} & changed.keys() and locked.mapped.filter(ended_at=None).exists():
            raise MappingRefused(
                _("Unit and rule stay while indicators are mapped. End the mappings, or define another one.")
            )
        for name in changed:
            setattr(locked, name, changed[name][1])
        if changed:
            locked.save(update_fields=list(changed))
            _record(Action.COMMON_CHANGED, locked, by=by, at=at, details=changed)
    return locked


def retire(common: CommonIndicator, *, by: Actor, at: datetime) -> CommonIndicator:
    """Take a common indicator out of use; it and its mappings stay in the history. Holds its lock."""
    with transaction.atomic():
        locked = _locked(common)
        locked.retired_at, locked.retired_by_name = at, by.name
        locked.save(update_fields=["retired_at", "retired_by_name"])
        _record(Action.COMMON_RETIRED, locked, by=by, at=at, details={"name": locked.name})
    return locked


def map_onto(
    common: CommonIndicator,
    *,
    indicators: Sequence[tuple[Grant, UUID]],
    reason: str,
    by: Actor,
    at: datetime,
) -> list[MappedIndicator]:
    """Map indicators onto a common one, all of them or none, for one reason. Holds the common indicator's lock.

    Raises `MappingRefused` for an indicator that is mapped already, that the grant's plans do not have, whose confirmed
    number does not fit the unit, and without a reason.
    """
    if not reason.strip():
        raise MappingRefused(_("Give the reason."))
    with transaction.atomic():
        locked = _locked(common)
        return [_map(locked, grant, uuid, reason=reason.strip(), by=by, at=at) for grant, uuid in indicators]


def end(mapped: MappedIndicator, *, reason: str, by: Actor, at: datetime) -> MappedIndicator:
    """End a mapping: it counts no more in any round, and stays in the history. Raises `MappingRefused`."""
    if not reason.strip():
        raise MappingRefused(_("Give the reason."))
    with transaction.atomic():
        common = _locked(mapped.common)
        locked = MappedIndicator.objects.select_for_update(of=("self",)).get(pk=mapped.pk)
        if locked.ended_at is not None:
            raise MappingRefused(_("This mapping has ended already."))
        locked.ended_at, locked.ended_by_id, locked.ended_by_name = at, by.person_id, by.name
        locked.ended_reason = reason.strip()
        locked.save(update_fields=["ended_at", "ended_by_id", "ended_by_name", "ended_reason"])
        _record(
            Action.MAPPING_ENDED,
            common,
            by=by,
            at=at,
            grant=locked.grant,
            details={"indicator": str(locked.indicator_uuid), "reason": locked.ended_reason},
        )
    return locked


_UNFIT: dict[Reason, Any] = {
    Reason.UNITS_DIFFER: _("The units do not match: %(theirs)s here, %(ours)s in the common indicator."),
    Reason.MEANS_NEVER_ADD: _("A mean cannot be added up."),
    Reason.COUNTS_NEEDED: _("A percentage can be added up only with the counts behind it."),
    Reason.RELATIVE_WITHOUT_BASELINE: _("A change from the baseline cannot be put together with others."),
    Reason.ZERO_DENOMINATOR: _("It would be divided by zero."),
}


def why_unfit(common: CommonIndicator, amount: Amount | None) -> str:
    """Why a confirmed number cannot count in a common indicator, as a sentence; "" where it can or there is none."""
    why = None if amount is None else why_refused(common.aggregation, amount, common.unit)
    if amount is None or why is None:
        return ""
    terms = {"theirs": _unit(amount.unit), "ours": _unit(common.unit)}
    return str(_UNFIT[why]) % terms if why is Reason.UNITS_DIFFER else str(_UNFIT[why])


def _unit(unit: str) -> str:
    return unit or str(_("no unit"))


def _map(
    common: CommonIndicator, grant: Grant, uuid: UUID, *, reason: str, by: Actor, at: datetime
) -> MappedIndicator:
    if grant.programme_id != common.programme_id:
        raise MappingRefused(_("The grant is not in this programme."))
    candidate = queries.candidate(common, grant, uuid)
    if candidate is None:
        raise MappingRefused(_("The project plan does not have this indicator."))
    if unfit := why_unfit(common, candidate.confirmed):
        sentence = _("“%(indicator)s” of %(organization)s: %(why)s")
        names = {"indicator": candidate.words, "organization": grant.organization.name}
        raise MappingRefused(sentence % {**names, "why": unfit})
    try:
        with transaction.atomic():
            made = MappedIndicator.objects.create(
                common=common,
                grant=grant,
                indicator_uuid=uuid,
                reason=reason,
                mapped_at=at,
                mapped_by_id=by.person_id,
                mapped_by_name=by.name,
            )
    except IntegrityError as error:
        if common.mapped.filter(grant=grant, indicator_uuid=uuid, ended_at=None).exists():
            raise MappingRefused(_("This indicator is mapped already.")) from error
        raise
    _record(
        Action.INDICATOR_MAPPED,
        common,
        by=by,
        at=at,
        grant=grant,
        details={"indicator": str(uuid), "reason": reason},
    )
    return made


def _locked(common: CommonIndicator) -> CommonIndicator:
    locked = (
        CommonIndicator.objects.select_for_update(of=("self",)).select_related("programme").get(pk=common.pk)
    )
    if locked.retired_at is not None:
        raise MappingRefused(_("This common indicator is no longer in use."))
    return locked


def _record(
    action: Action,
    common: CommonIndicator,
    *,
    by: Actor,
    at: datetime,
    grant: Grant | None = None,
    details: dict[str, Any],
) -> None:
    """The event that makes every round's summary stale, and the wake-up that compiles them.

    Without the organization: how its numbers are put together is the desk's matter, and rooms read their own events.
    """
    record(
        action,
        by=by,
        at=at,
        distributor_id=common.programme.distributor_id,
        programme_id=common.programme_id,
        grant_id=grant.pk if grant else None,
        details={"common": common.pk, **details},
    )
    for round_id in common.programme.rounds.order_by("number").values_list("pk", flat=True):
        enqueue(Job.COMPILE, programme_id=common.programme_id, round_id=round_id)
