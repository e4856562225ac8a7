"""The organization's own draft of a plan: begun, changed and handed in for registration, all inside its room."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from minori.audit.trail import Actor
from minori.programmes.models import Grant
from minori.registry import frameworks
from minori.registry.change_models import ChangeRevision
from minori.registry.enums import ChangeState, Party, ProposalState
from minori.registry.models import FrameworkVersion, Proposal
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support
from tenants.frameworks.models import Draft, DraftIndicator, DraftRow

_INDICATOR_TEXTS = ("statement", "baseline", "target", "achieve_by", "means", "mid_state", "post_state")


def read(grant_id: int) -> Framework | None:
    """The draft as plain values; None where nobody has begun, or what was written has been registered since."""
    draft = Draft.objects.filter(grant_id=grant_id).first()
    return None if draft is None or _is_registered(draft) else _read(draft)


def begin(grant: Grant, *, by: Actor, at: datetime) -> Framework:
    """The draft, begun from the newest registered version where there is none yet; rows keep their identity."""
    return change(grant, lambda framework: framework, by=by, at=at)


def change(grant: Grant, how: Callable[[Framework], Framework], *, by: Actor, at: datetime) -> Framework:
    """Change the draft under its row lock, so that two people's rows do not overwrite each other.

    Without a draft one is begun from the newest registered version, else empty.
    """
    with transaction.atomic():
        draft = _locked(grant, by=by, at=at)
        framework = how(_read(draft))
        draft.rows.all().delete()
        _write(draft, framework)
        draft.changed_at, draft.changed_by_id, draft.changed_by_name = at, by.person_id, by.name
        draft.save()
    return framework


def discard(grant_id: int) -> None:
    """Throw the draft away; what is registered stays."""
    Draft.objects.filter(grant_id=grant_id).delete()


def hand_in(grant: Grant, *, remark: str, by: Actor, at: datetime) -> Proposal:
    """Hand the draft to the officer for registration; it stays, to be gone on with should it come back.

    Raises `FrameworkNotPossible` with mistakes, or where a plan waits already.
    """
    with transaction.atomic():
        framework = read(grant.pk) or Framework()
        return frameworks.propose(grant, framework=framework, remark=remark, by=by, at=at)


def _locked(grant: Grant, *, by: Actor, at: datetime) -> Draft:
    known = Draft.objects.select_for_update().filter(grant_id=grant.pk).first()
    if known is not None and not _is_registered(known):
        return known
    if known is not None:
        known.delete()
    try:
        with transaction.atomic():
            draft = Draft.objects.create(
                grant_id=grant.pk,
                created_at=at,
                changed_at=at,
                changed_by_id=by.person_id,
                changed_by_name=by.name,
            )
    except IntegrityError:  # somebody began at the same moment
        return Draft.objects.select_for_update().get(grant_id=grant.pk)
    newest = grant.framework_versions.order_by("-number").first()
    if newest is not None:
        _write(draft, frameworks.read(newest))
    return draft


def _is_registered(draft: Draft) -> bool:
    """Whether the officer registered or decided the draft as it stands; a plan the officer loaded leaves it alone."""
    registered = Proposal.objects.filter(
        grant_id=draft.grant_id, state=ProposalState.REGISTERED, proposed_at__gte=draft.changed_at
    )
    decided = ChangeRevision.objects.filter(
        request__grant_id=draft.grant_id,
        request__party=Party.ROOM,
        request__state=ChangeState.DECIDED,
        sent_at__gte=draft.changed_at,
    )
    return registered.exists() or decided.exists()


def is_outdated(grant_id: int, *, newest: FrameworkVersion | None) -> bool:
    """Whether the plan got its newest version after the draft was begun: the draft would undo what changed."""
    begun_before = Draft.objects.filter(grant_id=grant_id)
    return newest is not None and begun_before.filter(created_at__lt=newest.registered_at).exists()


def _read(draft: Draft) -> Framework:
    rows = draft.rows.order_by("position").prefetch_related("indicators")
    return Framework(tuple(_row(row) for row in rows))


def _row(row: DraftRow) -> Row:
    return Row(
        uuid=row.uuid,
        parent=row.parent_uuid,
        level=Level(row.level),
        support=Support(row.support),
        code=row.code,
        statement=row.statement,
        season=row.season,
        indicators=tuple(
            Indicator(uuid=one.uuid, mark=one.mark, **{name: getattr(one, name) for name in _INDICATOR_TEXTS})
            for one in row.indicators.all()
        ),
    )


def _write(draft: Draft, framework: Framework) -> None:
    stored = DraftRow.objects.bulk_create(
        DraftRow(
            draft=draft,
            uuid=row.uuid,
            parent_uuid=row.parent,
            position=position,
            level=row.level.value,
            support=row.support.value,
            code=row.code,
            statement=row.statement,
            season=row.season,
        )
        for position, row in enumerate(framework)
    )
    ids: dict[UUID, int] = {row.uuid: row.pk for row in stored}
    DraftIndicator.objects.bulk_create(
        DraftIndicator(
            row_id=ids[row.uuid],
            uuid=one.uuid,
            position=position,
            mark=one.mark,
            **{name: getattr(one, name) for name in _INDICATOR_TEXTS},
        )
        for row in framework
        for position, one in enumerate(row.indicators)
    )
