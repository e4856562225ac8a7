"""What officers write about a round before it is passed up: a remark per grant (PO所見) and one about the whole (総括)."""

from typing import ClassVar

from django.db import models


class Remark(models.Model):
    """The officer's text about one grant in one round, or about the whole round where `grant` is None.

    Only the distributor's own staff see it; rooms have no right on this table. `version` counts its saves. `page` and
    `turn` name the page that saved it last, so that a page knows its own words where an answer never came back.
    """

    round = models.ForeignKey("programmes.Round", models.PROTECT, related_name="+")
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    sitting_began_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    saved_by_id = models.BigIntegerField(null=True)
    saved_by_name = models.TextField(blank=True)
    page = models.CharField(max_length=60, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["round", "grant"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "grant"], nulls_distinct=False, name="one_remark_per_grant_and_round"
            ),
            models.CheckConstraint(
                condition=models.Q(version=0, saved_at=None, text="")
                | models.Q(version__gt=0, saved_at__isnull=False, sitting_began_at__isnull=False),
                name="a_remark_that_was_saved_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.round_id}, grant {self.grant_id}, version {self.version}"


class RemarkRevision(models.Model):
    """What stood in a remark before; `set_aside`: what was not chosen where two people had written differently."""

    remark = models.ForeignKey(Remark, models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    saved_by_name = models.TextField(blank=True)
    set_aside = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["remark", "-saved_at", "-pk"]

    def __str__(self) -> str:
        return f"remark {self.remark_id}, version {self.version}"
