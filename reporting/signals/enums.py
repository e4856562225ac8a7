from django.db import models
from django.utils.translation import pgettext_lazy

from reporting.signals.rules import Kind


class SignalKind(models.TextChoices):
    """What is noticed, as people read it."""

    BEHIND = Kind.BEHIND.value, pgettext_lazy("signal", "behind plan several times running")
    OTHER = Kind.OTHER.value, pgettext_lazy("signal", "“4 other” without recovery")
    PASSED = Kind.PASSED.value, pgettext_lazy("signal", "date to achieve by has passed")
    BELOW = Kind.BELOW.value, pgettext_lazy("signal", "worse than the baseline")
    UNCHANGED = Kind.UNCHANGED.value, pgettext_lazy("signal", "same text as last time")
    NO_NUMBER = Kind.NO_NUMBER.value, pgettext_lazy("signal", "never a number")
    OUTLOOK = Kind.OUTLOOK.value, pgettext_lazy("signal", "outlook with difficulties")
    LATE = Kind.LATE.value, pgettext_lazy("signal", "late several times")
