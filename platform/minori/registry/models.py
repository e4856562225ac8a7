"""Registered frameworks (事業設計): what every report answers to. Registered rows never change; a new version follows."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from minori.registry import change_models, link_models  # noqa: F401 - their tables are found from here
from minori.registry.enums import ProposalState


class FrameworkVersion(models.Model):
    """A numbered, registered version of a grant's outcomes, outputs, activities and their indicators."""

    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="framework_versions")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    effective_from_round = models.PositiveSmallIntegerField(
        default=1, help_text="Number of the first round of the programme that answers to this version."
    )
    registered_at = models.DateTimeField()
    registered_by_id = models.BigIntegerField(null=True)
    registered_by_name = models.TextField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_by_name = models.TextField(blank=True)
    reason = models.TextField(
        blank=True, help_text="Why an officer registered a later version without a change request."
    )

    class Meta:
        ordering: ClassVar = ["grant", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "number"], name="one_framework_version_per_number"),
            models.UniqueConstraint(fields=["id", "organization"], name="a_version_and_its_organization"),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by_name="")
                | models.Q(confirmed_at__isnull=False) & ~models.Q(confirmed_by_name=""),
                name="a_confirmed_version_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.grant_id}, version {self.number}"


class RegisteredRow(models.Model):
    """One row of a registered version. `uuid` is its identity, which lives on across versions."""

    version = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="rows")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    uuid = models.UUIDField()
    parent_uuid = models.UUIDField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)
    support = models.CharField(max_length=20)
    code = models.TextField(blank=True)
    statement = models.TextField()
    season = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["version", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "uuid"], name="one_row_per_identity_and_version"),
            models.UniqueConstraint(fields=["version", "position"], name="one_row_per_position"),
            models.UniqueConstraint(fields=["id", "organization"], name="a_row_and_its_organization"),
        ]

    def __str__(self) -> str:
        return self.statement


class RegisteredIndicator(models.Model):
    """One numbered indicator of a registered row; every text as it was written, "" where nothing is registered."""

    row = models.ForeignKey(RegisteredRow, models.PROTECT, related_name="indicators")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
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
            models.UniqueConstraint(fields=["row", "uuid"], name="one_indicator_per_identity_and_row"),
            models.UniqueConstraint(fields=["row", "position"], name="one_indicator_per_position"),
            # what composite foreign keys of row-secured tables point at
            models.UniqueConstraint(fields=["id", "organization"], name="an_indicator_and_its_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.mark}{self.statement}"


class PlanSource(models.Model):
    """What the contracted plan said to the letter, line by line, where a version was read from a file or a table."""

    version = models.OneToOneField(FrameworkVersion, models.PROTECT, related_name="source")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    filename = models.TextField(blank=True)
    lines = models.JSONField(help_text="Lines by `registry.plan_sources.SourceLine.to_json`, in order.")

    class Meta:
        ordering: ClassVar = ["version"]

    def __str__(self) -> str:
        return f"source of version {self.version_id}"


class Proposal(models.Model):
    """A plan handed through the hatch by the organization, to be registered by the officer. Contents are frozen."""

    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="proposals")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    contents = models.JSONField()
    remark = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.WAITING)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_name = models.TextField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.TextField(blank=True)
    decision_remark = models.TextField(blank=True)
    version = models.OneToOneField(
        FrameworkVersion, models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant"],
                condition=models.Q(state=ProposalState.WAITING),
                name="one_waiting_proposal_per_grant",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.WAITING, decided_at=None)
                | ~models.Q(state=ProposalState.WAITING) & models.Q(decided_at__isnull=False),
                name="a_decided_proposal_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.REGISTERED, version__isnull=False)
                | ~models.Q(state=ProposalState.REGISTERED) & models.Q(version=None),
                name="a_registered_proposal_has_its_version",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ProposalState.DECLINED) | ~models.Q(decision_remark=""),
                name="a_declined_proposal_has_a_remark",
                violation_error_message=_("Say what should be changed."),
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.grant_id}: {self.state}"
