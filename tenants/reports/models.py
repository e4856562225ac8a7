"""Reports while they are written: contents only. Where a report stands is the public `Deadline`, nowhere else."""

from typing import ClassVar

from django.db import models


class Report(models.Model):
    """The working copy of one report; `deadline_id` is the key of a public row (no foreign key across the hatch).

    `saves` counts the posts that were saved here: a page names the last one it knows of and is told what came after.
    """

    deadline_id = models.BigIntegerField(unique=True)
    begun_at = models.DateTimeField()
    saves = models.PositiveIntegerField(default=0)
    followed_filing_id = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="The newest filing on behalf whose answers were taken into this copy (`following`).",
    )

    class Meta:
        ordering: ClassVar = ["deadline_id"]

    def __str__(self) -> str:
        return f"report for deadline {self.deadline_id}"


class Answer(models.Model):
    """What stands in one field, or at one row of the framework.

    `key` is a field's key in the edition, or a row's UUID; `value` is the JSON of `report_forms.answers`
    (a RowAnswer for rows). `version` counts the saves of this field: a page posts the one it was loaded with.
    `save_number` is the save of the report in which it was written last. A sitting is a person writing on, save
    after save: it leaves one revision, what stood there before. `posted` names the page that wrote last, its turn
    and the marks of what it posted (`stamps`); empty where no script was running.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=100)
    value = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    saved_by_name = models.TextField(blank=True)
    save_number = models.PositiveIntegerField(default=0)
    sitting_began_at = models.DateTimeField()
    posted = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["report", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="one_answer_per_field"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="saves_count_from_one"),
            models.CheckConstraint(condition=~models.Q(key=""), name="an_answer_names_its_field"),
        ]

    def __str__(self) -> str:
        return f"{self.key} (saved {self.version} times)"

    def keep(self) -> None:
        """Keep what stands here now as a revision, before it is written over."""
        AnswerRevision.objects.create(
            answer=self,
            version=self.version,
            value=self.value,
            saved_at=self.saved_at,
            saved_by_id=self.saved_by_id,
            saved_by_name=self.saved_by_name,
        )


class AnswerRevision(models.Model):
    """What stood in a field before it was saved again. Append-only: a trigger refuses every change.

    With `set_aside` it never stood there: two people had written differently, and this is the text that was not
    chosen, beside the version that was.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    value = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    saved_by_name = models.TextField(blank=True)
    set_aside = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["answer", "version", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["answer", "version"],
                condition=models.Q(set_aside=False),
                name="one_revision_per_save",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}, save {self.version}"


class SetAside(models.Model):
    """What the organization had written itself when an officer filed on its behalf: kept to be read, and copied from.

    `contents` is `report_forms.contents.Contents` as JSON. Append-only: a trigger refuses every change.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="set_aside")
    filing_id = models.BigIntegerField()
    contents = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["report", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "filing_id"], name="a_draft_is_set_aside_once"),
        ]

    def __str__(self) -> str:
        return f"report {self.report_id}, beside filing {self.filing_id}"
