"""Partial reopening: after a return only some parts of a report are open; another one with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.filings.enums import FigureKind, Side
from minori.filings.models import Figure, Filing, OpenPart
from minori.filings.stepping import NotPossibleNow, lock, step
from minori.filings.unreadable import Unreadable, contents_of
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms import editions
from minori.report_forms.contents import Contents
from minori.report_forms.parts import WHOLE, closed_changes, expanded, known_anchors


class ClosedChanged(NotPossibleNow):
    """A report that was sent back differs from the returned filing in a part that is not open."""


@dataclass(frozen=True, slots=True)
class OpenAnchors:
    """The anchors that are open, for those who write: `opened` by somebody, and every row that is none of `rows`,
    the rows of the returned filing."""

    everything: bool
    opened: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()

    def __contains__(self, anchor: str) -> bool:
        """Whether a field or row may be written."""
        return self.everything or anchor in self.opened or (_is_row(anchor) and anchor not in self.rows)


@dataclass(frozen=True)
class Opened:
    """Which parts of a report are open. Outside a return everything is.

    `rows` are the rows of the returned filing: a row that came into the plan since then was never answered, so it
    is open.
    """

    everything: bool = True
    parts: Mapping[str, OpenPart] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()

    def __contains__(self, anchor: str) -> bool:
        """Whether a field or row may be written."""
        return anchor in self.anchors

    @cached_property
    def anchors(self) -> "OpenAnchors":
        """The same without who opened what."""
        return OpenAnchors(self.everything, frozenset(self.parts), self.rows)

    @property
    def by_the_organization(self) -> list[OpenPart]:
        """What the organization opened itself, each with its reason."""
        return [part for part in self.parts.values() if part.side == Side.ROOM]


EVERYTHING = Opened()
EVERY_ANCHOR = OpenAnchors(everything=True)


def opened_of(deadline: Deadline) -> Opened:
    """Which parts of this report are open."""
    return opened_of_all([deadline])[deadline.pk]


def opened_of_all(deadlines: Iterable[Deadline]) -> dict[int, Opened]:
    """`opened_of` by deadline: two queries where any is returned, else none."""
    known = list(deadlines)
    returned = {one.pk: one.current_filing_id for one in known if one.state == DeadlineState.RETURNED}
    by_filing = _opened({filing for filing in returned.values() if filing is not None})
    return {one.pk: by_filing.get(returned.get(one.pk) or 0, EVERYTHING) for one in known}


def opened_of_filing(filing_id: int) -> Opened:
    """Which parts are open, for a filing that is returned."""
    return _opened({filing_id})[filing_id]


# In SQL as it stands: every save of a returned report asks, and composing it anew would cost more than the answer.
_ANCHORS = """
    SELECT anchor, false FROM public.filings_openpart WHERE filing_id = %s
    UNION ALL SELECT row_uuid::text, true FROM public.filings_figure WHERE filing_id = %s AND kind = 'row'
"""


def open_anchors_of(filing_id: int) -> OpenAnchors:
    """What `opened_of_filing` says, in one query and without who opened it."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCHORS, [filing_id, filing_id])
        found = cursor.fetchall()
    opened = frozenset(anchor for anchor, is_row in found if not is_row)
    return OpenAnchors(WHOLE in opened, opened, frozenset(anchor for anchor, is_row in found if is_row))


def _opened(filing_ids: set[int]) -> dict[int, Opened]:
    if not filing_ids:
        return {}
    parts: dict[int, dict[str, OpenPart]] = {pk: {} for pk in filing_ids}
    for part in OpenPart.objects.filter(filing__in=filing_ids).order_by("pk"):
        parts[part.filing_id][part.anchor] = part
    rows: dict[int, set[str]] = {pk: set() for pk in filing_ids}
    partly = [pk for pk, anchors in parts.items() if WHOLE not in anchors]
    figures = Figure.objects.filter(filing__in=partly, kind=FigureKind.ROW).order_by("pk") if partly else None
    for filing_id, row in figures.values_list("filing_id", "row_uuid") if figures is not None else ():
        rows[filing_id].add(str(row))
    return {pk: Opened(WHOLE in parts[pk], parts[pk], frozenset(rows[pk])) for pk in filing_ids}


