"""Change requests (変更申請): their tables. What was proposed stays as it was proposed, and is decided once."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from minori.registry.enums import OPEN_CHANGES, ChangeState, Cut, Party, Verdict

CLOSED = [ChangeState.DECIDED, ChangeState.WITHDRAWN]


class ChangeRequest(models.Model):
    """One request to change a grant's registered plan, through all its revisions; `state` moves by the trigger's steps.

    `funder_agreed_…` is the agreement of the distributor's own funder (指定活用団体), needed where a change of the
    short-term outcomes is approved.
    """

    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="change_requests")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=10, choices=Party)
    state = models.CharField(max_length=20, choices=ChangeState, default=ChangeState.WAITING)
    last_revision = models.PositiveSmallIntegerField(default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    answered_by_name = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.BigIntegerField(null=True, blank=True)
    closed_by_name = models.TextField(blank=True)
    words = models.TextField(blank=True)
    effective_from_round = models.PositiveSmallIntegerField(null=True, blank=True)
    funder_agreed_on = models.DateField(null=True, blank=True)
    funder_agreed_by = models.TextField(blank=True)
    funder_note = models.TextField(blank=True)
    version = models.OneToOneField(
        "registry.FrameworkVersion", models.PROTECT, null=True, blank=True, related_name="change_request"
    )

    class Meta:
        ordering: ClassVar = ["grant", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "number"], name="one_change_request_per_number"),
            models.UniqueConstraint(
                fields=["id", "organization"], name="a_change_request_and_its_organization"
            ),
            models.UniqueConstraint(
                fields=["grant"],
                condition=models.Q(state__in=sorted(OPEN_CHANGES)),
                name="one_open_change_request_per_grant",
                violation_error_message=_("A change request is open already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CLOSED, closed_at__isnull=False) & ~models.Q(closed_by_name="")
                | ~models.Q(state__in=CLOSED) & models.Q(closed_at=None, closed_by_name=""),
                name="a_closed_change_request_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(version=None, effective_from_round=None)
                | models.Q(
                    version__isnull=False, effective_from_round__isnull=False, state=ChangeState.DECIDED
                ),
                name="a_version_comes_of_a_decided_change_request",
            ),
            models.CheckConstraint(
                condition=models.Q(funder_agreed_on=None, funder_agreed_by="")
                | models.Q(funder_agreed_on__isnull=False) & ~models.Q(funder_agreed_by=""),
                name="the_funders_agreement_says_who_and_when",
                violation_error_message=_("Say who agreed, and on which day."),
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by_name="")
                | models.Q(answered_at__isnull=False, party=Party.DESK) & ~models.Q(answered_by_name=""),
                name="an_answered_change_request_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.grant_id}: change request {self.number}, {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it is undecided."""
        return self.state in OPEN_CHANGES


class ChangeRevision(models.Model):
    """A change request as it was sent, once or after re-work: the whole plan as it would be, frozen."""

    request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="revisions")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    base = models.ForeignKey("registry.FrameworkVersion", models.PROTECT, related_name="+")
    contents = models.JSONField()
    size = models.PositiveSmallIntegerField(help_text="How many changes it holds; none is added later.")
    remark = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    sent_by_id = models.BigIntegerField(null=True)
    sent_by_name = models.TextField()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_id = models.BigIntegerField(null=True, blank=True)
    returned_by_name = models.TextField(blank=True)
    returned_words = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["request", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "number"], name="one_change_revision_per_number"),
            models.UniqueConstraint(
                fields=["id", "organization"], name="a_change_revision_and_its_organization"
            ),
            models.CheckConstraint(
                condition=models.Q(size__gte=1), name="a_change_request_changes_something"
            ),
            models.CheckConstraint(
                condition=models.Q(returned_at=None, returned_words="", returned_by_name="")
                | models.Q(returned_at__isnull=False)
                & ~models.Q(returned_words="")
                & ~models.Q(returned_by_name=""),
                name="sending_a_change_request_back_says_why",
                violation_error_message=_("Say what should be changed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.number}"


class Change(models.Model):
    """One change of a revision (`change_units.Unit`, by its key): its reason, and what was said of it.

    `meaning_changed` and `came_from` are what the proposer says of an indicator; `cut` is what was decided.
    """

    revision = models.ForeignKey(ChangeRevision, models.PROTECT, related_name="changes")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=100)
    concerns_outcome = models.BooleanField(default=False)
    reason = models.TextField()
    meaning_changed = models.BooleanField(default=False)
    came_from = models.UUIDField(null=True, blank=True)
    answer = models.CharField(max_length=20, choices=Verdict, blank=True)
    answer_word = models.TextField(blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict, blank=True)
    word = models.TextField(blank=True)
    cut = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["revision", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "position"], name="one_change_per_position"),
            models.UniqueConstraint(fields=["revision", "key"], name="one_change_per_key"),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="a_change_has_a_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict=Verdict.DECLINED) | ~models.Q(word=""),
                name="declining_a_change_says_why",
                violation_error_message=_("Say why it is not approved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}/{self.position}: {self.key}"


class Succession(models.Model):
    """Where an indicator took the place of another in a version, and figures of before and after are not joined."""

    version = models.ForeignKey("registry.FrameworkVersion", models.PROTECT, related_name="successions")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    row_uuid = models.UUIDField()
    uuid = models.UUIDField()
    before_uuid = models.UUIDField()
    cut = models.CharField(max_length=20, choices=Cut)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["version", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "uuid"], name="an_indicator_begins_once_in_a_version"),
            models.CheckConstraint(
                condition=~models.Q(uuid=models.F("before_uuid")), name="a_cut_gives_a_new_identity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_uuid} → {self.uuid}"


class ChangeLink(models.Model):
    """A report's change boxes point at a change request, as the organization says. Never stands in the way of anything."""

    request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="links")
    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="change_links")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    linked_by_name = models.TextField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["deadline", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "deadline"],
                condition=models.Q(removed_at=None),
                name="one_link_between_a_report_and_a_change_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} → {self.request_id}"
