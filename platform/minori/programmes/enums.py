from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundKind(models.TextChoices):
    """What kind of report a round asks for."""

    PROGRESS = "progress", _("progress report")
    YEAR_END = "year_end", _("year-end report")
    MID_TERM = "mid_term", _("mid-term evaluation")
    COMPLETION = "completion", _("completion report")


class DeadlineState(models.TextChoices):
    """Where a report stands. Not open, draft and overdue are derived (`Deadline.standing`)."""

    AWAITING = "awaiting", _("not handed in")
    HANDED_IN = "handed_in", _("waiting for review")
    RETURNED = "returned", _("sent back")
    ACCEPTED = "accepted", _("accepted")
    WAIVED = "waived", _("not required")


OPEN_STATES = frozenset({DeadlineState.AWAITING, DeadlineState.RETURNED})
"""States in which the organization may write and hand in."""


class Standing(models.TextChoices):
    """A deadline's state as people see it on a given day."""

    NOT_OPEN = "not_open", _("not open yet")
    OPEN = "open", _("not handed in")
    OVERDUE = "overdue", _("overdue")
    HANDED_IN = "handed_in", _("waiting for review")
    RETURNED = "returned", _("sent back")
    ACCEPTED = "accepted", _("accepted")
    WAIVED = "waived", _("not required")


class ExtensionState(models.TextChoices):
    """What became of a request for more time."""

    OPEN = "open", _("waiting for an answer")
    GRANTED = "granted", _("granted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("ended without an answer")


class Weekend(models.TextChoices):
    """The days of every week on which offices do not work."""

    SATURDAY_SUNDAY = "sat-sun", _("Saturday and Sunday")
    FRIDAY_SATURDAY = "fri-sat", _("Friday and Saturday")
    SUNDAY = "sun", _("Sunday only")
    SATURDAY = "sat", _("Saturday only")
    FRIDAY = "fri", _("Friday only")

    @property
    def weekdays(self) -> frozenset[int]:
        """Its days as numbers, Monday is 0."""
        return frozenset({"fri": 4, "sat": 5, "sun": 6}[day] for day in self.value.split("-"))
