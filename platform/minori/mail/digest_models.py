"""Which week's digest was decided for whom. Closed to rooms."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DigestOutcome(models.TextChoices):
    """What became of a person's digest of a week."""

    WRITTEN = "written", _("written")
    NOTHING = "nothing", _("nothing to tell")
    OFF = "off", _("the person wants none")


class Digest(models.Model):
    """The digest of one week for one person: decided once, whatever runs are missed or doubled."""

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    week = models.DateField(help_text="Its Monday.")
    decided_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=DigestOutcome)
    message = models.OneToOneField("mail.Message", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "week"], name="one_digest_a_person_and_week"),
            models.CheckConstraint(
                condition=models.Q(outcome=DigestOutcome.WRITTEN, message__isnull=False)
                | ~models.Q(outcome=DigestOutcome.WRITTEN) & models.Q(message=None),
                name="a_written_digest_has_its_mail",
            ),
            models.CheckConstraint(
                condition=models.Q(week__iso_week_day=1), name="a_week_is_named_by_its_monday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.week}: {self.outcome}"
