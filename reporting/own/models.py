"""Rows of organizations' plans that belong to a row of the distributor's own plan, one level up."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.own.enums import Basis


class RowLinkQuerySet(models.QuerySet["RowLink"]):
    """Links read as sentences."""

    def standing(self) -> "RowLinkQuerySet":
        """Those in force."""
        return self.filter(ended_at=None)


class RowLink(models.Model):
    """One row of a grantee's plan that belongs to a row of the own plan, or to none (`own_row_uuid` null): a person said so.

    By the rows' identities, so it follows through the versions of both plans. Never changed but for its end; never deleted.
    """

    own_grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="+")
    own_row_uuid = models.UUIDField(null=True)
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="+")
    row_uuid = models.UUIDField()
    basis = models.CharField(
        max_length=40, help_text="What spoke for it (`enums.Basis`), with commas between."
    )
    linked_at = models.DateTimeField()
    linked_by_id = models.BigIntegerField(null=True)
    linked_by_name = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    ended_by_name = models.TextField(blank=True)
    ended_reason = models.TextField(blank=True)

    objects = RowLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["own_grant", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["own_grant", "grant", "row_uuid", "own_row_uuid"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="a_row_is_linked_once_with_another",
                violation_error_message=_("These rows are linked already."),
            ),
            models.CheckConstraint(condition=~models.Q(basis=""), name="a_row_link_says_what_spoke_for_it"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by_name="", ended_reason="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by_name="") & ~models.Q(ended_reason=""),
                name="an_ended_row_link_says_by_whom_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_uuid} under {self.own_row_uuid}"

    @property
    def signs(self) -> list[str]:
        """What spoke for it, in words."""
        return [str(Basis(one).label) for one in self.basis.split(",")]
