"""Two texts for one field, as a page shows them side by side."""

from dataclasses import dataclass
from datetime import datetime

from tenants.reports.saving import Conflict


@dataclass(frozen=True, slots=True)
class Both:
    """Two people's words for one field; `own` where both are the reader's, of two windows."""

    who: str
    mine: str
    theirs: str
    theirs_at: datetime
    version: int
    own: bool


def of(conflict: Conflict, mine: str, theirs: str) -> Both:
    """A conflict with both sides in words."""
    return Both(conflict.who, mine, theirs, conflict.at, conflict.version, conflict.own)
