"""Distributors, their programmes, rounds and grants, and the deadline of every grant in every round."""

from datetime import date
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from minori.programmes.distributors import Distributor, Holiday, HolidayList
from minori.programmes.enums import DeadlineState, ExtensionState, RoundKind, Standing
from minori.programmes.querysets import DeadlineQuerySet, ProgrammeQuerySet

__all__ = [
    "CODE",
    "Deadline",
    "Distributor",
    "ExtensionRequest",
    "Grant",
    "Holiday",
    "HolidayList",
    "PinnedEdition",
    "Programme",
    "Round",
]

CODE = RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", _("Use lower-case letters, digits and hyphens."))


class Programme(models.Model):
    """One funding round of a distributor (資金分配団体の事業).

    One that `answers_for` another is that programme's other side, towards the distributor's own funder: its one grant is
    the distributor's own, with the plan and the reports that it answers for. The distributor keeps it itself.
    """

    distributor = models.ForeignKey(Distributor, models.PROTECT, related_name="programmes")
    code = models.CharField(_("code"), max_length=60, unique=True, validators=[CODE])
    title = models.CharField(_("title"), max_length=200)
    window = models.CharField(_("funding window"), max_length=100, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    answers_for = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="own_side", editable=False
    )

    # null: as the distributor's time zone has them (`programmes.holidays`)
    holidays = models.ForeignKey(
        HolidayList,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("holidays"),
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_on", "title", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_programme_ends_after_it_starts",
                violation_error_message=_("The programme must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One reporting round (報告対象期間) of a programme; it pins the form edition."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=RoundKind)
    title = models.CharField(_("title"), max_length=100)
    period_starts_on = models.DateField(_("period from"))
    period_ends_on = models.DateField(_("period to"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    closes_on = models.DateField(
        _("closes on"),
        null=True,
        blank=True,
        help_text="The last day to hand in at all; null: there is none.",
    )
    edition = models.CharField(_("form edition"), max_length=40)
    edition_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["programme", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="one_round_per_number",
                violation_error_message=_("The programme has a round with this number already."),
            ),
            models.CheckConstraint(
                condition=models.Q(period_ends_on__gte=models.F("period_starts_on")),
                name="a_period_ends_after_it_starts",
                violation_error_message=_("The period must end after it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("opens_on")),
                name="a_round_is_due_after_it_opens",
                violation_error_message=_("The due date must not be before the round opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on=None) | models.Q(closes_on__gte=models.F("due_on")),
                name="a_round_closes_after_it_is_due",
                violation_error_message=_("The closing date must not be before the due date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PinnedEdition(models.Model):
    """The file of a form edition as it was when a round first pinned it; never changed (`programmes.pinned`)."""

    key = models.CharField(_("form edition"), max_length=40)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(_("its file"))
    sha256 = models.CharField(max_length=64)
    pinned_at = models.DateTimeField(_("in use since"))

    class Meta:
        ordering: ClassVar = ["key", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="an_edition_is_kept_once"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        """The name its file has."""
        return f"{self.key}.v{self.version}.toml"


class Grant(models.Model):
    """One organization's project in one programme (実行団体の事業)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="grants")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="grants")
    code = models.CharField(_("code"), max_length=60, unique=True, validators=[CODE])
    title = models.CharField(_("project title"), max_length=300)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    # null: the end of the period of the programme's mid-term round, the project's last day (`filings.measured`)
    mid_term_on = models.DateField(_("mid-term evaluation on"), null=True, blank=True)
    ex_post_on = models.DateField(_("ex-post evaluation on"), null=True, blank=True)
    lead_officer = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="leads", verbose_name=_("lead officer")
    )
    deputy_officer = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputises",
        verbose_name=_("deputy officer"),
    )

    class Meta:
        ordering: ClassVar = ["programme", "organization__name_kana", "organization__name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_grant_ends_after_it_starts",
                violation_error_message=_("The project must end after it starts."),
            ),
            models.CheckConstraint(
                condition=(models.Q(mid_term_on=None) | models.Q(mid_term_on__gte=models.F("starts_on")))
                & (models.Q(ex_post_on=None) | models.Q(ex_post_on__gte=models.F("starts_on"))),
                name="a_grant_is_evaluated_after_it_starts",
                violation_error_message=_("An evaluation must not be before the project starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(mid_term_on=None)
                | models.Q(ex_post_on=None)
                | models.Q(ex_post_on__gt=models.F("mid_term_on")),
                name="the_ex_post_evaluation_follows_the_mid_term_one",
                violation_error_message=_("The ex-post evaluation must follow the mid-term evaluation."),
            ),
            models.CheckConstraint(
                condition=models.Q(deputy_officer=None) | ~models.Q(deputy_officer=models.F("lead_officer")),
                name="the_deputy_is_somebody_else",
                violation_error_message=_("Choose somebody else as deputy officer."),
            ),
            # what composite foreign keys of row-secured tables point at
            models.UniqueConstraint(fields=["id", "organization"], name="a_grant_and_its_organization"),
        ]

    def __str__(self) -> str:
        return self.title


class Deadline(models.Model):
    """One grant × one round: due when, and where the report stands. The life of a report is `state` and nothing else.

    `state` changes only under the row's lock, by the rules in `minori.filings`; a trigger guards the steps.
    """

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="deadlines")
    round = models.ForeignKey(Round, models.PROTECT, related_name="deadlines")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="deadlines")
    due_on = models.DateField(_("due on"))
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    closes_on = models.DateField(
        _("closes on"), null=True, blank=True, help_text="After it nothing is handed in for the first time."
    )
    due_version = models.PositiveIntegerField(
        default=1, help_text="Counts moved due dates: a new reminder ladder each."
    )
    state = models.CharField(max_length=20, choices=DeadlineState, default=DeadlineState.AWAITING)
    current_filing = models.ForeignKey(
        "filings.Filing", models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_revision = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="The newest revision that was handed in, counted by the database.",
    )
    first_handed_in_at = models.DateTimeField(null=True, blank=True)
    days_late = models.PositiveIntegerField(null=True, blank=True)
    reading_began_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_due_on = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    waived_reason = models.TextField(blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["round__number", "grant_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "round"], name="one_deadline_per_grant_and_round"),
            models.UniqueConstraint(fields=["id", "organization"], name="a_deadline_and_its_organization"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[DeadlineState.AWAITING, DeadlineState.WAIVED], current_filing=None
                )
                | models.Q(
                    state__in=[DeadlineState.HANDED_IN, DeadlineState.RETURNED, DeadlineState.ACCEPTED],
                    current_filing__isnull=False,
                ),
                name="what_was_handed_in_has_a_filing",
            ),
            models.CheckConstraint(
                condition=models.Q(first_handed_in_at=None, days_late=None)
                | models.Q(first_handed_in_at__isnull=False, days_late__isnull=False),
                name="lateness_is_known_once_handed_in",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DeadlineState.WAIVED) | ~models.Q(waived_reason=""),
                name="a_waiver_has_a_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DeadlineState.RETURNED) | models.Q(returned_at__isnull=False),
                name="a_return_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(extended_to=None) | models.Q(extended_to__gt=models.F("due_on")),
                name="an_extension_is_later_than_the_due_date",
                violation_error_message=_("The extension must be later than the due date."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on=None)
                | models.Q(closes_on__gte=models.F("due_on"))
                & (models.Q(extended_to=None) | models.Q(closes_on__gte=models.F("extended_to"))),
                name="a_deadline_closes_after_it_is_due",
                violation_error_message=_("The closing date must not be before the due date."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="deadlines_by_state_and_due")]

    def __str__(self) -> str:
        return f"{self.grant_id} × {self.round_id}: {self.state}"

    @property
    def effective_due_on(self) -> date:
        """The date that counts now: a return carries its own, else the extension, else the due date."""
        if self.state == DeadlineState.RETURNED and self.returned_due_on:
            return self.returned_due_on
        return self.extended_to or self.due_on

    def standing(self, today: date) -> Standing:
        """The state as people see it on `today` (the distributor's date)."""
        if self.state != DeadlineState.AWAITING:
            return Standing(self.state)
        if today > (self.extended_to or self.due_on):
            return Standing.OVERDUE
        return Standing.OPEN if today >= self.round.opens_on else Standing.NOT_OPEN

    def days_left(self, today: date) -> int:
        """Days from `today` to the effective due date; negative once it has passed."""
        return (self.effective_due_on - today).days

    def has_closed(self, today: date) -> bool:
        """Whether it is too late to hand in for the first time; what was sent back can always come again."""
        waits = self.state in (DeadlineState.AWAITING, DeadlineState.HANDED_IN)
        return waits and self.closes_on is not None and today > self.closes_on

    def lateness(self, handed_in_on: date) -> int:
        """Days after the date in force (an extension's, a return's own) if handed in on that local date; 0 = on time."""
        return max(0, (handed_in_on - self.effective_due_on).days)


class ExtensionRequest(models.Model):
    """An organization asks for more time, and what became of it. What was asked never changes; it is settled once.

    The request itself changes no date: granting it does, with `Deadline.extended_to`.
    """

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extension_requests")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.TextField()
    state = models.CharField(max_length=20, choices=ExtensionState, default=ExtensionState.OPEN)
    granted_to = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["deadline", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deadline"],
                condition=models.Q(state=ExtensionState.OPEN),
                name="one_open_extension_request_a_report",
                violation_error_message=_("More time has been asked for already; wait for the answer."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="an_extension_request_says_why",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=ExtensionState.OPEN, settled_at=None, settled_by_name="")
                | ~models.Q(state=ExtensionState.OPEN)
                & models.Q(settled_at__isnull=False)
                & ~models.Q(settled_by_name=""),
                name="a_settled_request_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ExtensionState.GRANTED, granted_to__isnull=False)
                | ~models.Q(state=ExtensionState.GRANTED) & models.Q(granted_to=None),
                name="a_granted_request_has_its_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ExtensionState.DECLINED) | ~models.Q(answer=""),
                name="declining_a_request_says_why",
                violation_error_message=_("Write why more time is not possible."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: until {self.until}, {self.state}"
