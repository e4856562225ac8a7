"""When an organization may write: asked of the public deadline, under its lock, by every rule of a room that writes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from minori.filings import parts
from minori.filings.parts import OpenAnchors
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.ui.templatetags.ui_tags import day_year


class NotOpen(ValueError):  # noqa: N818 - shown to people as a sentence
    """The report cannot be written now; `str()` says why to the person."""


class PartClosed(NotOpen):
    """The report was sent back, and this part of it is not open; `anchor` names it."""

    def __init__(self, anchor: str) -> None:
        super().__init__(
            _(
                "This part was not sent back, so it stays as it was handed in. Open it with a reason to correct it."
            )
        )
        self.anchor = anchor


_CLOSED = {
    DeadlineState.HANDED_IN: _("This report has been handed in: recall it, or wait until it is sent back."),
    DeadlineState.ACCEPTED: _("This report has been accepted. Nothing can be changed any more."),
    DeadlineState.WAIVED: _("No report is required here."),
}

# A share of the lock: writers do not wait for each other, but handing in waits for them and they for it. The zone is
# asked for apart: every table that is joined here has to be looked through for what the room may see, at each save.
_SHARE = """
    SELECT d.state, r.opens_on, d.current_filing_id,
      (SELECT f.id FROM public.filings_filing f
       WHERE f.deadline_id = d.id AND f.revision = d.last_revision AND f.came = 'behalf') AS behalf
    FROM public.programmes_deadline d JOIN public.programmes_round r ON r.id = d.round_id
    WHERE d.id = %s
    FOR SHARE OF d
"""
_ZONE = """
    SELECT s.time_zone FROM public.programmes_deadline d
    JOIN public.programmes_round r ON r.id = d.round_id
    JOIN public.programmes_programme p ON p.id = r.programme_id
    JOIN public.programmes_distributor s ON s.id = p.distributor_id
    WHERE d.id = %s
"""


def hold_open(deadline_id: int, *, at: datetime) -> OpenAnchors:
    """Make sure that the report may be written until the end of the caller's transaction; returns which parts.

    The first to write after an officer filed on behalf takes what was filed into the working copy (`following`).

    Raises `NotOpen` when it is handed in, closed, waived or not open yet on the distributor's date.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [deadline_id])
        found = cursor.fetchone()
    if found is None:
        raise NotOpen(_("This report does not exist."))
    state, opens_on, filing_id, behalf = found
    if state not in OPEN_STATES:
        raise NotOpen(_CLOSED[DeadlineState(state)])
    if state == DeadlineState.AWAITING and not _has_begun(opens_on, deadline_id, at=at):
        raise NotOpen(_("This report opens on %(day)s.") % {"day": day_year(opens_on)})
    if behalf is not None:
        from tenants.reports import (
            following,
        )  # it reads whole drafts, with their files: apps above this module

        following.follow(deadline_id, at=at)
    return parts.open_anchors_of(filing_id) if state == DeadlineState.RETURNED else parts.EVERY_ANCHOR


def _has_begun(opens_on: date, deadline_id: int, *, at: datetime) -> bool:
    """Whether it is that day already where the distributor is; its zone decides only from the day before in UTC on."""
    if at.astimezone(UTC).date() - timedelta(days=1) >= opens_on:
        return True  # no zone is more than twelve hours behind
    with connection.cursor() as cursor:
        cursor.execute(_ZONE, [deadline_id])
        (time_zone,) = cursor.fetchone()
    return at.astimezone(ZoneInfo(time_zone)).date() >= opens_on


def hold_part_open(deadline_id: int, anchor: str, *, at: datetime) -> None:
    """`hold_open` for one part; raises `PartClosed` where a return left it closed."""
    if anchor not in hold_open(deadline_id, at=at):
        raise PartClosed(anchor)
