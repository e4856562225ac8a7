"""What an officer has typed of a contracted plan before it is registered."""

from typing import ClassVar

from django.db import models


class PreparedPlan(models.Model):
    """The contracted plan of one grant while the officer enters it; gone once it is registered."""

    grant = models.OneToOneField("programmes.Grant", models.CASCADE, related_name="+")
    contents = models.JSONField(help_text="A framework by `report_forms.framework.Framework.to_json`.")
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["grant"]

    def __str__(self) -> str:
        return f"prepared plan of grant {self.grant_id}"
