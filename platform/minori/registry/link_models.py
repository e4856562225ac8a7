"""Which output of a plan serves which outcome: confirmed by a person, kept with every version."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkBasis(models.TextChoices):
    """What spoke for a link when it was confirmed; values are those of `likeness.Sign`, and by hand."""

    CODE = "code", _("same code")
    WORDS = "words", _("similar words")
    ORDER = "order", _("place in the plan")
    HAND = "hand", _("chosen by hand")


class OutcomeLinkQuerySet(models.QuerySet["OutcomeLink"]):
    """Links read as sentences."""

    def standing(self) -> "OutcomeLinkQuerySet":
        """Those that have not been taken back."""
        return self.filter(ended_at=None)


class OutcomeLink(models.Model):
    """An output of one version that serves an outcome of it. A later version gets the links whose rows it still has.

    Never changed but for its end, never deleted.
    """

    version = models.ForeignKey("registry.FrameworkVersion", models.PROTECT, related_name="outcome_links")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    output_uuid = models.UUIDField()
    outcome_uuid = models.UUIDField()
    basis = models.CharField(max_length=40, help_text="What spoke for it (`LinkBasis`), with commas between.")
    confirmed_at = models.DateTimeField()
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.TextField()
    carried_from = models.PositiveSmallIntegerField(
        null=True, help_text="The version it was confirmed for, where it is of an earlier one."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.TextField(blank=True)

    objects = OutcomeLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["version", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "output_uuid", "outcome_uuid"],
                condition=models.Q(ended_at=None),
                name="an_output_is_linked_once_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(basis=""), name="an_outcome_link_says_what_spoke_for_it"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by_name="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by_name=""),
                name="an_ended_outcome_link_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.output_uuid} serves {self.outcome_uuid}"

    @property
    def signs(self) -> list[str]:
        """What spoke for it, in words."""
        return [str(LinkBasis(one).label) for one in self.basis.split(",")]
