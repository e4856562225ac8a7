"""Change requests (変更申請): applied for, sent back, answered, withdrawn; `change_decisions` decides them.

The organization applies in its room, or the officer proposes and the organization answers (domain.md: both ways). A
grant has one open request at most. What was sent is frozen; after re-work it comes again as the next revision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.programmes.models import Grant
from minori.registry import change_units, frameworks
from minori.registry.change_models import Change, ChangeRequest, ChangeRevision
from minori.registry.change_units import Unit
from minori.registry.enums import OPEN_CHANGES, ChangeState, Party, ProposalState, Verdict
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework

_TOO_LATE = {
    ChangeState.WAITING: _("This change request waits for an answer again. Please read it once more."),
    ChangeState.RETURNED: _("Somebody sent this change request back for re-work meanwhile."),
    ChangeState.ANSWERED: _("The organization has answered this change request meanwhile."),
    ChangeState.DECIDED: _("This change request has been decided meanwhile."),
    ChangeState.WITHDRAWN: _("This change request has been taken back meanwhile."),
}


@dataclass(frozen=True)
class Reason:
    """What is said of one change: why, and of an indicator whether its meaning changed or what it was split off from."""

    reason: str = ""
    meaning_changed: bool = False
    came_from: UUID | None = None


@dataclass(frozen=True)
class Said:
    """What is said of one change by whoever answers or decides. `cut`: the indicator's meaning changed."""

    verdict: Verdict
    word: str = ""
    cut: bool = False


@dataclass(frozen=True)
class Read:
    """A revision of a request as it is shown and decided: the two plans, the changes, what was said of them."""

    revision: ChangeRevision
    old: Framework
    new: Framework
    units: tuple[Unit, ...]
    said: Mapping[str, Change]


def open_request(grant: Grant) -> ChangeRequest | None:
    """The undecided request of a grant; there is at most one."""
    return grant.change_requests.filter(state__in=OPEN_CHANGES).first()


def newest_version(grant: Grant) -> FrameworkVersion | None:
    """The version that a change starts from."""
    return grant.framework_versions.order_by("-number").first()


def send(
    grant: Grant,
    *,
    framework: Framework,
    reasons: Mapping[str, Reason],
    remark: str = "",
    party: Party,
    by: Actor,
    at: datetime,
) -> ChangeRequest:
    """Apply for a change of the newest registered plan, in the room; or propose one at the desk (`party`).

    A request of the same party that came back for re-work goes on as its next revision. Raises
    `FrameworkNotPossible` without a registered plan, with mistakes, without a change or a reason, and while another
    request or plan is open.
    """
    with transaction.atomic():
        base = newest_version(grant)
        if base is None:
            raise FrameworkNotPossible(_("No plan is registered yet."))
        frameworks.must_be_sound(framework)
        found = change_units.units(frameworks.read(base), framework)
        if not found:
            raise FrameworkNotPossible(_("Nothing differs from the registered plan yet."))
        known = open_request(grant)
        if known is not None and (known.party != party or known.state != ChangeState.RETURNED):
            raise _one_is_open()
        if grant.proposals.filter(state=ProposalState.WAITING).exists():
            raise FrameworkNotPossible(_("A plan is waiting for the officer already."))
        revision = _new_revision(grant, known, party=party, base=base)
        revision.contents, revision.size, revision.remark = framework.to_json(), len(found), remark.strip()
        revision.sent_at, revision.sent_by_id, revision.sent_by_name = at, by.person_id, by.name
        revision.save()
        Change.objects.bulk_create(_changes(revision, found, reasons))
        request = revision.request
        if known is not None:
            request.state, request.last_revision = ChangeState.WAITING, revision.number
            request.save(update_fields=["state", "last_revision"])
        note(_SENT[party, known is not None], request, by=by, at=at)
    return request


_SENT = {
    (Party.ROOM, False): Action.CHANGE_SENT,
    (Party.ROOM, True): Action.CHANGE_SENT_AGAIN,
    (Party.DESK, False): Action.CHANGE_OFFERED,
}


def send_back(request: ChangeRequest, *, words: str, by: Actor, at: datetime) -> ChangeRequest:
    """The officer sends a request back for re-work, with comments. Raises `FrameworkNotPossible` without words."""
    if not words.strip():
        raise FrameworkNotPossible(_("Say what should be changed."))
    with transaction.atomic():
        locked = lock(request)
        _must_be(locked, Party.ROOM, ChangeState.WAITING)
        revision = locked.revisions.get(number=locked.last_revision)
        revision.returned_at, revision.returned_words = at, words.strip()
        revision.returned_by_id, revision.returned_by_name = by.person_id, by.name
        revision.save()
        locked.state = ChangeState.RETURNED
        locked.save(update_fields=["state"])
        note(Action.CHANGE_RETURNED, locked, by=by, at=at, words=words.strip())
    return locked


