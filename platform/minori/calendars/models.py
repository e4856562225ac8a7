"""The addresses of calendar feeds. Closed to rooms."""

from typing import ClassVar

from django.db import models


class Feed(models.Model):
    """One person's private address of a calendar feed; only its hash is kept. At most one works at a time."""

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["person", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None), name="one_working_feed_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
