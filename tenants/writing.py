"""When an organization may write: asked of the public deadline, under its lock, by every rule of a room that writes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from minori.filings import parts
from minori.filings.parts import Opened
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

# A share of the lock: writers do not wait for each other, but handing in waits for them and they for it.
_SHARE = """
    SELECT d.state, r.opens_on, s.time_zone, d.current_filing_id,
      (SELECT f.id FROM public.filings_filing f
       WHERE f.deadline_id = d.id AND f.revision = d.last_revision AND f.came = 'behalf') AS behalf
    FROM public.programmes_deadline d
    JOIN public.programmes_round r ON r.id = d.round_id
    JOIN public.programmes_programme p ON p.id = r.programme_id
    JOIN public.programmes_distributor s ON s.id = p.distributor_id
    WHERE d.id = %s
    FOR SHARE OF d
"""


def hold_open(deadline_id: int, *, at: datetime) -> Opened:
    """Make sure that the report may be written until the end of the caller's transaction; returns which parts.

    The first to write after an officer filed on behalf takes what was filed into the working copy (`following`).

    Raises `NotOpen` when it is handed in, closed, waived or not open yet on the distributor's date.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [deadline_id])
        found = cursor.fetchone()
    if found is None:
        raise NotOpen(_("This report does not exist."))
    state, opens_on, time_zone, filing_id, behalf = found
    if state not in OPEN_STATES:
        raise NotOpen(_CLOSED[DeadlineState(state)])
    if state == DeadlineState.AWAITING and at.astimezone(ZoneInfo(time_zone)).date() < opens_on:
        raise NotOpen(_("This report opens on %(day)s.") % {"day": day_year(opens_on)})
    if behalf is not None:
        from tenants.reports import (
            following,
        )  # it reads whole drafts, with their files: apps above this module

        following.follow(deadline_id, at=at)
    return parts.opened_of_filing(filing_id) if state == DeadlineState.RETURNED else parts.EVERYTHING


def hold_part_open(deadline_id: int, anchor: str, *, at: datetime) -> None:
    """`hold_open` for one part; raises `PartClosed` where a return left it closed."""
    if anchor not in hold_open(deadline_id, at=at):
        raise PartClosed(anchor)
