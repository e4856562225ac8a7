"""The revisions of a report: which were taken back, and which two are compared."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings.models import Filing
from minori.programmes.models import Deadline


class NoSuchRevisions(LookupError):  # noqa: N818 - what there is none of
    """A revision that was asked for does not exist, or nothing has been handed in."""


def two_of(filings: Sequence[Filing], *, older: str, newer: str) -> tuple[Filing, Filing]:
    """The older and the newer of the revisions asked for by number, in this order whichever way they were asked.

    Where nothing is asked, the last two; a report handed in once is compared with itself. Raises `NoSuchRevisions`
    where a number names none.
    """
    by_number = {str(filing.revision): filing for filing in filings}
    last = sorted(filings, key=lambda filing: filing.revision)[-2:]
    if not last:
        raise NoSuchRevisions
    try:
        chosen = (by_number[older] if older else last[0], by_number[newer] if newer else last[-1])
    except KeyError:
        raise NoSuchRevisions from None
    first, second = sorted(chosen, key=lambda filing: filing.revision)
    return first, second


def choices_of(filings: Sequence[Filing]) -> list[tuple[int, str]]:
    """The revisions to choose from, oldest first, in words (第n版)."""
    numbers = sorted(filing.revision for filing in filings)
    return [(number, _("Revision %(number)s") % {"number": number}) for number in numbers]


def recalled(deadline: Deadline) -> frozenset[int]:
    """The filings of a report that were recalled: they stay in the history and no longer count. One query."""
    recalls = Event.objects.filter(deadline_id=deadline.pk, action=Action.RECALLED)
    return frozenset(pk for pk in recalls.values_list("filing_id", flat=True) if pk is not None)
