"""Deciding a change request: change by change, what was approved becomes the grant's next version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.programmes.models import Deadline, Grant
from minori.registry import change_units, changes, frameworks
from minori.registry.change_models import ChangeRequest, Succession
from minori.registry.change_units import Clash
from minori.registry.changes import Read, Said
from minori.registry.enums import ChangeState, Cut, Party, Verdict
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework

NEW_MEANINGS = UUID("5a0c1b2f-7d5a-4f7e-9a55-2f6a1d3a8c41")
"""The space of identities that indicators get whose meaning changed."""


class Clashing(FrameworkNotPossible):
    """The approved changes cannot be made without others; all reasons are in `clashes`."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__(_("The approved changes do not make a whole plan by themselves."))
        self.clashes = clashes


class FunderMustAgree(FrameworkNotPossible):
    """A change of short-term outcomes is approved without the agreement of the distributor's funder."""


class RoundTaken(FrameworkNotPossible):
    """A report of this round or a later one was handed in already: it keeps its version."""


@dataclass(frozen=True)
class Agreement:
    """The agreement of the distributor's own funder (指定活用団体): who agreed, on which day, and what there is to say."""

    by: str
    on: date
    note: str = ""


def first_round(grant: Grant, *, base: FrameworkVersion | None = None) -> int:
    """The first round a change can count from: behind every round handed in, and not before the version it changes."""
    filed = grant.deadlines.filter(current_filing__isnull=False).order_by("-round__number")
    last = filed.values_list("round__number", flat=True).first() or 0
    return max(last + 1, base.effective_from_round if base else 1)


def clashes(found: Read, said: Mapping[str, Said]) -> tuple[Clash, ...]:
    """Why what was approved cannot be made by itself; empty where nothing was, or where it makes a valid plan."""
    approved = _approved(said)
    return change_units.clashes(found.old, found.new, approved) if approved else ()


def concerns_outcomes(found: Read, said: Mapping[str, Said]) -> bool:
    """Whether a change of the short-term outcomes is approved."""
    approved = _approved(said)
    return any(one.concerns_outcome for one in found.units if one.key in approved)


def decide(
    request: ChangeRequest,
    *,
    said: Mapping[str, Said],
    effective_from_round: int,
    words: str = "",
    agreement: Agreement | None = None,
    by: Actor,
    at: datetime,
) -> ChangeRequest:
    """The officer decides a request, change by change; what is approved becomes the next version.

    Locks the request, the grant and the reports it counts from. Raises `FrameworkNotPossible` once it is settled or
    sent back, where a change is left out, where the plan has got a newer version meanwhile; `Clashing`,
    `FunderMustAgree`, `RoundTaken`. Nothing approved: no version, the decision is recorded all the same.
    """
    with transaction.atomic():
        locked = changes.lock(request)
        _must_wait(locked)
        revision = locked.revisions.select_related("base").get(number=locked.last_revision)
        found = changes.read(revision)
        _must_be_complete(found, said)
        if reasons := clashes(found, said):
            raise Clashing(reasons)
        if agreement is None and concerns_outcomes(found, said):
            raise FunderMustAgree(funder_must_agree())
        for key, change in found.said.items():
            change.verdict, change.word = said[key].verdict, said[key].word.strip()
            change.cut = change.verdict == Verdict.APPROVED and (
                said[key].cut or change.came_from is not None
            )
            change.save(update_fields=["verdict", "word", "cut"])
        if approved := _approved(said):
            locked.version = _register(locked, found, approved, effective_from_round, by=by, at=at)
            locked.effective_from_round = effective_from_round
        _close(locked, words=words, agreement=agreement, by=by, at=at)
        changes.note(
            Action.CHANGE_DECIDED,
            locked,
            by=by,
            at=at,
            approved=len(_approved(said)),
            of=revision.size,
            from_round=locked.effective_from_round,
            words=locked.words,
        )
    return locked


def funder_must_agree() -> Promise:
    """The sentence for an officer who approves a change of outcomes too early."""
    return _(
        "A change of short-term outcomes is approved: write who of the funding body agreed, and on which day."
    )


