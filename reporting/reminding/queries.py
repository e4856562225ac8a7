"""What the pages about reminders show, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from minori.mail.models import LedgerEntry
from minori.programmes.models import Deadline


@dataclass(frozen=True)
class Line:
    """One report whose reminders wait for a word, with a mail to each of its people."""

    deadline: Deadline
    entries: Sequence[LedgerEntry]
    days_late: int

    @property
    def distributor_id(self) -> int:
        """Whose report it is."""
        return self.deadline.grant.programme.distributor_id


def lines_of(entries: Sequence[LedgerEntry], *, at: datetime) -> list[Line]:
    """Entries by report, in the order given; those of one report stand together."""
    lines = []
    for _pk, group in groupby(entries, key=lambda entry: entry.deadline_id):
        some = list(group)
        deadline = some[0].deadline
        today = deadline.grant.programme.distributor.local_date(at)
        lines.append(Line(deadline, some, max(0, -deadline.days_left(today))))
    return lines
