"""What is searched, made from filings and made again at any time; and what an officer means to ask."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from reporting.reading.enums import Part


class Passage(models.Model):
    """One text of a filing as it is searched. A function of the filing (`passages.of`), never changed.

    `folded` is the text with its place's name in one way of writing, `tokens` its letters and pairs of letters
    (`folding`). Distributor, programme, round, grant and time stand here so that a search reads this table alone.
    """

    filing = models.ForeignKey("filings.Filing", models.CASCADE, related_name="+")
    distributor = models.ForeignKey(
        "programmes.Distributor", models.CASCADE, related_name="+", db_index=False
    )
    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="+", db_index=False)
    round = models.ForeignKey("programmes.Round", models.CASCADE, related_name="+", db_index=False)
    grant = models.ForeignKey("programmes.Grant", models.CASCADE, related_name="+", db_index=False)
    handed_in_at = models.DateTimeField()
    position = models.PositiveIntegerField()
    part = models.CharField(max_length=10, choices=Part)
    anchor = models.CharField(max_length=100, blank=True)
    name = models.TextField(blank=True)
    text = models.TextField()
    folded = models.TextField()
    tokens = ArrayField(models.IntegerField())

    class Meta:
        ordering: ClassVar = ["-handed_in_at", "filing", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["filing", "position"], name="one_passage_per_position"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["tokens"], name="passages_by_letters", fastupdate=False),
            models.Index(
                fields=["distributor", "-handed_in_at", "filing", "position"], name="passages_newest_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.position}"


class TakenIn(models.Model):
    """That a filing's passages are here, in which format, or why they are not."""

    filing = models.OneToOneField("filings.Filing", models.CASCADE, primary_key=True, related_name="taken_in")
    format = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    failure = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["filing"]

    def __str__(self) -> str:
        return f"filing {self.filing_id}, format {self.format}"


class ToAsk(models.Model):
    """Something an officer means to ask about a report: their own list, seen by nobody else."""

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["deadline__grant__organization__name_kana", "deadline", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "deadline", "anchor", "words"],
                condition=Q(done_at=None),
                name="the_same_is_on_a_list_once",
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.anchor
