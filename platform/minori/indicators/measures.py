"""What a phrase of a framework or a report means in numbers: a typed measure beside the words, never instead of them.

The source of the kinds is the field itself: target, baseline and actual cells of registered project plans. Amounts
are exact decimals, never floats. A measure that nobody confirmed counts nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """How a number is meant, or which of the ways of giving none."""

    AT_LEAST = "at_least"  # 以上, and a bare target
    AT_MOST = "at_most"  # 以下、以内、未満
    ABOUT = "about"  # 約、程度
    EXACT = "exact"  # a bare number that states what is
    RANGE = "range"  # 3〜5回: `value` to `upper`
    INCREASE = "increase"  # 初期値より3回増: by `value` from a baseline
    DECREASE = "decrease"  # 10％減: by `value` from a baseline
    SHARE = "share"  # 80％, 10人中8人: `value` of `of`, or `value` percent; 80％以上 is AT_LEAST in "%"
    ALL = "all"  # 全員、毎回: `value` 100 in "%"
    SCALE = "scale"  # a step on a scale: 3(5段階中)
    STATE = "state"  # a state reached, judged in words: 有・無, できている
    UNDECIDED = "undecided"  # to be set later (事前評価時点で設定)
    SAME = "same"  # the same as another (同上)
    NONE = "none"  # none (ー, なし)
    TEXT = "text"  # words in which no number was understood


class Per(StrEnum):
    """What one amount is counted over."""

    YEAR = "year"
    MONTH = "month"
    FISCAL_YEAR = "fiscal_year"
    OCCURRENCE = "occurrence"
    ORGANIZATION = "organization"
    TOTAL = "total"


class Step(StrEnum):
    """Which way a scale is climbed: of SCALE only, where `value` counts steps rather than names one."""

    UP = "up"  # レベルが1上がる
    DOWN = "down"


class Confidence(StrEnum):
    """How far a reading may be trusted before a person has looked: `sure` is prefilled, `check` asks."""

    SURE = "sure"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Measure:
    """One reading of one phrase.

    `text` is the phrase to the letter; `span` where in it this reading stands (start, end), None where nothing
    was read; `unread` what of the phrase the reading leaves out, in the order of the text. `value`, `upper` and
    `of` are plain amounts in `unit` (50万 is 500000; 6割 is 60 with unit ％ written "%"); `years` holds one value
    per named year, by the year in four digits ("2023", also of a fiscal year and of 令和5年). `step` is set where a SCALE
    says how many steps it goes up or down (レベルが1上がる), not which step is reached. `parts` holds the
    readings of a cell with several numbers (①②, bullets), each with its own text and span in the whole.
    `lower_is_better` is of a step on a SCALE and said by a person only: no words tell which end is the better one.
    """

    text: str
    kind: Kind
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    per: Per | None = None
    of: Decimal | None = None
    years: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    step: Step | None = None
    parts: tuple["Measure", ...] = ()
    confidence: Confidence = Confidence.CHECK
    span: tuple[int, int] | None = None
    unread: tuple[str, ...] = ()
    lower_is_better: bool = False

    @property
    def is_limit(self) -> bool:
        """Whether less is better by what it says: 以下, or a scale whose low end a person called the better one."""
        return self.kind is Kind.AT_MOST or (self.kind is Kind.SCALE and self.lower_is_better)

    @property
    def is_numeric(self) -> bool:
        """Whether an amount was read: here or per named year (not only in parts)."""
        return self.value is not None or bool(self.years)