def answer(request: ChangeRequest, *, said: Mapping[str, Said], by: Actor, at: datetime) -> ChangeRequest:
    """The organization says of every change that the officer proposes whether it agrees. Once; inside the room.

    Raises `FrameworkNotPossible` where a change is left out or declined without a word.
    """
    with transaction.atomic():
        locked = lock(request)
        _must_be(locked, Party.DESK, ChangeState.WAITING)
        revision = locked.revisions.get(number=locked.last_revision)
        for change in revision.changes.order_by("position"):
            one = _said(said, change)
            change.answer, change.answer_word = one.verdict, one.word.strip()
            change.save(update_fields=["answer", "answer_word"])
        locked.state = ChangeState.ANSWERED
        locked.answered_at, locked.answered_by_id, locked.answered_by_name = at, by.person_id, by.name
        locked.save(update_fields=["state", "answered_at", "answered_by_id", "answered_by_name"])
        agreed = sum(one.verdict is Verdict.APPROVED for one in said.values())
        note(Action.CHANGE_ANSWERED, locked, by=by, at=at, agreed=agreed, of=revision.size)
    return locked


def withdraw(request: ChangeRequest, *, party: Party, by: Actor, at: datetime) -> ChangeRequest:
    """Whoever applied takes an undecided request back. Raises `FrameworkNotPossible` otherwise."""
    with transaction.atomic():
        locked = lock(request)
        if locked.party != party or not locked.is_open:
            raise too_late(locked)
        locked.state = ChangeState.WITHDRAWN
        locked.closed_at, locked.closed_by_id, locked.closed_by_name = at, by.person_id, by.name
        locked.save(update_fields=["state", "closed_at", "closed_by_id", "closed_by_name"])
        action = Action.CHANGE_WITHDRAWN if party is Party.ROOM else Action.CHANGE_OFFER_WITHDRAWN
        note(action, locked, by=by, at=at)
    return locked


def read(revision: ChangeRevision) -> Read:
    """A revision with the plans before and after, in three queries."""
    old, new = frameworks.read(revision.base), Framework.from_json(revision.contents)
    return Read(
        revision=revision,
        old=old,
        new=new,
        units=change_units.units(old, new),
        said={one.key: one for one in revision.changes.order_by("position")},
    )


def lock(request: ChangeRequest) -> ChangeRequest:
    """The request read again under its row lock."""
    related = ("grant__programme__distributor",)
    return ChangeRequest.objects.select_for_update(of=("self",)).select_related(*related).get(pk=request.pk)


def note(action: Action, request: ChangeRequest, *, by: Actor, at: datetime, **details: object) -> None:
    """Record a step of a request."""
    record(
        action,
        by=by,
        at=at,
        to_state=request.state,
        organization_id=request.organization_id,
        programme_id=request.grant.programme_id,
        grant_id=request.grant_id,
        details={"request": request.number, "revision": request.last_revision, **details},
    )


def too_late(request: ChangeRequest) -> FrameworkNotPossible:
    """What somebody is told whose step comes too late: what happened meanwhile."""
    return FrameworkNotPossible(_TOO_LATE[ChangeState(request.state)])


def _one_is_open() -> FrameworkNotPossible:
    return FrameworkNotPossible(_("A change request is open already. One is settled before the next begins."))


def _must_be(request: ChangeRequest, party: Party, state: ChangeState) -> None:
    if request.party != party or request.state != state:
        raise too_late(request)


def _said(said: Mapping[str, Said], change: Change) -> Said:
    one = said.get(change.key)
    if one is None:
        raise FrameworkNotPossible(_("Please answer every change."))
    if one.verdict is Verdict.DECLINED and not one.word.strip():
        raise FrameworkNotPossible(_("Say why it is not approved."))
    return one


def _new_revision(
    grant: Grant, known: ChangeRequest | None, *, party: Party, base: FrameworkVersion
) -> ChangeRevision:
    if known is not None:
        request = lock(known)
        if request.state != ChangeState.RETURNED:
            raise too_late(request)
        return ChangeRevision(
            request=request,
            organization_id=grant.organization_id,
            number=request.last_revision + 1,
            base=base,
        )
    number = (grant.change_requests.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            request = ChangeRequest.objects.create(
                grant=grant, organization_id=grant.organization_id, number=number, party=party
            )
    except IntegrityError as error:  # two people at the same moment: a room cannot lock the grant
        raise _one_is_open() from error
    return ChangeRevision(request=request, organization_id=grant.organization_id, number=1, base=base)


def _changes(revision: ChangeRevision, found: Sequence[Unit], reasons: Mapping[str, Reason]) -> list[Change]:
    changes = []
    for position, unit in enumerate(found, start=1):
        said = reasons.get(unit.key, Reason())
        reason = said.reason.strip() or (
            reasons.get(unit.needs, Reason()).reason.strip() if unit.needs else ""
        )
        if not reason:
            raise FrameworkNotPossible(_("Give a reason for every change."))
        changes.append(
            Change(
                revision=revision,
                organization_id=revision.organization_id,
                position=position,
                key=unit.key,
                concerns_outcome=unit.concerns_outcome,
                reason=reason,
                meaning_changed=said.meaning_changed and unit.may_cut,
                came_from=said.came_from if unit.may_come_from else None,
            )
        )
    return changes
