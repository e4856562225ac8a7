"""One organization of the scheme: its names, its plan, what it reports. The same for the same seed; touches no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from minori.indicators import reading
from minori.indicators.measures import Kind, Measure
from minori.indicators.reading import Field
from minori.indicators.statements import Covers
from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.framework import Framework, Indicator, Level, Row, number_marks
from workers.scheme import words
from workers.scheme.size import Size
from workers.scheme.words import Output, Said

# how often something is so
_CODED = 0.5
_BLANK = 0.06
_NOTHING = 0.03
_SHARED = 0.08
_TELLS_MORE = 0.5
_LATE = 0.12
_PUBLISHED = 0.3
_SHOWS_IN_REPORTS = 0.4
_COUNTED = (Kind.AT_LEAST, Kind.AT_MOST, Kind.EXACT, Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is meant by an indicator that counts something."""

    said: Said
    goal: int


@cache
def _read(text: str, field: Field) -> Measure:
    """Reading takes a while, and invented texts repeat."""
    return reading.read(text, field=field)


@dataclass(frozen=True)
class Invented:
    """An organization by its number (from 0) in a scheme."""

    number: int
    size: Size

    @cached_property
    def _rows_said(self) -> dict[int, list[RowAnswer]]:
        return {}

    @cached_property
    def _paces(self) -> dict[UUID, float]:
        return {}

    def _random(self, what: str) -> Random:
        return Random(f"minori-scheme:{self.size.seed}:{self.number}:{what}")  # noqa: S311 - the same every time

    @cached_property
    def theme(self) -> words.Theme:
        """What it works on."""
        return words.THEMES[self.number % len(words.THEMES)]

    @cached_property
    def place(self) -> str:
        """The short name it goes by."""
        return words.PLACES[self.number // len(words.THEMES) % len(words.PLACES)]

    @property
    def slug(self) -> str:
        """Its address; a scheme of another seed has others."""
        return f"s{self.size.seed}-{self.number + 1:05d}"

    @cached_property
    def name(self) -> str:
        """Its name; the number tells those apart that chance named alike."""
        chance = self._random("name")
        return f"{chance.choice(words.KINDS)} {self.place}{chance.choice(words.ENDINGS)}{self.number + 1}"

    @property
    def name_kana(self) -> str:
        """What it is sorted by."""
        return f"{self.place}{self.number + 1:05d}"

    @cached_property
    def writer(self) -> str:
        """Who writes and approves there."""
        chance = self._random("writer")
        return f"{chance.choice(words.SURNAMES)} {chance.choice(words.GIVEN)}"

    @property
    def title(self) -> str:
        """The project's title."""
        return f"{self.place}地区における{self.theme.title}"

    @cached_property
    def framework(self) -> Framework:
        """Its plan: from the given frameworks where there are any, else an outcome and outputs of its theme."""
        if self.size.plans:
            return Framework(tuple(self._given_rows()))
        return Framework(tuple(self._rows()))

    @cached_property
    def counted(self) -> Mapping[UUID, Counted]:
        """What the numbers of the plan mean, by indicator."""
        return {self._id(key): Counted(said, goal) for key, said, goal in self._all()}

    @cached_property
    def plan_measures(self) -> Mapping[tuple[UUID, str], Measure]:
        """What an officer would confirm of the plan: plain amounts, by indicator and aspect ("target", "baseline")."""
        found = {}
        for row in self.framework:
            for one in row.indicators:
                for aspect, field in (("target", Field.TARGET), ("baseline", Field.BASELINE)):
                    measure = _read(getattr(one, aspect), field)
                    if measure.kind in _COUNTED and measure.value is not None and not measure.parts:
                        found[one.uuid, aspect] = measure
        return found

    def rows(self, number: int) -> list[RowAnswer]:
        """What stands at the rows of the plan that a form asks, in a round counted from 1."""
        if number not in self._rows_said:
            self._rows_said[number] = [
                self._answer(row, number) for row in self.framework if row.level is Level.OUTPUT
            ]
        return self._rows_said[number]

    def answers(self, number: int) -> dict[str, Answer]:
        """The other fields of the form."""
        chance = self._random(f"fields {number}")
        found: dict[str, Answer] = {
            "outlook": Chosen(chance.choices(("1", "2", "3"), (2, 6, 2))[0]),
            "changes": Ticked(("none",)),
            "symbol_mark": Ticked(
                ("website", "reports") if chance.random() < _SHOWS_IN_REPORTS else ("website",)
            ),
            "activities": Written(words.ACTIVITIES.format(place=self.place)),
        }
        for key in ("media", "material", "reports", "events"):
            yes = chance.random() < _PUBLISHED
            found[key] = YesNo(yes, f"{self.place}の活動が紹介された。" if yes else "")
        return found

    def days(self, number: int) -> int:
        """How many days after the due date it hands in; mostly before it."""
        chance = self._random(f"days {number}")
        return chance.randint(1, 9) if chance.random() < _LATE else -chance.randint(0, 12)

    def last(self) -> str:
        """What became of the last round: "handed_in", "accepted", "returned", "open" or "waived"."""
        if self.size.complete:
            return "handed_in"
        chances = {"accepted": 45, "handed_in": 30, "returned": 8, "open": 13, "waived": 4}
        return self._random("last").choices(list(chances), list(chances.values()))[0]

    def actual(self, uuid: UUID, number: int) -> int | None:
        """The running total of an indicator in a round, or None where it counts nothing or nothing is known."""
        counted = self.counted.get(uuid)
        if counted is None or not counted.said.unit:
            return None
        if uuid not in self._paces:
            self._paces[uuid] = self._random(f"pace {uuid}").uniform(0.6, 1.15)
        return round(counted.goal * number / max(self.size.rounds, 1) * self._paces[uuid])

    def actual_measures(self, number: int) -> dict[UUID, tuple[Measure, Covers]]:
        """The numbers that stand beside the texts as it hands in, by indicator, and what they cover."""
        found: dict[UUID, tuple[Measure, Covers]] = {}
        answers = {answer.row: answer for answer in self.rows(number)}
        for row in self.framework:
            answer = answers.get(row.uuid)
            if answer is None or answer.nothing or answer.text == self._shared(row, number):
                continue
            for one in row.indicators:
                value = self.actual(one.uuid, number)
                if value is None or not answer.text:
                    continue
                text = self._piece(one, number)
                measure = _read(text, Field.ACTUAL)
                if measure.kind in _COUNTED and measure.value is not None and not measure.parts:
                    found[one.uuid] = (measure, Covers.START)
        return found

    def _id(self, name: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"minori-scheme:{self.size.seed}:{self.number}/{name}")

    def _outputs(self) -> list[tuple[Output, tuple[Said, ...]]]:
        """Outputs of its theme, common ones, then those of the next themes, until there are enough indicators."""
        themes = words.THEMES
        start = themes.index(self.theme)
        around = [themes[(start + turn) % len(themes)] for turn in range(1, len(themes))]
        found: list[tuple[Output, tuple[Said, ...]]] = []
        left = self.size.indicators
        pool = [*self.theme.outputs, *words.COMMON, *(one for theme in around for one in theme.outputs)]
        for turn in range(1 + left // 20):
            for output in pool[(turn > 0) * len(self.theme.outputs) :]:
                if left <= 0:
                    return found
                found.append((output, output.indicators[:left]))
                left -= len(found[-1][1])
        return found

    def _all(self) -> Iterator[tuple[str, Said, int]]:
        if self.size.plans:
            return
        for place, (_output, indicators) in enumerate(self._outputs(), start=1):
            for count, said in enumerate(indicators, start=1):
                key = f"{place}/{count}"
                goal = said.goal
                if said.unit and said.unit != "％":
                    goal = max(3, round(said.goal * self._random(f"goal {key}").uniform(0.5, 1.5)))
                yield key, said, goal

    def _rows(self) -> Iterator[Row]:
        yield Row(
            uuid=self._id("outcome"),
            level=Level.OUTCOME_SHORT,
            code="01",
            statement=f"01.{self.theme.outcome}",
        )
        goals = {key: goal for key, _said, goal in self._all()}
        coded = self._random("codes").random() < _CODED
        for place, (output, indicators) in enumerate(self._outputs(), start=1):
            code = f"01{place:02d}"
            yield Row(
                uuid=self._id(str(place)),
                parent=self._id("outcome"),
                code=code,
                statement=f"（{code}）{output.statement}" if coded else output.statement,
                indicators=number_marks(
                    self._indicator(f"{place}/{count}", said, goals[f"{place}/{count}"])
                    for count, said in enumerate(indicators, start=1)
                ),
            )

    def _indicator(self, key: str, said: Said, goal: int) -> Indicator:
        numbers = {"goal": goal, "unit": said.unit, "year": max(1, goal // 3), "month": max(1, goal // 36)}
        return Indicator(
            uuid=self._id(key),
            statement=said.statement,
            baseline=said.baseline.format_map(numbers),
            target=said.target.format_map(numbers),
            achieve_by=self._random(f"by {key}").choice(("事業終了時", "各年度末", "3年度目の3月末")),
            means="活動の記録" if said.unit else "関係者への聞き取り",
        )

    def _given_rows(self) -> Iterator[Row]:
        plan = self.size.plans[self.number % len(self.size.plans)]
        for place, said in enumerate(plan["rows"]):
            words_of = {
                key: str(said.get(key, ""))
                for key in ("baseline", "target", "achieve_by", "means", "mid_state", "post_state")
            }
            level = Level.OUTCOME_SHORT if str(said.get("level", "")).startswith("outcome") else Level.OUTPUT
            indicator = Indicator(
                uuid=self._id(f"given/{place}/1"), statement=str(said.get("indicator", "")), **words_of
            )
            statement = str(said.get("statement") or said.get("activity") or indicator.statement)
            if statement:
                yield Row(
                    uuid=self._id(f"given/{place}"),
                    level=level,
                    statement=statement,
                    season=str(said.get("activity_season", "")),
                    indicators=(indicator,) if any(indicator.texts) else (),
                )

    def _answer(self, row: Row, number: int) -> RowAnswer:
        chance = self._random(f"row {row.uuid} {number}")
        if chance.random() < _NOTHING:
            return RowAnswer(row=row.uuid, nothing=True)
        blank = chance.random() < _BLANK
        code = None if blank else Progress(chance.choices((1, 2, 3, 4), (12, 62, 20, 6))[0])
        remark = ""
        text = self._text(row, number)
        if code == Progress.BEHIND:
            text += chance.choice(words.BEHIND)
        elif code == Progress.OTHER:
            remark = chance.choice(words.OTHER)
        elif code is not None and chance.random() < _TELLS_MORE:
            text += chance.choice(words.GOING)
        if len(row.indicators) == 2 and chance.random() < _SHARED:  # noqa: PLR2004 - ① and ②
            text = self._shared(row, number)
        return RowAnswer(row=row.uuid, text=text, progress=code, remark=remark)

    def _text(self, row: Row, number: int) -> str:
        if len(row.indicators) <= 1:
            return "".join(f"{self._piece(one, number)}。" for one in row.indicators) or "準備を進めている。"
        return "".join(f"{one.mark}{self._piece(one, number)}\n" for one in row.indicators)

    def _piece(self, one: Indicator, number: int) -> str:
        counted = self.counted.get(one.uuid)
        value = self.actual(one.uuid, number)
        if counted is None or value is None:
            step = min(number * len(words.STATES) // max(self.size.rounds, 1), len(words.STATES) - 1)
            return words.STATES[step].rstrip("。")
        return counted.said.actual.format(value=value, unit=counted.said.unit)

    def _shared(self, row: Row, number: int) -> str:
        return words.SHARED.format(value=self._random(f"shared {row.uuid}").randint(3, 9) * number)
