"""Registering frameworks: proposed by the room, registered by the desk; or loaded by the desk, confirmed by the room."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.programmes.models import Deadline, Grant, Round
from minori.registry import outcome_links, plan_sources
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import OPEN_CHANGES, ProposalState
from minori.registry.models import FrameworkVersion, Proposal, RegisteredIndicator, RegisteredRow
from minori.registry.pasting import MARK_LENGTH
from minori.registry.plan_sources import Source
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support


class FrameworkNotPossible(ValueError):  # noqa: N818 - shown to people as a sentence
    """The plan cannot be proposed, registered or confirmed now; `str()` is the sentence for the person."""


def propose(grant: Grant, *, framework: Framework, remark: str, by: Actor, at: datetime) -> Proposal:
    """The room hands a plan through the hatch, frozen. One waiting proposal a grant. Run inside the room.

    Raises `FrameworkNotPossible` when one is waiting already or the framework has problems.
    """
    must_be_sound(framework)
    with transaction.atomic():
        if grant.proposals.filter(state=ProposalState.WAITING).exists():
            raise _one_is_waiting()
        if grant.change_requests.filter(state__in=OPEN_CHANGES).exists():
            raise FrameworkNotPossible(_("A change request of this grant is open. Settle it first."))
        try:
            with transaction.atomic():
                proposal = Proposal.objects.create(
                    grant=grant,
                    organization_id=grant.organization_id,
                    contents=framework.to_json(),
                    remark=remark,
                    proposed_at=at,
                    proposed_by_id=by.person_id,
                    proposed_by_name=by.name,
                )
        except IntegrityError as error:  # two people at the same moment: a room cannot lock the grant
            raise _one_is_waiting() from error
        _record(Action.PLAN_PROPOSED, grant, by=by, at=at)
    return proposal


def withdraw(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """The room takes its waiting proposal back."""
    with transaction.atomic():
        locked = _waiting(proposal)
        _decide(locked, ProposalState.WITHDRAWN, by=by, at=at)
        locked.save(update_fields=["state", "decided_at", "decided_by_id", "decided_by_name"])
        _record(Action.PLAN_WITHDRAWN, locked.grant, by=by, at=at)
    return locked


def decline(proposal: Proposal, *, remark: str, by: Actor, at: datetime) -> Proposal:
    """The officer sends a proposal back with what should be changed."""
    if not remark.strip():
        raise FrameworkNotPossible(_("Say what should be changed."))
    with transaction.atomic():
        locked = _waiting(proposal)
        _decide(locked, ProposalState.DECLINED, by=by, at=at)
        locked.decision_remark = remark
        locked.save()
        _record(Action.PLAN_DECLINED, locked.grant, by=by, at=at)
    return locked


def approve(
    proposal: Proposal, *, by: Actor, at: datetime, effective_from_round: int = 1
) -> FrameworkVersion:
    """The officer registers a proposal as the grant's next version; the organization wrote it, so it is confirmed."""
    with transaction.atomic():
        locked = _waiting(proposal)
        framework = Framework.from_json(locked.contents)
        version = _register(locked.grant, framework, by=by, at=at, effective_from_round=effective_from_round)
        _confirm(
            version, person_id=locked.proposed_by_id, name=locked.proposed_by_name, at=locked.proposed_at
        )
        _decide(locked, ProposalState.REGISTERED, by=by, at=at)
        locked.version = version
        locked.save()
    return version


def load(
    grant: Grant,
    *,
    framework: Framework,
    by: Actor,
    at: datetime,
    effective_from_round: int = 1,
    source: Source | None = None,
    reason: str = "",
) -> FrameworkVersion:
    """The officer registers the contracted plan; the organization confirms it later (`confirm`).

    A distributor's own plan has nobody else to confirm it: whoever registers it does.

    Later versions come by change requests; one that is registered whole without one says why (`reason`), and the
    organization is told. Raises `FrameworkNotPossible` without a reason.
    `source`: what the plan said to the letter, where it was read from a file; it is kept beside the version.
    """
    must_be_sound(framework)
    with transaction.atomic():
        version = _register(
            grant,
            framework,
            by=by,
            at=at,
            effective_from_round=effective_from_round,
            reason=reason,
            whole=True,
        )
        if grant.programme.answers_for_id is not None:
            _confirm(version, person_id=by.person_id, name=by.name, at=at)
        if source is not None:
            plan_sources.keep(version, source)
    return version


