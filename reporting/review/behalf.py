"""Filing on behalf of an organization (代理登録) what it sent by mail.

Everything goes through `filings.handing_in.hand_in`, as where the organization hands in itself.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.filings import files, handing_in
from minori.filings.handing_in import Sent
from minori.filings.models import Filing
from minori.filings.stepping import NotPossibleNow, lock
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms.contents import Approval
from reporting.review import workbooks
from reporting.review.models import ReturnedWorkbook
from reporting.review.returned import look


class ChangedMeanwhile(NotPossibleNow):
    """Somebody changed what is to be filed after the officer had read it."""


class DraftBegun(NotPossibleNow):
    """The organization has begun to write the report itself, and the officer has not said to have asked."""


def file(
    returned: ReturnedWorkbook,
    deadline: Deadline,
    *,
    sender_name: str,
    sender_address: str,
    arrived_on: date,
    approval: Approval,
    seen: str,
    draft_known: bool,
    by: Actor,
    at: datetime,
) -> Filing:
    """File a workbook on behalf of its organization, with the original and the files that came along, in one transaction.

    The day it arrived is the day it counts as handed in: not later than today (the distributor's), nor before the round
    opened or the report was sent back. Who files gives `draft_known` where the organization has a draft of its own; it
    stays as it is. Raises `NotPossibleNow` (`ChangedMeanwhile`, `DraftBegun` among them) and `files.Unavailable`.
    """
    data = ReturnedWorkbook.objects.filter(pk=returned.pk).values_list("data", flat=True).first()
    if data is None:
        raise ChangedMeanwhile(_("Somebody has put this workbook away meanwhile."))
    original = bytes(data)
    bytes_of = {
        one.sha256: (bytes(one.data), bytes(one.preview)) for one in returned.files.order_by("position")
    }
    _keep(deadline.organization_id, original, bytes_of)
    with transaction.atomic():
        locked = lock(deadline)
        today = locked.grant.programme.distributor.local_date(at)
        _must_be_possible(locked, arrived_on=arrived_on, approval=approval, today=today)
        if not draft_known and workbooks.draft_saved_at(locked) is not None:
            raise DraftBegun(
                _("The organization has begun to write this report itself. Ask it first, and say so below.")
            )
        kept = (
            ReturnedWorkbook.objects.select_for_update(of=("self",))
            .defer("data")
            .filter(pk=returned.pk)
            .first()
        )
        if kept is None:
            raise ChangedMeanwhile(_("Somebody has put this workbook away meanwhile."))
        looked = look(kept, locked)
        if not looked.may_be_filed:
            raise NotPossibleNow(_("Something still stands in the way. Please see the list above."))
        if looked.seen != seen or looked.returned.sha256 != returned.sha256:
            raise ChangedMeanwhile(
                _("What is to be filed was changed while you were reading. Please look at it again.")
            )
        files.hold(locked.organization_id)
        _keep(locked.organization_id, original, bytes_of)
        sent = Sent(
            sender_name=sender_name,
            sender_address=sender_address,
            arrived_at=_moment(locked, arrived_on, today=today, at=at),
            original_name=returned.filename,
            original_sha256=returned.sha256,
            original_size=len(original),
            corrected=tuple(
                sorted(anchor for anchor in looked.returned.corrected if anchor in looked.ground.asked.opened)
            ),
        )
        filing = handing_in.hand_in(
            locked,
            contents=looked.contents,
            version=looked.ground.version,
            approval=approval,
            by=by,
            at=at,
            on_behalf=sent,
        )
        looked.returned.delete()
    return filing


def _must_be_possible(deadline: Deadline, *, arrived_on: date, approval: Approval, today: date) -> None:
    if why := workbooks.refusal(deadline, today=today):
        raise NotPossibleNow(why)
    if arrived_on > today:
        raise NotPossibleNow(_("The day it arrived lies in the future."))
    if arrived_on < deadline.round.opens_on:
        raise NotPossibleNow(_("It cannot have arrived before the round opened."))
    if deadline.state == DeadlineState.RETURNED and deadline.returned_at is not None:
        returned_on = deadline.grant.programme.distributor.local_date(deadline.returned_at)
        if arrived_on < returned_on:
            raise NotPossibleNow(_("It cannot have arrived before the report was sent back."))
    if deadline.state == DeadlineState.AWAITING and deadline.has_closed(arrived_on):
        raise NotPossibleNow(
            _(
                "It arrived after the closing date. Set a later closing date first if it is to count all the same."
            )
        )
    if approval.approved_on > today:
        raise NotPossibleNow(_("The day of the approval lies in the future."))
    if approval.approved_on > arrived_on:
        raise NotPossibleNow(
            _("It arrived before it was approved. Enter the day on which the approved report arrived.")
        )


def _moment(deadline: Deadline, day: date, *, today: date, at: datetime) -> datetime:
    """When it arrived: now where that was today, else the end of its day, since only the day is known."""
    if day == today:
        return at
    zone = deadline.grant.programme.distributor.zone
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(seconds=1)


def _keep(organization_id: int, original: bytes, others: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Store the bytes; what is there already stays. Raises `files.Unavailable`."""
    files.keep(organization_id, original)
    for data, preview in others.values():
        files.keep(organization_id, data, preview=preview)
