"""Links between the outputs and outcomes of a plan: proposed from codes, places and words, confirmed by a person."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.programmes.models import Grant
from minori.registry import likeness
from minori.registry.link_models import LinkBasis, OutcomeLink
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework, Level

Pair = tuple[UUID, UUID]
"""An output and the outcome that it serves."""


class LinkNotPossible(ValueError):  # noqa: N818 - shown to people as a sentence
    """What cannot be linked; `str()` is the sentence for the person."""


@dataclass(frozen=True)
class Difference:
    """A link that one version has and another has not."""

    output: UUID
    outcome: UUID
    is_new: bool


def standing(version: FrameworkVersion) -> list[OutcomeLink]:
    """The confirmed links of a version, in one query."""
    return list(OutcomeLink.objects.standing().filter(version=version).order_by("pk"))


def by_row(links: Iterable[OutcomeLink]) -> dict[UUID, list[UUID]]:
    """For every linked row the rows it is linked with: outcomes of an output, outputs of an outcome."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for one in links:
        found[one.output_uuid].append(one.outcome_uuid)
        found[one.outcome_uuid].append(one.output_uuid)
    return found


def seal(links: Iterable[OutcomeLink]) -> str:
    """A short sign that changes with the links: nobody ends a link that they have not seen."""
    return hashlib.sha256(repr([one.pk for one in links]).encode()).hexdigest()[:16]


def confirm(
    version: FrameworkVersion,
    framework: Framework,
    *,
    pairs: Sequence[Pair],
    seen: str,
    by: Actor,
    at: datetime,
) -> list[OutcomeLink]:
    """Make the links of a version these: new ones are confirmed, those left out end. Locks the grant.

    Raises `LinkNotPossible` for a version that is no longer the newest, for what is no output and outcome of it, and where
    somebody else changed the links since they were read (`seen`: their `seal`).
    """
    with transaction.atomic():
        grant = Grant.objects.select_for_update(of=("self",)).get(pk=version.grant_id)
        _must_be_newest(grant, version)
        links = standing(version)
        if seal(links) != seen:
            raise LinkNotPossible(_("Somebody else changed the links meanwhile. Please look at them again."))
        known = {(one.output_uuid, one.outcome_uuid): one for one in links}
        wanted = list(dict.fromkeys(pairs))
        for pair in wanted:
            _must_fit(framework, pair)
        proposed = likeness.outcomes_of(framework)
        made = [
            OutcomeLink(
                version=version,
                organization_id=version.organization_id,
                output_uuid=output,
                outcome_uuid=outcome,
                basis=_basis(proposed.get(output, ()), outcome),
                confirmed_at=at,
                confirmed_by_id=by.person_id,
                confirmed_by_name=by.name,
            )
            for output, outcome in wanted
            if (output, outcome) not in known
        ]
        OutcomeLink.objects.bulk_create(made)
        gone = [one.pk for pair, one in known.items() if pair not in wanted]
        OutcomeLink.objects.filter(pk__in=gone).update(ended_at=at, ended_by_name=by.name)
        for action, count in ((Action.ROWS_LINKED, len(made)), (Action.ROW_LINKS_ENDED, len(gone))):
            if count:
                _record(action, grant, by=by, at=at, number=version.number, count=count)
    return made


def carry_over(version: FrameworkVersion, framework: Framework) -> None:
    """Give a new version the links of the one before whose rows it still has, as they were confirmed.

    Part of the transaction that registers it.
    """
    before = (
        FrameworkVersion.objects.filter(grant_id=version.grant_id, number__lt=version.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return
    OutcomeLink.objects.bulk_create(
        OutcomeLink(
            version=version,
            organization_id=version.organization_id,
            output_uuid=one.output_uuid,
            outcome_uuid=one.outcome_uuid,
            basis=one.basis,
            confirmed_at=one.confirmed_at,
            confirmed_by_id=one.confirmed_by_id,
            confirmed_by_name=one.confirmed_by_name,
            carried_from=one.carried_from or before.number,
        )
        for one in standing(before)
        if _fits(framework, (one.output_uuid, one.outcome_uuid))
    )


def differences(before: FrameworkVersion, after: FrameworkVersion) -> list[Difference]:
    """Links that only one of two versions has, in two queries: those that went first."""
    old = {(one.output_uuid, one.outcome_uuid): one for one in standing(before)}
    new = {(one.output_uuid, one.outcome_uuid): one for one in standing(after)}
    return [
        *(Difference(*pair, is_new=False) for pair in old if pair not in new),
        *(Difference(*pair, is_new=True) for pair in new if pair not in old),
    ]


def _must_be_newest(grant: Grant, version: FrameworkVersion) -> None:
    if grant.framework_versions.filter(number__gt=version.number).exists():
        raise LinkNotPossible(_("A newer version of the plan is registered. Link its rows instead."))


def _must_fit(framework: Framework, pair: Pair) -> None:
    if not _fits(framework, pair):
        raise LinkNotPossible(_("Only outputs and outcomes of this version can be linked."))


def _fits(framework: Framework, pair: Pair) -> bool:
    output, outcome = (framework.find_row(one) for one in pair)
    return (
        output is not None
        and outcome is not None
        and output.level is Level.OUTPUT
        and outcome.level in likeness.OUTCOMES
    )


def _basis(proposed: Sequence[likeness.Proposed], outcome: UUID) -> str:
    signs = next((one.signs for one in proposed if one.row.uuid == outcome), ())
    return ",".join(LinkBasis(one.value).value for one in signs) or LinkBasis.HAND.value


def unlinked(framework: Framework, links: Mapping[UUID, Sequence[UUID]]) -> int:
    """How many outputs serve no confirmed outcome, where the plan has outcomes at all."""
    if not any(row.level in likeness.OUTCOMES for row in framework):
        return 0
    return sum(row.level is Level.OUTPUT and not links.get(row.uuid) for row in framework)


def _record(action: Action, grant: Grant, *, by: Actor, at: datetime, **details: object) -> None:
    """Without the programme: nothing that is compiled depends on it."""
    record(action, by=by, at=at, organization_id=grant.organization_id, grant_id=grant.pk, details=details)