def register_changed(
    grant: Grant,
    framework: Framework,
    *,
    request: ChangeRequest,
    effective_from_round: int,
    by: Actor,
    at: datetime,
) -> FrameworkVersion:
    """Register what was approved of a change request (`change_decisions.decide`, whose transaction this is part of).

    Whoever of the organization sent or answered the request has confirmed it.
    """
    must_be_sound(framework)
    version = _register(
        grant, framework, by=by, at=at, effective_from_round=effective_from_round, request=request
    )
    revision = request.revisions.get(number=request.last_revision)
    who = (
        (revision.sent_by_id, revision.sent_by_name, revision.sent_at)
        if request.answered_at is None
        else (request.answered_by_id, request.answered_by_name, request.answered_at)
    )
    _confirm(version, person_id=who[0], name=who[1], at=who[2])
    return version


def confirm(version: FrameworkVersion, *, by: Actor, at: datetime) -> FrameworkVersion:
    """The organization confirms a plan that the officer loaded. Once; inside the room."""
    with transaction.atomic():
        locked = FrameworkVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.confirmed_at is None:
            _confirm(locked, person_id=by.person_id, name=by.name, at=at)
            _record(Action.PLAN_CONFIRMED, Grant.objects.get(pk=locked.grant_id), by=by, at=at)
    return locked


def version_for(deadline: Deadline) -> FrameworkVersion | None:
    """The version a report answers to: the newest that is effective from its round or an earlier one."""
    return (
        FrameworkVersion.objects.filter(
            grant_id=deadline.grant_id, effective_from_round__lte=deadline.round.number
        )
        .order_by("-number")
        .first()
    )


def read(version: FrameworkVersion) -> Framework:
    """A registered version as plain values, in two queries."""
    return read_all([version])[version.pk]


def read_all(versions: Iterable[FrameworkVersion]) -> dict[int, Framework]:
    """Registered versions as plain values by their primary keys, in two queries for any number of them."""
    found: dict[int, list[Row]] = {version.pk: [] for version in versions}
    rows = RegisteredRow.objects.filter(version__in=found).order_by("version_id", "position")
    for row in rows.prefetch_related("indicators"):
        found[row.version_id].append(_row(row))
    return {pk: Framework(tuple(of_version)) for pk, of_version in found.items()}


def _row(row: RegisteredRow) -> Row:
    return Row(
        uuid=row.uuid,
        parent=row.parent_uuid,
        level=Level(row.level),
        support=Support(row.support),
        code=row.code,
        statement=row.statement,
        season=row.season,
        indicators=tuple(
            Indicator(
                uuid=one.uuid,
                mark=one.mark,
                statement=one.statement,
                baseline=one.baseline,
                target=one.target,
                achieve_by=one.achieve_by,
                means=one.means,
                mid_state=one.mid_state,
                post_state=one.post_state,
            )
            for one in row.indicators.all()
        ),
    )


