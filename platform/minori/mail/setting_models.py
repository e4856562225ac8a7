"""What a programme sets about its reminders: its ladder and its own texts. Closed to rooms.

Both are kept with a number that rises with every change: two people who save at once cannot undo each other unseen.
"""

from typing import ClassVar

from django.db import models

from minori.accounts.enums import Language
from minori.mail.enums import Wording

NOT_IN_SUBJECTS = r"[\x01-\x1f\x7f-\x9f\u2028\u2029]"
NOT_IN_BODIES = r"[\x01-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]"
"""Characters that break a head, or mean nothing in a text; as PostgreSQL reads it."""

LONGEST_SUBJECT = 150
"""Characters of a subject as it is written, before names and dates stand in it; a mail's own ends at 300."""


class LadderSetting(models.Model):
    """That a programme's ladder was set by hand; without a row it has the gentle default (its steps: `Step`).

    `asks_from`: from so many days after the due date on an officer is asked before a mail goes out; null: never.
    """

    programme = models.OneToOneField(
        "programmes.Programme", models.PROTECT, primary_key=True, related_name="ladder_setting"
    )
    asks_from = models.PositiveSmallIntegerField(null=True, blank=True)
    return_asks_from = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["programme"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(models.Q(asks_from=None) | models.Q(asks_from__gte=1, asks_from__lte=365))
                & (
                    models.Q(return_asks_from=None)
                    | models.Q(return_asks_from__gte=1, return_asks_from__lte=365)
                ),
                name="the_officer_is_asked_within_a_year_or_never",
            ),
            models.CheckConstraint(
                condition=~models.Q(changed_by_name=""), name="a_ladder_was_set_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"programme {self.programme_id}"


class OwnText(models.Model):
    """A programme's own text of one mail in one language; both parts empty: back to the standard text."""

    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="own_texts")
    what = models.CharField(max_length=20, choices=Wording)
    language = models.CharField(max_length=5, choices=Language)
    subject = models.CharField(max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["programme", "what", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "what", "language"], name="one_own_text_per_mail_and_language"
            ),
            models.CheckConstraint(
                condition=models.Q(subject="", body="") | ~models.Q(subject="") & ~models.Q(body=""),
                name="an_own_text_has_a_subject_and_a_body",
            ),
            models.CheckConstraint(
                condition=~models.Q(subject__regex=NOT_IN_SUBJECTS) & ~models.Q(body__regex=NOT_IN_BODIES),
                name="own_texts_have_no_control_characters",
            ),
            models.CheckConstraint(
                condition=~models.Q(changed_by_name=""), name="an_own_text_was_set_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"programme {self.programme_id}, {self.what}, {self.language}"

    @property
    def is_standard(self) -> bool:
        """Whether it only says that the standard text is in force again."""
        return not self.subject
