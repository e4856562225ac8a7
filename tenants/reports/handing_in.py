"""Handing in from the room: the working copy, checked and frozen under the report's lock."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.trail import Actor
from minori.filings import handing_in as hatch
from minori.filings import parts
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Filing
from minori.programmes.enums import Standing
from minori.programmes.models import Deadline
from minori.report_forms.contents import Approval
from tenants.reports import drafts, numbers
from tenants.reports.drafts import WorkingCopy
from tenants.reports.numbers import Number


class Incomplete(NotPossibleNow):
    """Something stands in the way; the page of the check shows it all, with links."""


class ChangedMeanwhile(NotPossibleNow):
    """Somebody saved something after the person had read the report."""


def fingerprint(copy: WorkingCopy, found: Iterable[Number] | None = None) -> str:
    """What a report says and which numbers will count, in short: the page of the check posts it back, so that nobody
    hands in, and confirms, what they have not seen. `found` are the numbers where they are known already."""
    found = numbers.of_copy(copy, numbers.around_of(copy)) if found is None else found
    contents = copy.contents()
    # what was written, and nothing that the rule fills in at hand-in: a moved due date changes no word
    words = replace(contents, head=replace(contents.head, handed_in_on=date.min)).content_hash()
    counted = sorted(f"{one.indicator.uuid}:{one.box.token}" for one in found if one.counts)
    return hashlib.sha256("\n".join((words, *counted)).encode()).hexdigest()


def hand_in(deadline: Deadline, *, approval: Approval, seen: str, by: Actor, at: datetime) -> Filing:
    """Hand in the working copy as it stands (`minori.filings.handing_in.hand_in`).

    Confirms the numbers that stand beside the texts (`numbers`) in the same transaction. `seen` is the fingerprint of
    what the person has read. Holds the deadline's row lock while it reads, so
    nobody can save in between. Raises `Incomplete`, `ChangedMeanwhile` or another `NotPossibleNow`.
    """
    with transaction.atomic():
        locked = hatch.lock(deadline)
        today = locked.grant.programme.distributor.local_date(at)
        if locked.standing(today) == Standing.NOT_OPEN:
            raise NotPossibleNow(_("This report is not open yet."))
        _must_be_possible(approval.approved_on, today)
        copy = drafts.read(locked)
        if copy.lacks_plan or not copy.findings.may_be_handed_in:
            raise Incomplete(_("Something is still missing. Please see the list above."))
        found = numbers.of_copy(copy, numbers.around_of(copy))
        if fingerprint(copy, found) != seen:
            raise ChangedMeanwhile(
                _(
                    "The report was changed while you were reading. Please look at it again before you hand it in."
                )
            )
        return hatch.hand_in(
            locked,
            contents=copy.contents(),
            version=copy.version,
            approval=approval,
            by=by,
            at=at,
            readings=numbers.given_of(found),
        )


def changed_though_closed(copy: WorkingCopy) -> list[str]:
    """The anchors of parts that a return left closed and that differ from what was handed in."""
    returned_id = copy.deadline.current_filing_id
    if copy.opened.everything or returned_id is None:
        return []
    return parts.changed_though_closed(Filing.objects.get(pk=returned_id), copy.contents(), copy.opened)


def _must_be_possible(approved_on: date, today: date) -> None:
    if approved_on > today:
        raise NotPossibleNow(_("The day of the approval lies in the future."))
