"""Compiled summaries: what the workers made of a programme's round."""

from typing import ClassVar

from django.db import models


class Summary(models.Model):
    """The summary (集計) of one programme and round.

    `contents` is `shape.SummaryContents` as JSON, `numbers` `numbers_shape.NumbersContents`, `signals` a list of
    `reporting.signals.compiling.SignalLine`: apart, so that pages which show no numbers need not read them. It is fresh
    exactly when `events_compiled` equals the number of events and readings about the round (`queries.count_inputs`);
    both are read in one snapshot when it is compiled. `inputs_by_grant` are the same counts by grant
    (`queries.inputs_by_grant`): a grant's numbers are calculated again when its own differ, or those about no grant.
    """

    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="summaries")
    round = models.OneToOneField("programmes.Round", models.PROTECT, related_name="summary")
    contents = models.JSONField(null=True)
    numbers = models.JSONField(null=True)
    signals = models.JSONField(null=True)
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
