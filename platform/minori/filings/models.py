"""What was handed in: frozen papers, their lines, their attachments, and what was asked about them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from minori.filings import behalf, correction  # noqa: F401 - their tables are found from here
from minori.filings.enums import (
    ApprovalWay,
    Aspect,
    Came,
    FigureKind,
    Judgement,
    Side,
    Span,
)


class Filing(models.Model):
    """One revision of a report as handed in (提出版). Never changed or deleted; a new revision follows.

    `contents` is `report_forms.contents.Contents` as JSON; people stand in it by id and by name as filed.
    """

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="filings")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    framework_version = models.ForeignKey(
        "registry.FrameworkVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filings",
        help_text="The plan it answers to; null where none was in force and the form asks about none.",
    )
    revision = models.PositiveSmallIntegerField()
    format = models.PositiveSmallIntegerField()
    contents = models.JSONField()
    part_hashes = models.JSONField()
    hash = models.CharField(max_length=64)
    handed_in_at = models.DateTimeField()
    handed_in_by_id = models.BigIntegerField(null=True)
    handed_in_by_name = models.TextField()
    came = models.CharField(max_length=10, choices=Came, default=Came.ROOM, db_default=Came.ROOM)
    approved_by_name = models.TextField(blank=True)
    approved_how = models.CharField(max_length=20, choices=ApprovalWay, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    days_late = models.PositiveIntegerField(help_text="Days after the date in force when this revision came.")

    class Meta:
        ordering: ClassVar = ["deadline", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deadline", "revision"], name="one_filing_per_revision"),
            models.UniqueConstraint(fields=["id", "organization"], name="a_filing_and_its_organization"),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="revisions_count_from_one"),
            models.CheckConstraint(
                condition=models.Q(approved_by_name="", approved_how="", approved_on=None)
                | ~models.Q(approved_by_name="")
                & ~models.Q(approved_how="")
                & models.Q(approved_on__isnull=False),
                name="an_approval_says_who_how_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"deadline {self.deadline_id}, revision {self.revision}"


class Figure(models.Model):
    """One line of a filing: a row with its progress, or one indicator. Flat, never changed, nothing carried."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="figures")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=FigureKind)
    row_uuid = models.UUIDField()
    indicator_uuid = models.UUIDField(null=True, blank=True)
    parent_uuid = models.UUIDField(null=True, blank=True)
    level = models.CharField(max_length=20)
    support = models.CharField(max_length=20)
    code = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    covered_by_uuid = models.UUIDField(
        null=True, blank=True, help_text="The row whose code was stated to cover this one."
    )
    remark = models.TextField(blank=True)
    text = models.TextField(blank=True)
    shared = models.BooleanField(
        default=False, help_text="The indicator's text is the row's, shared with others."
    )
    nothing = models.BooleanField(
        default=False, help_text="Nothing to report in this round: neither a blank nor zero."
    )

    class Meta:
        ordering: ClassVar = ["filing", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["filing", "position"], name="one_figure_per_position"),
            models.UniqueConstraint(fields=["id", "organization"], name="a_figure_and_its_organization"),
            models.CheckConstraint(
                condition=models.Q(progress=None) | models.Q(progress__gte=1, progress__lte=4),
                name="progress_is_one_to_four_or_not_reported",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=FigureKind.ROW, indicator_uuid=None)
                | models.Q(kind=FigureKind.INDICATOR, indicator_uuid__isnull=False, progress=None),
                name="progress_stands_at_rows",
            ),
            models.CheckConstraint(
                condition=models.Q(nothing=False) | models.Q(text=""),
                name="nothing_to_report_has_no_text",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["row_uuid"], name="figures_of_a_row")]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.position}"


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings read as sentences."""

    def newest(self) -> "ReadingQuerySet":
        """What was said last about the same words, be it that nothing counts any more."""
        return self.filter(replaced_by=None)

    def counting(self) -> "ReadingQuerySet":
        """The readings that count: the newest, unless it withdraws."""
        return self.newest().filter(withdrawn=False)


class Reading(models.Model):
    """What a person confirmed words to mean (読み取り値): of a figure, or of a registered text. Append-only.

    `measure` is `indicators.stored` JSON. The newest of a chain counts (`replaces`); withdrawing is a reading too, and
    a correction says why in `reason`.
    Without one the words stay words. `on` is the day of an actual as of a day, and the date of an achieve-by.
    Grant and round stand here so that summaries can be counted without joins; a trigger compares them. So does the filing
    of the figure, which the database fills in itself, whatever is given.
    """

    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="readings")
    round = models.ForeignKey("programmes.Round", models.PROTECT, null=True, blank=True, related_name="+")
    figure = models.ForeignKey(Figure, models.PROTECT, null=True, blank=True, related_name="readings")
    filing = models.ForeignKey(
        Filing, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    registered = models.ForeignKey(
        "registry.RegisteredIndicator", models.PROTECT, null=True, blank=True, related_name="readings"
    )
    aspect = models.CharField(max_length=20, choices=Aspect)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    withdrawn = models.BooleanField(default=False)
    measure = models.JSONField(null=True, blank=True)
    covers = models.CharField(max_length=20, choices=Span, blank=True)
    on = models.DateField(null=True, blank=True)
    reached = models.CharField(max_length=10, choices=Judgement, blank=True)
    reason = models.TextField(blank=True, default="", db_default="", help_text="Why a number was corrected.")
    side = models.CharField(max_length=10, choices=Side)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    aspect=Aspect.ACTUAL, figure__isnull=False, round__isnull=False, registered=None
                )
                | ~models.Q(aspect=Aspect.ACTUAL)
                & models.Q(figure=None, round=None, registered__isnull=False),
                name="a_reading_is_of_a_figure_or_a_registered_text",
            ),
            models.CheckConstraint(
                condition=models.Q(figure=None, filing=None)
                | models.Q(figure__isnull=False, filing__isnull=False),
                name="a_reading_of_a_figure_knows_its_filing",
            ),
            models.UniqueConstraint(
                fields=["figure", "registered", "aspect"],
                condition=models.Q(replaces=None),
                nulls_distinct=False,
                name="readings_of_the_same_words_follow_each_other",
            ),
            models.UniqueConstraint(fields=["id", "organization"], name="a_reading_and_its_organization"),
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(replaces__isnull=False),
                name="a_reason_is_of_a_correction",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn=False)
                | models.Q(measure__isnull=True, on=None, covers="", reached="", replaces__isnull=False),
                name="a_withdrawn_reading_says_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn=True)
                | models.Q(measure__isnull=False)
                | models.Q(aspect=Aspect.ACTUAL) & ~models.Q(reached="")
                | models.Q(aspect=Aspect.ACHIEVE_BY, on__isnull=False),
                name="a_reading_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(aspect=Aspect.ACTUAL, measure__isnull=False) & ~models.Q(covers="")
                | models.Q(aspect=Aspect.ACTUAL, measure__isnull=True, covers="", on=None)
                | ~models.Q(aspect=Aspect.ACTUAL) & models.Q(covers="", reached=""),
                name="an_actual_says_what_it_covers",
            ),
            models.CheckConstraint(
                condition=models.Q(on=None) & ~models.Q(covers=Span.DATE)
                | models.Q(on__isnull=False)
                & (models.Q(covers=Span.DATE) | models.Q(aspect=Aspect.ACHIEVE_BY)),
                name="a_day_stands_where_one_is_meant",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["grant", "round"], name="readings_of_a_grant"),
            models.Index(  # a whole scheme's numbers are counted from this index alone
                fields=["filing"],
                include=["id"],
                condition=models.Q(filing__isnull=False, withdrawn=False),
                name="readings_of_a_filing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aspect} of {self.figure_id or self.registered_id}"


class FiledAttachment(models.Model):
    """A file as filed: it stays when the draft's is taken away. The bytes are found by `sha256`.

    Width and height are pixels of a photo, null for documents. `row_uuid` is the row it was put at.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="attachments")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    uuid = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    caption = models.TextField(blank=True)
    content_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveIntegerField()
    row_uuid = models.UUIDField(null=True, blank=True)
    rights = models.CharField(
        max_length=20, blank=True, help_text="What was said about showing it (使用許諾・肖像)."
    )

    class Meta:
        ordering: ClassVar = ["filing", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["filing", "uuid"], name="one_filed_attachment_per_identity"),
        ]

    def __str__(self) -> str:
        return self.filename