def open_with_return(
    deadline: Deadline, filing: Filing, *, anchors: Iterable[str], everything: bool, by: Actor, at: datetime
) -> None:
    """Open the parts that a return is about: those with a comment, or the whole report where none has one.

    Part of `reviewing.send_back` and `reopen`: the deadline is locked and returned.
    """
    wanted = [WHOLE] if everything else sorted(_known(filing, anchors)) or [WHOLE]
    OpenPart.objects.bulk_create(
        _part(deadline, filing, anchor, side=Side.DESK, reason="", by=by, at=at) for anchor in wanted
    )


def _known(filing: Filing, anchors: Iterable[str]) -> frozenset[str]:
    """The parts of a filing that these anchors open; none where it cannot be read."""
    try:
        contents = contents_of(filing)
    except Unreadable:
        return frozenset()
    edition = editions.load(contents.edition, contents.edition_version)
    known = known_anchors(edition, contents.framework)
    return expanded(set(anchors), edition=edition, framework=contents.framework) & known


def open_another(deadline: Deadline, *, anchor: str, reason: str, by: Actor, at: datetime) -> list[OpenPart]:
    """The organization opens another part of a returned report, with a reason that the officer reads.

    What hangs on the part opens with it. A part that is open already stays as it is: [] then, so a double click
    is harmless. Raises `NotPossibleNow` without a reason, for a part the report does not have, and unless the
    report is returned. Holds the deadline's row lock.
    """
    if not reason.strip():
        raise NotPossibleNow(_("Write why this part has to be corrected too: the officer reads it."))
    with transaction.atomic():
        locked = lock(deadline)
        filing = locked.current_filing
        if locked.state != DeadlineState.RETURNED or filing is None:
            raise NotPossibleNow(_("This report is not sent back, so no part of it can be opened."))
        contents = contents_of(filing)
        edition = editions.load(contents.edition, contents.edition_version)
        if anchor not in known_anchors(edition, contents.framework):
            raise NotPossibleNow(_("The report has no such part."))
        opened = opened_of(locked)
        asked = expanded({anchor}, edition=edition, framework=contents.framework)
        parts = [
            _part(locked, filing, one, side=Side.ROOM, reason=reason.strip(), by=by, at=at)
            for one in sorted(asked, key=lambda one: (one != anchor, one))
            if one not in opened
        ]
        OpenPart.objects.bulk_create(parts)
        if parts:
            details = {"anchor": anchor, "reason": reason.strip()}
            step(
                Action.PART_OPENED,
                locked,
                filing=filing,
                before=locked.state,
                by=by,
                at=at,
                details=details,
            )
    return parts


def must_leave_closed_parts(returned: Filing, contents: Contents) -> None:
    """Raise `ClosedChanged` where contents differ from the returned filing in a part that is not open."""
    changed = changed_though_closed(returned, contents, opened_of_filing(returned.pk))
    if changed:
        count = len(changed)
        raise ClosedChanged(
            ngettext(
                "%(count)s part that was not sent back has been changed. Open it with a reason, then hand in.",
                "%(count)s parts that were not sent back have been changed. Open them with a reason, then hand in.",
                count,
            )
            % {"count": count}
        )


def changed_though_closed(returned: Filing, contents: Contents, opened: Opened) -> list[str]:
    """The anchors for which `must_leave_closed_parts` would refuse: pages name them beforehand."""
    return [] if opened.everything else closed_changes(contents_of(returned), contents, opened=opened.parts)


def _part(
    deadline: Deadline, filing: Filing, anchor: str, *, side: Side, reason: str, by: Actor, at: datetime
) -> OpenPart:
    return OpenPart(
        deadline=deadline,
        organization_id=deadline.organization_id,
        filing=filing,
        anchor=anchor,
        side=side,
        reason=reason,
        at=at,
        by_id=by.person_id,
        by_name=by.name,
    )


def _is_row(anchor: str) -> bool:
    try:
        UUID(anchor)
    except ValueError:
        return False
    return True
