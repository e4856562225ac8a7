"""Contracted plans before they are registered: typed by an officer, or found in files."""

from typing import ClassVar

from django.db import models


class PreparedPlan(models.Model):
    """The contracted plan of one grant while the officer enters it; gone once it is registered."""

    grant = models.OneToOneField("programmes.Grant", models.CASCADE, related_name="+")
    contents = models.JSONField(help_text="A framework by `report_forms.framework.Framework.to_json`.")
    source = models.JSONField(
        null=True, blank=True, help_text="What the file said, by `registry.plan_sources.Source.to_json`."
    )
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["grant"]

    def __str__(self) -> str:
        return f"prepared plan of grant {self.grant_id}"


class PlanFile(models.Model):
    """A file with contracted plans, or a pasted table, while officers look through it; gone once that is done."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="+")
    uuid = models.UUIDField(unique=True)
    filename = models.TextField(blank=True, help_text="Empty where the table was pasted.")
    content_type = models.TextField(blank=True)
    data = models.BinaryField(
        blank=True, help_text="The file as cleaned; nothing where the table was pasted."
    )
    grids = models.JSONField(help_text="Its tables by `report_forms.grids.Grid.to_json`.")
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.filename or f"pasted {self.pk}"


class FoundPlan(models.Model):
    """One plan of a file: the grant it is of, what an officer decided about its cells, and whether it is taken over."""

    file = models.ForeignKey(PlanFile, models.CASCADE, related_name="plans")
    position = models.PositiveSmallIntegerField()
    grant = models.ForeignKey("programmes.Grant", models.CASCADE, null=True, blank=True, related_name="+")
    leave_guidance_out = models.BooleanField(default=False)
    answers = models.JSONField(default=dict, help_text="By line and column: each, first or whole.")
    outcome = models.JSONField(
        null=True, help_text="What came of reading it with these decisions, by `setup.outcomes.Outcome`."
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_as = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The version it became.")

    class Meta:
        ordering: ClassVar = ["file", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "position"], name="one_found_plan_per_position"),
            models.CheckConstraint(
                condition=models.Q(taken_at=None, taken_as=None)
                | models.Q(taken_at__isnull=False, grant__isnull=False),
                name="a_plan_taken_over_has_its_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.position} of file {self.file_id}"
