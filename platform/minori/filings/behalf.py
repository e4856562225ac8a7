"""What an officer filed on behalf of an organization (代理登録): the original as it came, from whom, when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnBehalf(models.Model):
    """How a filing came by mail, and who filed it. Never changed or deleted, as the filing itself.

    The original lies with the organization's files under `original_sha256`, byte for byte as it arrived; it is shown to
    the two sides and stands in no public copy. `arrived_on` decides about lateness; a trigger compares it with the
    filing. `corrected` are the anchors that the officer put right before filing.
    """

    filing = models.OneToOneField("filings.Filing", models.PROTECT, related_name="on_behalf")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    sender_name = models.TextField()
    sender_address = models.EmailField(blank=True)
    arrived_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by_id = models.BigIntegerField(null=True)
    filed_by_name = models.TextField()
    original_name = models.CharField(max_length=200)
    original_sha256 = models.CharField(max_length=64)
    original_size = models.PositiveIntegerField()
    corrected = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["filing"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(sender_name=""),
                name="a_filing_on_behalf_says_who_sent_it",
                violation_error_message=_("Write who sent it."),
            ),
            models.CheckConstraint(
                condition=models.Q(original_sha256__regex=r"^[0-9a-f]{64}$") & ~models.Q(original_name=""),
                name="a_filing_on_behalf_has_its_original",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.sender_name}, {self.arrived_on}"
