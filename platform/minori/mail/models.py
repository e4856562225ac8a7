"""The outbox, the ladder of reminders and its ledger. All closed to rooms: workers write and read here."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from minori.accounts.enums import Language
from minori.mail import digest_models, setting_models, waiting_models  # noqa: F401 - their tables are found from here
from minori.mail.enums import (
    DATED_LADDERS,
    DEPARTED,
    RESENT_WHEN_UNCERTAIN,
    WAITING_OUTCOMES,
    Fault,
    Kind,
    Ladder,
    MessageState,
    Outcome,
    Reason,
)


class MessageQuerySet(models.QuerySet["Message"]):
    """Mails read as sentences."""

    def to_be_sent(self, at: datetime) -> "MessageQuerySet":
        """Mails whose turn has come, the hastiest first: waiting ones, and reminders that perhaps arrived."""
        again = models.Q(state=MessageState.UNCERTAIN, kind__in=RESENT_WHEN_UNCERTAIN)
        waiting = models.Q(state=MessageState.PENDING) | again
        return self.filter(waiting, next_try_at__lte=at).order_by("kind", "next_try_at", "pk")

    def abandoned(self, at: datetime) -> "MessageQuerySet":
        """Claimed mails whose sender did not come back before the lease ended."""
        return self.filter(state=MessageState.CLAIMED, claimed_until__lte=at)


class Message(models.Model):
    """One mail to one address. `key` names what it is for: the same thing is never written twice."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, blank=True, related_name="+")
    address = models.EmailField()
    language = models.CharField(max_length=5, choices=Language)
    sender = models.CharField(
        max_length=200, blank=True, help_text="The distributor it comes from; empty: the installation itself."
    )
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(
        default=0, help_text="Times it was sent though it had perhaps arrived."
    )
    claimed_by = models.CharField(max_length=100, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, help_text="What the mail server answered, word for word.")
    created_at = models.DateTimeField()
    written_for = models.DateField(
        null=True, blank=True, help_text="The recipient's date the text was written for: “3 days left” ages."
    )
    service_id = models.CharField(
        max_length=200, blank=True, help_text="What a mail service calls it; its events name it so."
    )
    returned_at = models.DateTimeField(null=True, blank=True, help_text="When it was told that it came back.")
    reply_to = models.EmailField(blank=True, help_text="Where an answer goes; empty: to the sender.")
    invitation = models.ForeignKey(
        "accounts.Invitation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        help_text="Whose link is put into the text as the mail goes out.",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=MessageState.CLAIMED, claimed_until__isnull=False)
                & ~models.Q(claimed_by="")
                | ~models.Q(state=MessageState.CLAIMED) & models.Q(claimed_until=None, claimed_by=""),
                name="a_claimed_mail_says_by_whom_and_until_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(DEPARTED), sent_at__isnull=False)
                | ~models.Q(state__in=sorted(DEPARTED)) & models.Q(sent_at=None),
                name="a_sent_mail_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.BOUNCED) | models.Q(returned_at__isnull=False),
                name="a_mail_that_came_back_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.FAILED) | ~models.Q(last_error=""),
                name="a_refused_mail_keeps_the_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MessageState.PENDING, next_try_at__isnull=False)
                | models.Q(state=MessageState.UNCERTAIN)
                | ~models.Q(state__in=[MessageState.PENDING, MessageState.UNCERTAIN])
                & models.Q(next_try_at=None),
                name="a_waiting_mail_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.INVITATION, invitation__isnull=False)
                | ~models.Q(kind=Kind.INVITATION) & models.Q(invitation=None),
                name="an_invitations_mail_names_it",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.UNCERTAIN) | models.Q(attempts__gte=1),
                name="only_a_tried_mail_is_uncertain",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "next_try_at"],
                condition=models.Q(state__in=[MessageState.PENDING, MessageState.UNCERTAIN]),
                name="mails_to_be_sent",
            ),
            models.Index(
                fields=["claimed_until"],
                condition=models.Q(state=MessageState.CLAIMED),
                name="mails_being_sent",
            ),
            models.Index(
                fields=["service_id"], condition=~models.Q(service_id=""), name="mails_of_a_service"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.subject}"


class FlaggedAddress(models.Model):
    """An address that no mails are written to, because they do not arrive, until a person clears it.

    The flag stands at the address, so somebody with another one is written to again.
    """

    address = models.EmailField(help_text="In lower case.")
    why = models.CharField(max_length=10, choices=Fault)
    words = models.TextField(blank=True, help_text="What the server or the mail service said, word for word.")
    flagged_at = models.DateTimeField()
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by_id = models.BigIntegerField(null=True)
    cleared_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-flagged_at", "-pk"]
        verbose_name_plural = "flagged addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["address"], condition=models.Q(cleared_at=None), name="an_address_is_flagged_once"
            ),
            models.CheckConstraint(
                condition=models.Q(cleared_at=None, cleared_by_name="")
                | models.Q(cleared_at__isnull=False) & ~models.Q(cleared_by_name=""),
                name="clearing_an_address_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="a_flag_is_in_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.why}"


