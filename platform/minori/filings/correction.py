"""Small corrections that officers propose: their table."""

from typing import ClassVar

from django.db import models

from minori.filings.enums import CorrectedAspect, CorrectionState


class Correction(models.Model):
    """A small correction that an officer proposes while reading, and what the organization made of it.

    `anchor` is a field's key or a row's UUID; `old` and `new` are what stands there and what would (a code by its
    number). Proposed on `filing`; taken, it is part of `taken_in`, the next revision. Settled once.
    """

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="corrections")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    filing = models.ForeignKey("filings.Filing", models.PROTECT, related_name="corrections")
    anchor = models.CharField(max_length=100)
    aspect = models.CharField(max_length=20, choices=CorrectedAspect)
    old = models.TextField()
    new = models.TextField()
    why = models.TextField(blank=True)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_name = models.TextField()
    state = models.CharField(max_length=20, choices=CorrectionState, default=CorrectionState.OPEN)
    word = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_name = models.TextField(blank=True)
    taken_in = models.ForeignKey(
        "filings.Filing", models.PROTECT, null=True, blank=True, related_name="taken_corrections"
    )

    class Meta:
        ordering: ClassVar = ["deadline", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deadline", "anchor", "aspect"],
                condition=models.Q(state=CorrectionState.OPEN),
                name="one_open_correction_per_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(old="") & ~models.Q(new="") & ~models.Q(new=models.F("old")),
                name="a_correction_replaces_something",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CorrectionState.OPEN, settled_at=None, settled_by_name="")
                | ~models.Q(state=CorrectionState.OPEN)
                & models.Q(settled_at__isnull=False)
                & ~models.Q(settled_by_name=""),
                name="a_settled_correction_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CorrectionState.TAKEN, taken_in__isnull=False)
                | ~models.Q(state=CorrectionState.TAKEN) & models.Q(taken_in=None),
                name="a_taken_correction_names_its_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.anchor} {self.aspect} ({self.state})"
