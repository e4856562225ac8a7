from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a mail is about; it decides what happens when nobody knows whether it arrived.

    The values sort in the order of haste.
    """

    ACCOUNT = "account", _("sign-in and invitations")
    DEADLINE = "deadline", _("reminder")
    INVITATION = "invitation", _("invitation")
    NOTICE = "notice", _("notice")


RESENT_WHEN_UNCERTAIN = frozenset({Kind.DEADLINE})
"""A missed reminder is worse than one seen twice; an old sign-in code or a second receipt is not."""


class MessageState(models.TextChoices):
    """Where a mail stands in the outbox."""

    PENDING = "pending", _("waiting")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused")
    UNCERTAIN = "uncertain", _("perhaps sent")
    WITHDRAWN = "withdrawn", _("no longer needed")
    BOUNCED = "bounced", _("came back")


DEPARTED = frozenset({MessageState.SENT, MessageState.BOUNCED})
"""A server took the mail, and it is known when."""


class Ladder(models.TextChoices):
    """What the days of a ladder's steps are counted from."""

    DUE = "due", _("due date")
    RETURN = "return", _("due date of a return")
    APPROVER = "approver", _("approver asked to check")
    CHANGE = "change", _("change request waits")
    INVITATION = "invitation", _("invitation not accepted")


DATED_LADDERS = (Ladder.DUE, Ladder.RETURN)
"""Those around a due date; the others count the days that something has waited."""


class Wording(models.TextChoices):
    """The mails whose text a programme may write itself."""

    OPENING = "opening", _("the report opens")
    BEFORE = "before", _("before the due date")
    ON_THE_DAY = "on_the_day", _("on the due date")
    AFTER = "after", _("after the due date")
    RETURNED = "returned", _("report sent back")
    APPROVER = "approver", _("approver asked to check")
    CHANGE = "change", _("change request waits")
    INVITATION = "invitation", _("invitation")
    NOT_ACCEPTED = "not_accepted", _("invitation not accepted")


class Outcome(models.TextChoices):
    """What was decided about a step for a person."""

    ASKED = "asked", _("waits for the officer's yes")
    ALLOWED = "allowed", _("allowed, goes out with the next mail")
    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent")
    BOUNCED = "bounced", _("came back")
    SKIPPED = "skipped", _("not sent")


WAITING_OUTCOMES = frozenset({Outcome.ASKED, Outcome.ALLOWED})
"""No mail is written yet: an officer, or the next sweep, has the word."""


class Reason(models.TextChoices):
    """Why a step was not sent."""

    STALE = "stale", _("a later step took its place")
    ASKS_OFFICER = "asks_officer", _("the officer decides about this step")
    TOLD_BEFORE = "told_before", _("told of this report before its due date moved")
    NOBODY = "nobody", _("nobody to notify")
    DONE = "done", _("handed in, not required or due on another day before it went out")
    DECLINED = "declined", _("the officer decided against it")
    LEFT = "left", _("the person no longer writes for the organization")
    FLAGGED = "flagged", _("mails to this address do not arrive")


class Fault(models.TextChoices):
    """Why mails to an address are not written any more."""

    REFUSED = "refused", _("the mail server refuses the address")
    BOUNCED = "bounced", _("mails come back")
    COMPLAINT = "complaint", _("mails were reported as spam")