class ReturnedMail(models.Model):
    """One event that a mail service told of: taken once, however often and in whatever order it comes."""

    key = models.CharField(max_length=64, unique=True, help_text="A hash of what makes the event this one.")
    kind = models.CharField(max_length=10, choices=Fault)
    address = models.CharField(max_length=320)
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="returns")
    happened_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-taken_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.address}: {self.kind}"


class Enclosure(models.Model):
    """A file that goes along with a mail, made by us."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="enclosures")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    data = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["message", "pk"]

    def __str__(self) -> str:
        return self.filename


FURTHEST_STEP = 365
"""Days; no step is further from its date."""


class Step(models.Model):
    """One step of a programme's ladder: so many days from the date that its ladder counts from."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="reminder_steps")
    ladder = models.CharField(max_length=10, choices=Ladder)
    key = models.CharField(max_length=30)
    days = models.SmallIntegerField(
        _("days from the due date"),
        null=True,
        blank=True,
        help_text="Negative: before. Empty: when the round opens.",
    )
    asks_officer = models.BooleanField(_("ask the officer first"), default=False)
    since = models.DateField(
        null=True, blank=True, help_text="Added by hand: days before this one are past, and not made up for."
    )

    class Meta:
        ordering: ClassVar = ["programme", "ladder", models.F("days").asc(nulls_first=True), "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "key"], name="one_step_per_key"),
            models.UniqueConstraint(
                fields=["programme", "ladder", "days"],
                nulls_distinct=False,
                name="one_step_per_day",
                violation_error_message=_("The ladder has a step on this day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(days__isnull=False) | models.Q(ladder=Ladder.DUE),
                name="a_return_has_no_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(days=None)
                | models.Q(ladder__in=DATED_LADDERS, days__gte=-FURTHEST_STEP, days__lte=FURTHEST_STEP)
                | ~models.Q(ladder__in=DATED_LADDERS) & models.Q(days__gte=1, days__lte=FURTHEST_STEP),
                name="steps_lie_within_a_year_and_what_waits_has_only_later_ones",
            ),
            models.CheckConstraint(
                condition=models.Q(asks_officer=False) | models.Q(ladder__in=DATED_LADDERS, days__gte=1),
                name="only_steps_after_a_due_date_ask_the_officer",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class LedgerEntry(models.Model):
    """What was decided about one step for one person, once. Without a person: nobody could be notified."""

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=30)
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, blank=True, related_name="+")
    due_version = models.PositiveIntegerField()
    due_on = models.DateField()
    decided_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="reminders")
    answered_by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by_name = models.CharField(
        max_length=200, blank=True, help_text="The officer who said yes or no."
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "ledger entries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deadline", "step", "person", "due_version"],
                nulls_distinct=False,
                name="each_step_is_decided_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.SKIPPED) & ~models.Q(reason="")
                | models.Q(
                    outcome__in=sorted(WAITING_OUTCOMES), reason="", message=None, person__isnull=False
                )
                | ~models.Q(outcome__in=[Outcome.SKIPPED, *sorted(WAITING_OUTCOMES)])
                & models.Q(reason="", message__isnull=False, person__isnull=False),
                name="a_step_is_in_a_mail_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by=None, answered_by_name="")
                | models.Q(answered_at__isnull=False) & ~models.Q(answered_by_name=""),
                name="an_answer_about_a_reminder_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=Outcome.ASKED) | models.Q(answered_at=None),
                name="a_reminder_that_waits_is_not_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=Outcome.ALLOWED) | models.Q(answered_at__isnull=False),
                name="an_allowed_reminder_was_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["deadline"],
                condition=models.Q(outcome__in=[Outcome.ASKED, Outcome.ALLOWED]),
                name="reminders_without_a_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"deadline {self.deadline_id}, {self.step}: {self.outcome}"


class Sweep(models.Model):
    """The last run of a regular sweep, one row each: what the status page and the dead man's switch look at."""

    name = models.CharField(max_length=100, unique=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Pace(models.Model):
    """When the next mail may go to a mail server: senders take turns on this row, however many there are."""

    server = models.CharField(max_length=255, unique=True)
    next_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["server"]

    def __str__(self) -> str:
        return self.server