class Comment(models.Model):
    """What an officer asked about a filing, and what the organization answered. Anchored to a field or a row."""

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="comments")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="comments")
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    anchor = models.CharField(
        max_length=100,
        blank=True,
        help_text="A field key or a row's uuid of the contents; empty: the whole report.",
    )
    side = models.CharField(max_length=10, choices=Side)
    body = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()
    dealt_with_at = models.DateTimeField(null=True, blank=True)
    dealt_with_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["deadline", "at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(body=""), name="a_comment_says_something"),
            models.UniqueConstraint(fields=["id", "organization"], name="a_comment_and_its_organization"),
            models.CheckConstraint(
                condition=models.Q(dealt_with_at=None, dealt_with_by_name="")
                | models.Q(dealt_with_at__isnull=False) & ~models.Q(dealt_with_by_name=""),
                name="dealt_with_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.body


class Consultation(models.Model):
    """A draft that an organization shows its officer to consult (下書き相談): filed nowhere, counted nowhere.

    A snapshot: what is written afterwards stays private until it is shown again. Nothing of it changes but that the
    organization may stop showing it.
    """

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="consultations")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    contents = models.JSONField()
    question = models.TextField(blank=True)
    shown_at = models.DateTimeField()
    shown_by_id = models.BigIntegerField(null=True)
    shown_by_name = models.TextField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["deadline", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deadline", "number"], name="one_consultation_per_number"),
            models.UniqueConstraint(
                fields=["id", "organization"], name="a_consultation_and_its_organization"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by_name="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_by_name=""),
                name="withdrawn_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"deadline {self.deadline_id}, consultation {self.number}"


class ConsultationRemark(models.Model):
    """What one of the two sides said about a shown draft. Append-only."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="remarks")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    anchor = models.CharField(
        max_length=100, blank=True, help_text="A field key or a row's uuid of the contents; empty: the whole."
    )
    side = models.CharField(max_length=10, choices=Side)
    body = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["consultation", "at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(body=""), name="a_consultation_remark_says_something"),
        ]

    def __str__(self) -> str:
        return self.body


class OpenPart(models.Model):
    """A part of a returned filing that may be corrected. Rows are added while it is returned, and never changed.

    `anchor` is a field's key or a row's UUID; empty: the whole report. The desk opens with its return; the
    organization opens another part with a reason, which the officer reads beside the changes.
    """

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="open_parts")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="open_parts")
    anchor = models.CharField(max_length=100, blank=True)
    side = models.CharField(max_length=10, choices=Side)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["filing", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["filing", "anchor"], name="a_part_is_opened_once"),
            models.CheckConstraint(
                condition=models.Q(side=Side.DESK) | ~models.Q(anchor="") & ~models.Q(reason=""),
                name="an_organization_opens_a_part_with_a_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.anchor or 'everything'}"
