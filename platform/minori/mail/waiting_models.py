"""The ledger of what waits for somebody: an approver who was asked, a change request, an invitation. Closed to rooms."""

from typing import ClassVar

from django.db import models

from minori.mail.enums import DATED_LADDERS, Ladder, Outcome, Reason


class WaitingStep(models.Model):
    """What was decided about one step of what waits, for one person, once.

    `about` names what waits ("approval:17", "change:3:waiting:1", "invitation:8"): when it moves on, a new ladder begins.
    An invitation has no person yet: it is the address that is written to. (Steps from before invitations went through the
    outbox have no message.)
    """

    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="+")
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, null=True, blank=True, related_name="+")
    deadline = models.ForeignKey(
        "programmes.Deadline", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ladder = models.CharField(max_length=10, choices=Ladder)
    about = models.CharField(max_length=60)
    step = models.CharField(max_length=30)
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    message = models.ForeignKey(
        "mail.Message", models.PROTECT, null=True, blank=True, related_name="waiting_steps"
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about", "step", "person"],
                nulls_distinct=False,
                name="each_step_of_what_waits_is_decided_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(ladder__in=DATED_LADDERS), name="what_waits_is_on_its_own_ladders"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.SKIPPED) & ~models.Q(reason="")
                | models.Q(outcome=Outcome.PLANNED, reason="", ladder=Ladder.INVITATION)
                | models.Q(outcome=Outcome.PLANNED, reason="", message__isnull=False, person__isnull=False),
                name="a_step_of_what_waits_is_in_a_mail_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}, {self.step}: {self.outcome}"
