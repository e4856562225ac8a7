"""Telling a database that is away from a statement that failed."""

from django.db import InterfaceError, OperationalError

# SQLSTATE classes of a server that is gone or refuses connections: 08 connection, 53 resources, 57P shutdown
_AWAY_CLASSES = ("08", "53", "57P")


def is_away(error: BaseException) -> bool:
    """Whether this error means that the database cannot be reached, not that a statement failed.

    A connection that was never made carries no SQLSTATE; a statement that failed on a living one does.
    """
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(getattr(cause, "diag", None), "sqlstate", None)
    if state:
        return str(state).startswith(_AWAY_CLASSES)
    return True
