"""Why there is no value, and what must be said beside one. Typed; the words are the pages'."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a figure is "—": never 0 and never an error."""

    # the three kinds of nothing are kept apart; zero is a number and no reason
    NOT_REPORTED = "not_reported"
    NOTHING_TO_REPORT = "nothing_to_report"
    NOT_CONFIRMED = "not_confirmed"  # there are words; nobody confirmed a number in them
    NO_NUMBER = "no_number"  # confirmed to hold none
    A_RANGE = "a_range"  # 3〜5: no one amount
    SEVERAL_NUMBERS = "several_numbers"
    QUALITATIVE = "qualitative"  # a state, judged in words
    UNDECIDED = "undecided"  # to be set later
    SAME_AS_ANOTHER = "same_as_another"  # 同上, and nobody said which
    NONE_REGISTERED = "none_registered"
    # the target
    NO_TARGET = "no_target"
    TARGET_NOT_CONFIRMED = "target_not_confirmed"
    TARGET_IS_BASELINE = "target_is_baseline"
    TARGET_BEHIND_BASELINE = "target_behind_baseline"  # 以上 below the baseline, 以下 above it
    NO_EVALUATION_DATE = "no_evaluation_date"
    # the baseline
    RELATIVE_WITHOUT_BASELINE = "relative_without_baseline"
    FALLING_WITHOUT_BASELINE = "falling_without_baseline"
    RELATIVE_PER_YEAR = "relative_per_year"
    PERCENT_OF_PERCENT = "percent_of_percent"  # 10％増 of 40％: points or percent?
    ZERO_DENOMINATOR = "zero_denominator"
    # the actual
    COVERAGE_UNKNOWN = "coverage_unknown"
    COVERAGE_MIXED = "coverage_mixed"  # statements that cover different spans and cannot be told apart
    PERIOD_SPANS_YEARS = "period_spans_years"
    MONTHS_UNCLEAR = "months_unclear"
    NO_FINISHED_YEAR = "no_finished_year"
    # never added, never compared
    UNITS_DIFFER = "units_differ"
    SCALES_DIFFER = "scales_differ"
    PER_DIFFERS = "per_differs"
    COUNTS_NEEDED = "counts_needed"  # percentages without numerator and denominator
    MEANS_NEVER_ADD = "means_never_add"
    # time
    NO_DATES = "no_dates"
    NO_TIME = "no_time"  # to be achieved on the day it begins, or before
    NOT_BEGUN = "not_begun"


class Mark(StrEnum):
    """What must stand beside a value, because it is not simply stated."""

    CARRIED = "carried"  # from an earlier round: this one says nothing
    MEAN = "mean"
    APPROXIMATE = "approximate"
    INCOMPLETE = "incomplete"  # rounds in between said nothing
    LATEST_PERIOD = "latest_period"  # percentages of several periods: the latest stands alone
    LOWER_BOUND = "lower_bound"  # of a target range
    UPPER_BOUND = "upper_bound"
    BASELINE_NOT_CONFIRMED = "baseline_not_confirmed"
    NO_BASELINE = "no_baseline"
    SCALE = "scale"
    PART_YEAR = "part_year"  # the project began or ended within the year


class Role(StrEnum):
    """What a number of a formula stands for."""

    ACTUAL = "actual"
    BASELINE = "baseline"
    TARGET = "target"
    MID_TARGET = "mid_target"  # value at the mid-term evaluation
    POST_TARGET = "post_target"  # value at the ex-post evaluation
    CONTRIBUTION = "contribution"


class Rule(StrEnum):
    """Which of the definitions a value was made by."""

    STATED = "stated"
    SUM = "sum"
    MEAN = "mean"
    LATEST = "latest"
    MAXIMUM = "maximum"
    SHARE = "share"  # Σ numerators ÷ Σ denominators
    GROWING = "growing"  # (actual − baseline) ÷ (target − baseline)
    FALLING = "falling"  # (baseline − actual) ÷ (baseline − target)
    RATIO = "ratio"  # actual ÷ target
    YEARS = "years"  # Σ actual ÷ Σ target
    MONTHS = "months"  # Σ actual ÷ (target × months)
    DIFFERENCE = "difference"
    TIME = "time"  # days gone ÷ days in all
