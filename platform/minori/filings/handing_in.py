"""Handing in and recalling: the organization's steps. Run inside its room; the desk may take them on its behalf."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.filings import closing
from minori.filings.behalf import OnBehalf
from minori.filings.closing import must_not_be_closed
from minori.filings.enums import Came, Side
from minori.filings.models import Comment, Figure, FiledAttachment, Filing
from minori.filings.parts import must_leave_closed_parts
from minori.filings.readings import Given, confirm_with_filing
from minori.filings.stepping import NotPossibleNow, lock, step
from minori.jobs import Job, enqueue
from minori.programmes import extensions
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.models import Deadline
from minori.registry.models import FrameworkVersion
from minori.report_forms import contents as papers
from minori.report_forms import editions
from minori.report_forms.contents import Approval, Contents, Signatory, hash_of
from minori.report_forms.edition import Edition, Kind
from minori.report_forms.figures import figures_of
from minori.tenancy.rooms import current_room_id

__all__ = [
    "NotPossibleNow",
    "Sent",
    "answer",
    "asks_about_a_plan",
    "complete",
    "deal_with",
    "figure_rows",
    "freeze",
    "hand_in",
    "lock",
    "recall",
    "step",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What an organization sent for its officer to file: from whom, when it arrived, the original, what was put right."""

    sender_name: str
    sender_address: str
    arrived_at: datetime
    original_name: str
    original_sha256: str
    original_size: int
    corrected: tuple[str, ...] = ()


def hand_in(
    deadline: Deadline,
    *,
    contents: Contents,
    version: FrameworkVersion | None,
    approval: Approval,
    by: Actor,
    at: datetime,
    readings: Mapping[UUID, Given] = MappingProxyType({}),
    side: Side = Side.ROOM,
    on_behalf: Sent | None = None,
) -> Filing:
    """Freeze the contents as the next revision with its figures and attachments, in one transaction.

    `version` is the plan in force, None where none is and the form asks about none.
    `readings` are the numbers beside the texts, by the indicators' UUIDs: handing in confirms them. The desk hands in
    on behalf of an organization with `on_behalf`, what was sent (代理登録): then the day it arrived is the day it was
    handed in. Without it the desk takes over what was handed in before (the demo, an import).

    Holds the deadline's row lock. Raises `NotPossibleNow` unless the report is open or returned, where a part
    that a return left closed was changed (`parts.must_leave_closed_parts`), and for the first time after the
    closing date (`closing.must_not_be_closed`), and without the plan
    that the form asks about. An open request for more time lapses. Lateness is
    measured on the distributor's date against the date in force; the deadline keeps that of the first
    revision that was not recalled. `contents.head` is completed here: the day, the revision, who handed in.
    """
    with transaction.atomic():
        locked = lock(deadline)
        if locked.state not in OPEN_STATES:
            raise NotPossibleNow(_("This report has been handed in already."))
        if locked.state == DeadlineState.RETURNED and locked.current_filing is not None:
            must_leave_closed_parts(locked.current_filing, contents)
        came_at = on_behalf.arrived_at if on_behalf else at
        today = locked.grant.programme.distributor.local_date(came_at)
        must_not_be_closed(locked, today)
        _must_have_its_plan(contents, version)
        revision = (locked.filings.aggregate(last=Max("revision"))["last"] or 0) + 1
        frozen = complete(
            contents, revision=revision, approval=approval, by=by, today=today, on_behalf=on_behalf
        )
        late = locked.lateness(today)
        filing = freeze(
            locked,
            frozen,
            version=version,
            approval=approval,
            by=by,
            at=came_at,
            days_late=late,
            on_behalf=on_behalf,
        )
        if on_behalf is not None:
            _keep_what_was_sent(filing, on_behalf, today=today, by=by, at=at)
        # what belongs to a filing comes before its report goes on to it: afterwards nothing is added
        confirmed = confirm_with_filing(filing, readings, by=by, at=at, side=side) if readings else []
        before = locked.state
        locked.state = DeadlineState.HANDED_IN
        locked.current_filing = filing
        locked.reading_began_at = None
        if locked.first_handed_in_at is None:
            locked.first_handed_in_at, locked.days_late = came_at, filing.days_late
        locked.save(
            update_fields=["state", "current_filing", "reading_began_at", "first_handed_in_at", "days_late"]
        )
        lapsed = extensions.lapse(locked, by=by, at=at)
        action = Action.HANDED_IN if before == DeadlineState.AWAITING else Action.HANDED_IN_AGAIN
        details = {"revision": revision, "days_late": filing.days_late, "hash": filing.hash}
        details |= {"readings": len(confirmed)} if confirmed else {}
        details |= {"on_behalf": on_behalf.sender_name, "arrived_on": today.isoformat()} if on_behalf else {}
        step(action, locked, filing=filing, before=before, by=by, at=at, details=details | lapsed)
    return filing


