"""Lateness in words, for mails."""

from django.utils.translation import ngettext


def late_words(days: int) -> str:
    """「期限の2日後」; "" where it came in time."""
    if not days:
        return ""
    words = ngettext("%(days)d day after the due date", "%(days)d days after the due date", days)
    return words % {"days": days}
