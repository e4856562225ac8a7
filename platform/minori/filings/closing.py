"""The closing date: after it nothing is handed in for the first time, and nothing is taken back."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from minori.filings.stepping import NotPossibleNow
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline

NO_RECALL = gettext_lazy(
    "The closing date has passed: what is taken back now could not be handed in again. Ask for the report to be sent back."
)


def must_not_be_closed(deadline: Deadline, today: date) -> None:
    """Raises `NotPossibleNow`, with whom to ask, where a first hand-in comes after the closing date.

    `today` is the distributor's date. A report that was sent back can always come again.
    """
    if deadline.state == DeadlineState.AWAITING and deadline.has_closed(today):
        raise NotPossibleNow(sentence(deadline))


def sentence(deadline: Deadline) -> str:
    """What is told to somebody who comes too late: since when, and whom to ask for more time."""
    grant = deadline.grant
    assert deadline.closes_on is not None, "it has closed"
    facts = {
        "day": date_format(deadline.closes_on, pgettext("format of a date with year", "j F Y")),
        "officer": grant.lead_officer.name,
        "distributor": grant.programme.distributor.name,
    }
    return (
        _("Handing in closed on %(day)s. Ask %(officer)s (%(distributor)s) for more time; the draft stays.")
        % facts
    )
