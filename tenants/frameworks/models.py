"""An organization's draft of its plan (事業設計), in its room; registered ones are in `minori.registry`."""

from typing import ClassVar

from django.db import models

from minori.report_forms.framework import Level, Support


class Draft(models.Model):
    """The plan of one grant while the organization writes it; `grant_id` is the key of a public row."""

    grant_id = models.BigIntegerField(unique=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.TextField(blank=True)
    reasons = models.JSONField(
        default=dict, blank=True, help_text="Why each change is wanted, by the change's key (`reasons.py`)."
    )
    begun_from_id = models.BigIntegerField(
        null=True, blank=True, help_text="The report whose change boxes the draft was begun from."
    )

    class Meta:
        ordering: ClassVar = ["grant_id"]

    def __str__(self) -> str:
        return f"draft of grant {self.grant_id}"


class DraftRow(models.Model):
    """One outcome, output or activity of a draft; `uuid` becomes its identity once registered."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="rows")
    uuid = models.UUIDField()
    parent_uuid = models.UUIDField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20, choices=[(level.value, level.value) for level in Level])
    support = models.CharField(max_length=20, default=Support.FINANCIAL.value)
    code = models.TextField(blank=True)
    statement = models.TextField(blank=True)
    season = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["draft", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "uuid"], name="one_draft_row_per_identity"),
            models.UniqueConstraint(fields=["draft", "position"], name="one_draft_row_per_position"),
        ]

    def __str__(self) -> str:
        return self.statement


class DraftIndicator(models.Model):
    """One indicator of a draft's row; every text as it was typed."""

    row = models.ForeignKey(DraftRow, models.CASCADE, related_name="indicators")
    uuid = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    mark = models.CharField(max_length=10, blank=True)
    statement = models.TextField(blank=True)
    baseline = models.TextField(blank=True)
    target = models.TextField(blank=True)
    achieve_by = models.TextField(blank=True)
    means = models.TextField(blank=True)
    mid_state = models.TextField(blank=True)
    post_state = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["row", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "uuid"], name="one_draft_indicator_per_identity"),
            models.UniqueConstraint(fields=["row", "position"], name="one_draft_indicator_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.mark}{self.statement}"