def recall(deadline: Deadline, *, by: Actor, at: datetime) -> Deadline:
    """Take a report back (引戻し) while no officer has begun to read it.

    The filing stays in the history and no longer counts; so the next hand-in is again measured for
    lateness. Raises `NotPossibleNow` otherwise, and after the closing date: it could not come again. A report that
    was returned once cannot be recalled to nothing: it falls back to the revision that was returned only by another
    hand-in.
    """
    with transaction.atomic():
        locked = lock(deadline)
        if locked.state != DeadlineState.HANDED_IN:
            raise NotPossibleNow(_("There is nothing to recall."))
        if locked.reading_began_at is not None:
            raise NotPossibleNow(_("The officer has begun to read: ask for the report to be sent back."))
        if locked.returned_at is not None:
            raise NotPossibleNow(_("A report that was sent back and handed in again cannot be recalled."))
        if locked.has_closed(locked.grant.programme.distributor.local_date(at)):
            raise NotPossibleNow(closing.NO_RECALL)
        filing = locked.current_filing
        locked.state, locked.current_filing = DeadlineState.AWAITING, None
        locked.first_handed_in_at = locked.days_late = None
        locked.save(update_fields=["state", "current_filing", "first_handed_in_at", "days_late"])
        step(Action.RECALLED, locked, filing=filing, before=DeadlineState.HANDED_IN, by=by, at=at)
    return locked


def answer(comment: Comment, *, body: str, by: Actor, at: datetime) -> Comment:
    """The organization answers a comment; raises `NotPossibleNow` for an empty answer."""
    if not body.strip():
        raise NotPossibleNow(_("Write your answer."))
    with transaction.atomic():
        locked = lock(comment.deadline)
        reply = Comment.objects.create(
            deadline=locked,
            organization_id=locked.organization_id,
            filing_id=comment.filing_id,
            answers=comment,
            anchor=comment.anchor,
            side=Side.ROOM,
            body=body,
            at=at,
            by_id=by.person_id,
            by_name=by.name,
        )
        step(Action.ANSWERED, locked, filing=None, before=locked.state, by=by, at=at)
    return reply


def deal_with(comment: Comment, *, by: Actor, at: datetime, done: bool = True) -> Comment:
    """Mark a comment as dealt with (対応済み), or take the mark back."""
    comment.dealt_with_at = at if done else None
    comment.dealt_with_by_name = by.name if done else ""
    comment.save(update_fields=["dealt_with_at", "dealt_with_by_name"])
    return comment


def asks_about_a_plan(edition: Edition) -> bool:
    """Whether a form has a results section: then a report on it answers to a registered plan."""
    return bool(edition.fields_of(Kind.RESULTS))


def _must_have_its_plan(contents: Contents, version: FrameworkVersion | None) -> None:
    if version is None and asks_about_a_plan(editions.load(contents.edition, contents.edition_version)):
        raise NotPossibleNow(
            _("No plan is registered yet, and a report is handed in against one. Please ask the officer.")
        )