def _must_wait(request: ChangeRequest) -> None:
    waits = ChangeState.WAITING if request.party == Party.ROOM else ChangeState.ANSWERED
    if request.state != waits:
        raise changes.too_late(request)


def _must_be_complete(found: Read, said: Mapping[str, Said]) -> None:
    for key, change in found.said.items():
        one = said.get(key)
        if one is None:
            raise FrameworkNotPossible(_("Please decide every change."))
        if one.verdict is Verdict.DECLINED and not one.word.strip():
            raise FrameworkNotPossible(_("Say why it is not approved."))
        if one.verdict is Verdict.APPROVED and change.answer == Verdict.DECLINED:
            raise FrameworkNotPossible(_("The organization did not agree to this change."))


def _register(
    request: ChangeRequest,
    found: Read,
    approved: frozenset[str],
    effective_from_round: int,
    *,
    by: Actor,
    at: datetime,
) -> FrameworkVersion:
    base = found.revision.base
    grant = Grant.objects.select_for_update(of=("self",)).get(pk=request.grant_id)
    if (newest := changes.newest_version(grant)) is None or newest.pk != base.pk:
        raise FrameworkNotPossible(
            _("The plan has got a newer version meanwhile. Send the request back, so that it starts from it.")
        )
    _must_be_free(grant, base, effective_from_round)
    renamed = _new_identities(request, found)
    plan = change_units.with_identities(change_units.apply(found.old, found.new, approved), renamed)
    version = frameworks.register_changed(
        grant, plan, request=request, effective_from_round=effective_from_round, by=by, at=at
    )
    Succession.objects.bulk_create(_successions(version, plan, found, renamed))
    return version


def _must_be_free(grant: Grant, base: FrameworkVersion, effective_from_round: int) -> None:
    """Locks the reports that would answer to the new version: none of them was handed in."""
    if effective_from_round < base.effective_from_round:
        raise RoundTaken(_("A change cannot count from an earlier round than the version that it changes."))
    concerned = Deadline.objects.select_for_update(of=("self",)).filter(
        grant=grant, round__number__gte=effective_from_round
    )
    if any(one.current_filing_id is not None for one in concerned.order_by("round__number")):
        raise RoundTaken(
            _(
                "A report of this round or a later one has been handed in and keeps its version. Choose a later round."
            )
        )


def _new_identities(request: ChangeRequest, found: Read) -> dict[UUID, UUID]:
    """Indicators whose meaning changed, by their old identity. The same request always gives the same ones."""
    return {
        one.indicator.uuid: uuid5(NEW_MEANINGS, f"{request.pk}/{one.indicator.uuid}")
        for one in found.units
        if one.indicator is not None and one.may_cut and found.said[one.key].cut
    }


def _successions(
    version: FrameworkVersion, plan: Framework, found: Read, renamed: Mapping[UUID, UUID]
) -> list[Succession]:
    made = []
    for unit in found.units:
        change = found.said[unit.key]
        if unit.indicator is None or not change.cut:
            continue
        uuid = renamed.get(unit.indicator.uuid, unit.indicator.uuid)
        before = change.came_from or unit.indicator.uuid
        place = plan.find_indicator(uuid)
        if place is not None and uuid != before:
            made.append(
                Succession(
                    version=version,
                    organization_id=version.organization_id,
                    row_uuid=place[0].uuid,
                    uuid=uuid,
                    before_uuid=before,
                    cut=Cut.SPLIT if change.came_from else Cut.MEANING,
                    reason=change.reason,
                )
            )
    return made


def _close(
    request: ChangeRequest, *, words: str, agreement: Agreement | None, by: Actor, at: datetime
) -> None:
    request.state, request.words = ChangeState.DECIDED, words.strip()
    request.closed_at, request.closed_by_id, request.closed_by_name = at, by.person_id, by.name
    if agreement is not None:
        request.funder_agreed_by, request.funder_agreed_on = agreement.by.strip(), agreement.on
        request.funder_note = agreement.note.strip()
    request.save()


def _approved(said: Mapping[str, Said]) -> frozenset[str]:
    return frozenset(key for key, one in said.items() if one.verdict is Verdict.APPROVED)
