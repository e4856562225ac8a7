"""Compiled summaries: what the workers made of a programme's round."""

from typing import ClassVar

from django.db import models


class Summary(models.Model):
    """The summary (集計) of one programme and round.

    `contents` is `shape.SummaryContents` as JSON, `numbers` `numbers_shape.NumbersContents` without its lines, which stand
    grant by grant in `GrantNumbers` and are written in the same transaction; `signals` a list of
    `reporting.signals.compiling.SignalLine`: apart, so that pages which show no numbers need not read them. `brief` is
    the contents without board and map, with `numbers` without what each grant adds, and what they say of each grant stands
    in a `GrantLine` besides: both written by the database itself, in the same statement. It is fresh
    exactly when `events_compiled` equals the number of events and readings about the round (`queries.count_inputs`);
    both are read in one snapshot when it is compiled. `inputs_by_grant` are the same counts by grant
    (`queries.inputs_by_grant`): a grant's numbers are calculated again when its own differ, or those about no grant.
    """

    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="summaries")
    round = models.OneToOneField("programmes.Round", models.PROTECT, related_name="summary")
    contents = models.JSONField(null=True)
    numbers = models.JSONField(null=True)
    signals = models.JSONField(null=True)
    brief = models.JSONField(null=True, editable=False)
    events_compiled = models.BigIntegerField(default=0)
    inputs_by_grant = models.JSONField(null=True)
    as_of = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["programme", "round__number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(contents=None, as_of=None)
                | models.Q(contents__isnull=False, as_of__isnull=False),
                name="a_compiled_summary_says_as_of_when",
            ),
            models.CheckConstraint(
                condition=models.Q(failed_at=None, failure="")
                | models.Q(failed_at__isnull=False) & ~models.Q(failure=""),
                name="a_failed_summary_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.round_id} as of {self.as_of}"


class GrantLine(models.Model):
    """What a compiled summary says of one grant, by itself, so that PostgreSQL can order, filter and count the lines.

    Written by the database whenever contents or signals of a summary change, and never otherwise. `place` is the order
    of the organizations' names; `due_on` the date in force; `strip` the map's line without the words of its cells, which
    stand in `texts` by row; `signals` by kind, place and cause; `words` what a search by name looks at.
    """

    round = models.ForeignKey("programmes.Round", models.CASCADE, related_name="+")
    grant = models.ForeignKey("programmes.Grant", models.DO_NOTHING, related_name="+", db_constraint=False)
    place = models.PositiveIntegerField()
    lead = models.TextField()
    deputy = models.TextField()
    words = models.TextField()
    state = models.CharField(max_length=20)
    due_on = models.DateField()
    handed_in_at = models.DateTimeField(null=True)
    days_late = models.PositiveIntegerField(null=True)
    worse = models.PositiveIntegerField()
    behind = models.PositiveIntegerField()
    other = models.PositiveIntegerField()
    nothing = models.PositiveIntegerField()
    blank = models.PositiveIntegerField()
    signal_count = models.PositiveIntegerField()
    board = models.JSONField()
    strip = models.JSONField(null=True)
    texts = models.JSONField()
    signals = models.JSONField()

    class Meta:
        ordering: ClassVar = ["round", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "grant"], name="a_grant_has_one_line_in_a_round"),
        ]
        indexes: ClassVar = [models.Index(fields=["grant"], name="lines_of_a_grant")]

    def __str__(self) -> str:
        return f"grant {self.grant_id} in round {self.round_id}"


class GrantNumbers(models.Model):
    """The compiled lines of one grant's numbers in a round: nobody has to hold those of a thousand to show a page of them.

    `lines` are `numbers_shape.NumberLine`s; `short` the same without how the figures came about. Their order over the grants
    is that of `grants` in the summary's numbers. The database counts the lines as it stores them: `figures` in all; as pages
    filter them `behind`, `reached`, `worse`, `carried`, `without`; as the chart sorts those with an achievement `at_target`,
    `ahead`, `late`, `undated`.
    """

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="grant_numbers")
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="+")
    lines = models.JSONField()
    short = models.JSONField()
    figures = models.PositiveIntegerField(default=0, editable=False)
    behind = models.PositiveIntegerField(default=0, editable=False)
    reached = models.PositiveIntegerField(default=0, editable=False)
    worse = models.PositiveIntegerField(default=0, editable=False)
    carried = models.PositiveIntegerField(default=0, editable=False)
    without = models.PositiveIntegerField(default=0, editable=False)
    at_target = models.PositiveIntegerField(default=0, editable=False)
    ahead = models.PositiveIntegerField(default=0, editable=False)
    late = models.PositiveIntegerField(default=0, editable=False)
    undated = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["summary", "grant"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["summary", "grant"], name="a_grants_numbers_stand_once_in_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.grant_id} in summary {self.summary_id}"


class Tally(models.Model):
    """What every grant reported in one round, counted (`tallies`): the numbers of the whole scheme, without words.

    It is fresh exactly when `inputs` equals the number of events and readings about the round. `lines` are in the order of
    `tallies.COLUMNS`, without the round; `totals` their sums.
    """

    round = models.OneToOneField("programmes.Round", models.PROTECT, primary_key=True, related_name="tally")
    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="tallies")
    format = models.PositiveSmallIntegerField()
    inputs = models.BigIntegerField()
    as_of = models.DateTimeField()
    totals = models.JSONField()
    lines = models.JSONField()

    class Meta:
        ordering: ClassVar = ["programme", "round__number"]

    def __str__(self) -> str:
        return f"round {self.round_id} as of {self.as_of}"


class InputCount(models.Model):
    """So many events of an action, or readings (""), were added in a programme, about a round or about all of it.

    Written by the database itself whenever any are added, in the same transaction, and folded together by the sweep
    (`inputs.fold`): the sum of the rows is the number of inputs in every snapshot. Plain ids, as the trail has them.
    """

    programme_id = models.BigIntegerField()
    round_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40, blank=True)
    count = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["programme_id", "round_id", "action", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["programme_id", "round_id"], include=["action", "count"], name="inputs_of_a_programme"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} of programme {self.programme_id}"