def complete(
    contents: Contents,
    *,
    revision: int,
    approval: Approval,
    by: Actor,
    today: date,
    on_behalf: Sent | None = None,
) -> Contents:
    """The contents with a completed head: the day, the revision, who handed in, who approved, what was sent."""
    sent = on_behalf and papers.OnBehalf(
        sender=on_behalf.sender_name, arrived_on=today, original=on_behalf.original_sha256
    )
    who = Signatory(id="" if by.person_id is None else str(by.person_id), name=by.name)
    head = replace(contents.head, handed_in_on=today, revision=revision, handed_in_by=who, approval=approval)
    return replace(contents, head=replace(head, on_behalf=sent) if sent else head)


def _keep_what_was_sent(filing: Filing, sent: Sent, *, today: date, by: Actor, at: datetime) -> None:
    OnBehalf.objects.create(
        filing=filing,
        organization_id=filing.organization_id,
        sender_name=sent.sender_name,
        sender_address=sent.sender_address,
        arrived_on=today,
        filed_at=at,
        filed_by_id=by.person_id,
        filed_by_name=by.name,
        original_name=sent.original_name,
        original_sha256=sent.original_sha256,
        original_size=sent.original_size,
        corrected=list(sent.corrected),
    )


def freeze(
    deadline: Deadline,
    contents: Contents,
    *,
    version: FrameworkVersion | None,
    approval: Approval,
    by: Actor,
    at: datetime,
    days_late: int,
    on_behalf: Sent | None = None,
) -> Filing:
    """Write contents down as a filing with its figures and attachments. The deadline is locked and goes on to it."""
    hashes = contents.part_hashes()
    filing = Filing.objects.create(
        deadline=deadline,
        organization_id=deadline.organization_id,
        framework_version=version,
        revision=contents.head.revision,
        format=contents.format,
        contents=contents.to_json(),
        part_hashes=dict(hashes),
        hash=hash_of(hashes),
        handed_in_at=at,
        handed_in_by_id=by.person_id,
        handed_in_by_name=by.name,
        came=_way(on_behalf),
        approved_by_name=approval.approved_by,
        approved_how=approval.manner,
        approved_on=approval.approved_on,
        days_late=days_late,
    )
    Figure.objects.bulk_create(figure_rows(filing, contents))
    FiledAttachment.objects.bulk_create(
        FiledAttachment(
            filing=filing,
            organization_id=deadline.organization_id,
            position=position,
            uuid=one.uuid,
            sha256=one.sha256,
            filename=one.filename,
            caption=one.caption,
            content_type=one.content_type,
            width=one.width,
            height=one.height,
            size=one.size,
            row_uuid=one.row,
            rights=one.rights.value,
        )
        for position, one in enumerate(contents.attachments, start=1)
    )
    enqueue(Job.TAKE_IN, filing_id=filing.pk)
    return filing


def _way(on_behalf: Sent | None) -> Came:
    if on_behalf is not None:
        return Came.BEHALF
    return Came.HISTORY if current_room_id() is None else Came.ROOM


def figure_rows(filing: Filing, contents: Contents) -> list[Figure]:
    """The figures of a filing, unsaved: nothing but a function of its contents (`minori verify` makes them again)."""
    return [
        Figure(
            filing=filing,
            organization_id=filing.organization_id,
            position=line.position,
            kind=line.kind.value,
            row_uuid=line.row,
            indicator_uuid=line.indicator,
            parent_uuid=line.parent,
            level=line.level.value,
            support=line.support.value,
            code=line.code,
            progress=line.progress,
            covered_by_uuid=line.covered_by,
            remark=line.remark,
            text=line.text,
            shared=line.shared,
            nothing=line.nothing,
        )
        for line in figures_of(contents)
    ]
