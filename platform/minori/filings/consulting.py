"""Consulting on a draft (下書き相談): the organization shows a snapshot, both sides speak about it, nothing is filed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.filings.enums import Side
from minori.filings.handing_in import NotPossibleNow, lock, step
from minori.filings.models import Consultation, ConsultationRemark
from minori.programmes.enums import OPEN_STATES
from minori.programmes.models import Deadline
from minori.report_forms.contents import Attachment, Contents


def show(
    deadline: Deadline, *, contents: Contents, question: str = "", by: Actor, at: datetime
) -> Consultation:
    """Show the draft as it stands now to the officer; the next number. Run inside the organization's room.

    Holds the deadline's row lock. Raises `NotPossibleNow` unless the report is being written: what was handed in
    is read as handed in.
    """
    with transaction.atomic():
        locked = lock(deadline)
        if locked.state not in OPEN_STATES:
            raise NotPossibleNow(_("The report is not being written now, so there is no draft to show."))
        number = (locked.consultations.aggregate(last=Max("number"))["last"] or 0) + 1
        consultation = Consultation.objects.create(
            deadline=locked,
            organization_id=locked.organization_id,
            number=number,
            contents=contents.to_json(),
            question=question.strip(),
            shown_at=at,
            shown_by_id=by.person_id,
            shown_by_name=by.name,
        )
        _step(Action.CONSULTED, consultation, locked, by=by, at=at)
    return consultation


def say(
    consultation: Consultation, *, side: Side, body: str, anchor: str = "", by: Actor, at: datetime
) -> ConsultationRemark | None:
    """Say something about a shown draft, at a field or row or about the whole; the other side is told.

    The same words of the same person at the same place are written once, however often they are posted: then None.
    Raises `NotPossibleNow` for nothing said, and once the draft is no longer shown.
    """
    if not body.strip():
        raise NotPossibleNow(_("Write what you want to say."))
    with transaction.atomic():
        locked = lock(consultation.deadline)
        if Consultation.objects.filter(pk=consultation.pk, withdrawn_at__isnull=False).exists():
            raise NotPossibleNow(_("The organization no longer shows this draft."))
        spoken = {"anchor": anchor, "side": side, "body": body.strip(), "by_id": by.person_id}
        if consultation.remarks.filter(**spoken).exists():
            return None
        remark = ConsultationRemark.objects.create(
            consultation=consultation,
            organization_id=consultation.organization_id,
            at=at,
            by_name=by.name,
            **spoken,
        )
        action = Action.CONSULTATION_ANSWERED if side == Side.DESK else Action.CONSULTATION_ASKED
        _step(action, consultation, locked, by=by, at=at)
    return remark


def withdraw(consultation: Consultation, *, by: Actor, at: datetime) -> None:
    """Stop showing a draft; what was said stays with the organization. Doing it twice does it once."""
    with transaction.atomic():
        locked = lock(consultation.deadline)
        fresh = Consultation.objects.filter(pk=consultation.pk, withdrawn_at=None)
        if fresh.update(withdrawn_at=at, withdrawn_by_name=by.name):
            _step(Action.CONSULTATION_WITHDRAWN, consultation, locked, by=by, at=at)


def file_of(consultation: Consultation, uuid: UUID) -> Attachment | None:
    """A file of the draft as it was shown, None where it has none of this identity or is no longer shown.

    Its bytes lie with the organization that showed it, whatever the snapshot says of them.
    """
    if consultation.withdrawn_at is not None:
        return None
    shown = Contents.from_json(consultation.contents).attachments
    return next((one for one in shown if one.uuid == uuid), None)


def files_shown() -> set[str]:
    """The sha256 of every file that some draft shows now: run inside the organization's room, whose own they are."""
    shown = Consultation.objects.filter(withdrawn_at=None).values_list("contents__attachments", flat=True)
    return {one["sha256"] for attachments in shown for one in attachments}


def _step(action: Action, consultation: Consultation, deadline: Deadline, *, by: Actor, at: datetime) -> None:
    details = {"number": consultation.number}
    step(action, deadline, filing=None, before=deadline.state, by=by, at=at, details=details)


def with_last_word(shown: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """The drafts with `waits`: whether the organization had the last word, so that it waits for the officer's."""
    last = ConsultationRemark.objects.filter(consultation=OuterRef("pk")).order_by("-at", "-pk")
    return shown.annotate(last_side=Subquery(last.values("side")[:1])).annotate(
        waits=~Exists(last.filter(side=Side.DESK)) | Q(last_side=Side.ROOM)
    )


def waiting() -> QuerySet[Consultation]:
    """The newest shown draft of every report that is being written, where it waits for an officer's word."""
    shown = Consultation.objects.filter(withdrawn_at=None, deadline__state__in=OPEN_STATES)
    newer = Consultation.objects.filter(
        deadline=OuterRef("deadline"), withdrawn_at=None, number__gt=OuterRef("number")
    )
    return with_last_word(shown.filter(~Exists(newer))).filter(Q(waits=True))
