"""From when on something is noticed in a programme, and what officers set aside."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.signals.enums import SignalKind


class SignalLimits(models.Model):
    """A programme's thresholds; a programme without a row has the defaults of `rules.Limits`.

    `worries` are choices as "field=value", null for those that the forms themselves call a difficulty.
    """

    programme = models.OneToOneField(
        "programmes.Programme", models.PROTECT, primary_key=True, related_name="signal_limits"
    )
    behind_rounds = models.PositiveSmallIntegerField(default=2)
    other_rounds = models.PositiveSmallIntegerField(default=1)
    grace_days = models.PositiveSmallIntegerField(default=0)
    below_percent = models.PositiveSmallIntegerField(default=0)
    unchanged_characters = models.PositiveSmallIntegerField(default=20)
    silent_rounds = models.PositiveSmallIntegerField(default=2)
    late_times = models.PositiveSmallIntegerField(default=2)
    late_days = models.PositiveSmallIntegerField(default=1)
    worries = models.JSONField(null=True, blank=True)
    off = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["programme"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(behind_rounds__gte=2, behind_rounds__lte=6)
                & models.Q(other_rounds__gte=1, other_rounds__lte=5)
                & models.Q(silent_rounds__gte=1, silent_rounds__lte=20)
                & models.Q(late_times__gte=1, late_times__lte=20),
                name="rounds_that_are_noticed_are_within_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(grace_days__lte=3650, below_percent__lte=1000)
                & models.Q(unchanged_characters__gte=1, unchanged_characters__lte=10_000)
                & models.Q(late_days__gte=1, late_days__lte=365),
                name="amounts_that_are_noticed_are_within_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"programme {self.programme_id}"


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    """What was set aside, read as sentences."""

    def standing(self) -> "SetAsideQuerySet":
        """What is aside now."""
        return self.filter(ended_at=None)


class SetAside(models.Model):
    """A signal that an officer has dealt with: while its cause stays what it was, it is not counted.

    Rooms have no right on this table. Never changed but for its end, when somebody takes it up again.
    """

    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=SignalKind)
    place = models.CharField(max_length=100, blank=True)
    cause = models.CharField(max_length=40)
    note = models.TextField(_("note"))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.TextField(blank=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["grant", "-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant", "kind", "place", "cause"],
                condition=models.Q(ended_at=None),
                name="a_signal_is_set_aside_once",
            ),
            models.CheckConstraint(condition=~models.Q(note=""), name="what_is_set_aside_says_why"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by_name="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by_name=""),
                name="taken_up_again_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of grant {self.grant_id}"
