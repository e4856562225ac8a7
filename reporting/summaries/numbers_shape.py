"""The shape of a round's numbers, as stored beside the summary (JSON). Exact: ratios and amounts are fractions in digits."""

from typing import NotRequired, TypedDict, cast


class PartFacts(TypedDict):
    """One number of a formula. `deadline`: whose filing says it, None for a registered text; `value` None: only words.

    `corrected` is why, of a number that an officer corrected.
    """

    role: str
    value: str | None
    of: str | None
    unit: str
    text: str
    by: str
    round: int | None
    deadline: int | None
    corrected: NotRequired[str]


class OutcomeFacts(TypedDict):
    """A value ("3/4") or the reason for none, with its formula, its marks and what they were made from."""

    value: str | None
    unit: str
    reason: str
    terms: list[str]
    marks: list[str]
    rule: str
    expression: str
    parts: list[PartFacts]


class AmountFacts(TypedDict):
    """One exact amount; `of` is a share's denominator (100 for a percentage) or the steps of a scale."""

    value: str
    of: str | None
    unit: str
    sort: str


class CoverageFacts(TypedDict):
    """`counted` of `of`, and what became of the rest: the three kinds of nothing are apart, and all add up."""

    counted: int
    of: int
    nothing: int
    not_reported: int
    words: int
    refused: int
    qualitative: int


class NumberLine(TypedDict):
    """One indicator in which somebody has confirmed a number, as of the end of the round's period.

    `actual` is the running total; `carried_from` the round it was last stated in, where this one says nothing.
    `time` is the share of time gone to `target_on`; `ahead` achievement less that.
    """

    grant: int
    indicator: str
    code: str
    row: str
    mark: str
    statement: str
    standing: str
    actual: AmountFacts | None
    carried_from: int | None
    achievement: OutcomeFacts
    met: bool | None
    target_role: str
    target_text: str
    target_on: str | None
    time: OutcomeFacts
    ahead: str | None


class GrantCoverage(TypedDict):
    """How many of a grant's indicators have an achievement, and what became of the others."""

    grant: int
    coverage: CoverageFacts


class ContributionFacts(TypedDict):
    """What one mapped indicator adds to a common indicator. `gone`: the plan no longer has it.

    `refused` is the reason why its number was not counted; `reason` why it has none.
    """

    mapped: int
    grant: int
    indicator: str
    row: str
    statement: str
    gone: bool
    standing: str
    amount: AmountFacts | None
    carried_from: int | None
    refused: str
    terms: list[str]
    actual: OutcomeFacts


class CommonLine(TypedDict):
    """A common indicator's figure in this round. `not_asked`: mapped, but the grant reports nothing here or before.

    `carried` stands in a summary's brief only, where there are no contributions to count.
    """

    common: int
    unit: str
    rule: str
    figure: OutcomeFacts
    coverage: CoverageFacts
    not_asked: int
    contributions: list[ContributionFacts]
    carried: NotRequired[int]


class NumbersHead(TypedDict):
    """A round's numbers without the lines of its grants, from the same snapshot as its summary: as stored with it."""

    as_of: str
    coverage: CoverageFacts
    grants: list[GrantCoverage]
    common: list[CommonLine]


class NumbersContents(NumbersHead):
    """All of it; the lines are in the order of `grants`."""

    lines: list[NumberLine]


def in_short(line: NumberLine) -> NumberLine:
    """A line with all its words and outcomes, without how these came about."""
    return {**line, "achievement": _in_brief(line["achievement"]), "time": _in_brief(line["time"])}


def figures_in_brief(numbers: NumbersContents) -> NumbersContents:
    """The same outcomes without how they came about: what a trend over the rounds needs, and nothing else of a line."""
    lines = [
        {
            "grant": line["grant"],
            "indicator": line["indicator"],
            "achievement": _in_brief(line["achievement"]),
            "met": line["met"],
            "ahead": line["ahead"],
        }
        for line in numbers["lines"]
    ]
    common: list[CommonLine] = [
        {
            **line,
            "figure": _in_brief(line["figure"]),
            "contributions": [{**one, "actual": _in_brief(one["actual"])} for one in line["contributions"]],
        }
        for line in numbers["common"]
    ]
    return {**numbers, "lines": cast("list[NumberLine]", lines), "common": common}


def _in_brief(outcome: OutcomeFacts) -> OutcomeFacts:
    return {**outcome, "expression": "", "parts": []}