def _register(
    grant: Grant,
    framework: Framework,
    *,
    by: Actor,
    at: datetime,
    effective_from_round: int,
    request: ChangeRequest | None = None,
    reason: str = "",
    whole: bool = False,
) -> FrameworkVersion:
    Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)  # versions are numbered without gaps
    if request is None and grant.change_requests.filter(state__in=OPEN_CHANGES).exists():
        raise FrameworkNotPossible(_("A change request of this grant is open. Settle it first."))
    number = (grant.framework_versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if whole and number > 1 and not reason.strip():
        raise FrameworkNotPossible(_("Say why this version comes without a change request."))
    version = FrameworkVersion.objects.create(
        grant=grant,
        organization_id=grant.organization_id,
        number=number,
        effective_from_round=effective_from_round,
        registered_at=at,
        registered_by_id=by.person_id,
        registered_by_name=by.name,
        reason=reason.strip() if number > 1 else "",
    )
    _write_rows(version, framework)
    outcome_links.carry_over(version, framework)
    details: dict[str, object] = {"number": number} | ({"request": request.number} if request else {})
    if version.reason:
        details["reason"] = version.reason
    _record(Action.PLAN_REGISTERED, grant, by=by, at=at, **details)
    enqueue_programme(grant)
    return version


def _write_rows(version: FrameworkVersion, framework: Framework) -> None:
    stored = RegisteredRow.objects.bulk_create(
        RegisteredRow(
            version=version,
            organization_id=version.organization_id,
            position=position,
            uuid=row.uuid,
            parent_uuid=row.parent,
            level=row.level.value,
            support=row.support.value,
            code=row.code,
            statement=row.statement,
            season=row.season,
        )
        for position, row in enumerate(framework.rows)
    )
    ids: dict[UUID, int] = {row.uuid: row.pk for row in stored}
    RegisteredIndicator.objects.bulk_create(
        RegisteredIndicator(
            row_id=ids[row.uuid],
            organization_id=version.organization_id,
            position=position,
            uuid=one.uuid,
            mark=one.mark,
            statement=one.statement,
            baseline=one.baseline,
            target=one.target,
            achieve_by=one.achieve_by,
            means=one.means,
            mid_state=one.mid_state,
            post_state=one.post_state,
        )
        for row in framework.rows
        for position, one in enumerate(row.indicators)
    )


def enqueue_programme(grant: Grant) -> None:
    """Wake the compiler for every round of the grant's programme."""
    for round_id in grant.programme.rounds.order_by("number").values_list("pk", flat=True):
        enqueue(Job.COMPILE, programme_id=grant.programme_id, round_id=round_id)


def must_be_sound(framework: Framework) -> None:
    """Raises `FrameworkNotPossible` for a plan that has mistakes."""
    marks = (one.mark for row in framework for one in row.indicators)
    if framework.problems() or any(len(mark) > MARK_LENGTH for mark in marks):
        raise FrameworkNotPossible(_("The plan still has mistakes. Please correct them first."))


def _one_is_waiting() -> FrameworkNotPossible:
    return FrameworkNotPossible(_("A plan is waiting for the officer already."))


def _waiting(proposal: Proposal) -> Proposal:
    locked = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("grant__programme")
        .get(pk=proposal.pk)
    )
    if locked.state != ProposalState.WAITING:
        raise FrameworkNotPossible(_("This plan has been decided already."))
    return locked


def _decide(proposal: Proposal, state: ProposalState, *, by: Actor, at: datetime) -> None:
    proposal.state = state
    proposal.decided_at, proposal.decided_by_id, proposal.decided_by_name = at, by.person_id, by.name


def _confirm(version: FrameworkVersion, *, person_id: int | None, name: str, at: datetime) -> None:
    version.confirmed_at, version.confirmed_by_id, version.confirmed_by_name = at, person_id, name
    version.save(update_fields=["confirmed_at", "confirmed_by_id", "confirmed_by_name"])


def _record(action: Action, grant: Grant, *, by: Actor, at: datetime, **details: object) -> None:
    record(
        action,
        by=by,
        at=at,
        organization_id=grant.organization_id,
        programme_id=grant.programme_id,
        grant_id=grant.pk,
        details=details,
    )


def with_round(versions: QuerySet[FrameworkVersion]) -> QuerySet[FrameworkVersion]:
    """The versions with `round_title`: from which round on each counts, "" while there is no such round."""
    rounds = Round.objects.filter(
        programme=OuterRef("grant__programme"), number=OuterRef("effective_from_round")
    )
    return versions.annotate(round_title=Coalesce(Subquery(rounds.values("title")[:1]), Value("")))
