"""Telling a database that is away from a statement that failed."""

from django.db import InterfaceError, OperationalError

# SQLSTATE: 08 connection, 533 too many of them, 57P the server is going down or coming up
_AWAY = ("08", "533", "57P")


def is_away(error: BaseException) -> bool:
    """Whether this error means that the database cannot be reached, not that a statement failed.

    A connection that was never made, or that broke, carries no SQLSTATE; a failed statement carries one.
    """
    if isinstance(error, InterfaceError):
        return "connection" in str(error)
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or str(state).startswith(_AWAY)
