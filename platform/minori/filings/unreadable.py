"""Filings whose paper cannot be read: named, kept apart from the others, never an error page.

The database refuses what is no paper (`filings_misshapen`); what is shaped like one and still makes no sense, or came
before that guard, is met here.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from minori.filings.models import Filing
from minori.report_forms.contents import Contents
from minori.report_forms.shapes import ShapeError

log = logging.getLogger(__name__)
BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading something else than a paper raises."""


class Unreadable(Exception):  # noqa: N818 - what is found
    """A filing cannot be read; `reason` says where, for somebody who looks into it."""

    def __init__(self, filing: Filing, reason: str) -> None:
        super().__init__(
            f"filing {filing.pk} (deadline {filing.deadline_id}, revision {filing.revision}): {reason}"
        )
        self.revision = filing.revision
        self.reason = reason


@contextmanager
def reading(filing: Filing) -> Iterator[None]:
    """Whatever goes wrong inside while a filing is read becomes `Unreadable`, and is written to the log."""
    try:
        yield
    except BROKEN as error:
        reason = str(error) if isinstance(error, ShapeError) else f"{type(error).__name__}: {error}"
        unreadable = Unreadable(filing, reason)
        log.exception("%s", unreadable)
        raise unreadable from error


def contents_of(filing: Filing) -> Contents:
    """What a filing says; raises `Unreadable`."""
    with reading(filing):
        return Contents.from_json(filing.contents)
