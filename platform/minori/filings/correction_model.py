"""The model of proposed corrections; `minori.filings.models` has it with the others."""

from typing import ClassVar

from django.db import models

from minori.filings.enums import CorrectionState


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections read as sentences."""

    def open(self) -> "CorrectionQuerySet":
        """Those that wait for the organization."""
        return self.filter(state=CorrectionState.OPEN)


class Correction(models.Model):
    """One text that an officer proposes to correct in a report under review (訂正の提案).

    What is proposed never changes. The organization takes it over, as a new revision (`taken_as`), or declines it with
    words; the officer may withdraw it; deciding about the report lets it lapse. `anchor` and `aspect` are those of
    `report_forms.corrections.Spot`.
    """

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="corrections")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    filing = models.ForeignKey("filings.Filing", models.PROTECT, related_name="corrections")
    anchor = models.CharField(max_length=100)
    aspect = models.CharField(max_length=10)
    old = models.TextField()
    new = models.TextField()
    why = models.TextField(blank=True)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_name = models.TextField()
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True, blank=True)
    settled_by_name = models.TextField(blank=True)
    words = models.TextField(blank=True, help_text="Why the organization does not take it over.")
    taken_as = models.ForeignKey("filings.Filing", models.PROTECT, null=True, blank=True, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["deadline", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deadline", "anchor", "aspect"],
                condition=models.Q(state=CorrectionState.OPEN),
                name="one_open_correction_per_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(new="") & ~models.Q(old="") & ~models.Q(new=models.F("old")),
                name="a_correction_changes_words",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CorrectionState.OPEN, settled_at=None, settled_by_name="")
                | ~models.Q(state=CorrectionState.OPEN)
                & models.Q(settled_at__isnull=False)
                & ~models.Q(settled_by_name=""),
                name="a_settled_correction_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CorrectionState.TAKEN, taken_as__isnull=False)
                | ~models.Q(state=CorrectionState.TAKEN) & models.Q(taken_as=None),
                name="a_correction_is_taken_as_a_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.anchor} {self.aspect}"
