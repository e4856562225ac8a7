"""The log of talks (面談) with organizations: the distributor's own, append-only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TalkQuerySet(models.QuerySet["Talk"]):
    """Talks read as sentences."""

    def newest(self) -> "TalkQuerySet":
        """What stands of each talk now, be it that it was struck out."""
        return self.filter(replaced_by=None)


class Talk(models.Model):
    """What was noted of one talk with an organization. Append-only: a correction replaces the words before it.

    Only staff of the distributor read it; rooms have no right on this table, and another distributor that funds the same
    organization does not see it either. `why`: what the correction is for; `struck`: the talk is no longer shown.
    """

    distributor = models.ForeignKey("programmes.Distributor", models.PROTECT, related_name="+")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, null=True, blank=True, related_name="+")
    talked_on = models.DateField(_("day of the talk"))
    met = models.TextField(_("with whom"))
    said = models.TextField(_("what was said"))
    next_step = models.TextField(_("next step"), blank=True)
    next_on = models.DateField(_("next step until"), null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    struck = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organization", "-talked_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(met="") & ~models.Q(said=""), name="a_talk_says_with_whom_and_what"
            ),
            models.CheckConstraint(
                condition=models.Q(next_on=None) | ~models.Q(next_step=""),
                name="a_day_belongs_to_a_next_step",
            ),
            models.CheckConstraint(
                condition=models.Q(struck=False) | models.Q(replaces__isnull=False) & ~models.Q(why=""),
                name="a_talk_is_struck_out_with_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "distributor", "-talked_on"], name="talks_of_an_organization"
            )
        ]

    def __str__(self) -> str:
        return f"organization {self.organization_id}, {self.talked_on}"
