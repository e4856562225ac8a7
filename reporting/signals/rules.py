"""Signals: what an officer should look at, and why. Pure: plain inputs, no Django, no clock; no input makes it raise.

A signal holds facts, not words: `saying` puts them into the reader's language. `cause` names what it came from; while that
is the same, a signal that somebody set aside stays aside, and comes back when it changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from itertools import takewhile

BEHIND_PLAN, OTHER = 3, 4  # progress codes of the official form

Fact = str | int | None | list[str] | list[int]


class Kind(StrEnum):
    """What is noticed. Values are stored."""

    BEHIND = "behind"
    OTHER = "other"
    PASSED = "passed"
    BELOW = "below"
    UNCHANGED = "unchanged"
    NO_NUMBER = "no_number"
    OUTLOOK = "outlook"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is noticed; an officer sets them per programme.

    `worries`: the choices of the form, as (field, value), that are noticed. `off`: kinds that are not looked for.
    """

    behind_rounds: int = 2
    other_rounds: int = 1
    grace_days: int = 0
    below_percent: int = 0
    unchanged_characters: int = 20
    silent_rounds: int = 2
    late_times: int = 2
    late_days: int = 1
    worries: frozenset[tuple[str, str]] = frozenset()
    off: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """What one grant said in one round that was asked of it; `codes` by row, empty where nothing counts.

    `days_late` is that of the first revision, None where nothing came. `version` is the plan it answers to.
    """

    round: int
    title: str
    days_late: int | None = None
    handed_in: bool = False
    version: int = 0
    codes: Mapping[str, int | None] | None = None

    def code(self, row: str) -> int | None:
        """The code at a row, None where there is none."""
        return (self.codes or {}).get(row)


@dataclass(frozen=True, slots=True)
class Same:
    """A text that is word for word the one of the last report: of a row, or of a question of the form."""

    place: str
    characters: int
    is_row: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator with confirmed numbers: its day to achieve by, whether that is met, and how far it has come."""

    indicator: str
    name: str
    due_on: date | None
    met: bool | None
    achieved: Fraction | None


@dataclass(frozen=True, slots=True)
class Silent:
    """An indicator in which no number was ever confirmed, although so many reports say something of it."""

    indicator: str
    name: str
    reports: int


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of one grant, up to the round that is judged: the last of `reports`, which are in order.

    `cuts`: version and row from which on codes are not compared with those before. `day` is the end of the period.
    """

    grant: int
    day: date
    reports: Sequence[Said] = ()
    rows: Mapping[str, str] | None = None
    cuts: frozenset[tuple[int, str]] = frozenset()
    same: Sequence[Same] = ()
    numbers: Sequence[Counted] = ()
    silent: Sequence[Silent] = ()
    chosen: Sequence[tuple[str, str]] = ()

    def name(self, row: str) -> str:
        """What a row says."""
        return (self.rows or {}).get(row, "")


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing to look at: where (`place`: a row, an indicator or a question; "" for the grant), and the facts."""

    grant: int
    kind: Kind
    place: str
    name: str
    cause: str
    facts: Mapping[str, Fact]


def of(given: Given, *, limits: Limits) -> list[Signal]:
    """Everything to look at in one grant, in the order of `Kind`, then of the plan."""
    found = (
        *behind(given, limits=limits),
        *other(given, limits=limits),
        *passed(given, limits=limits),
        *below(given, limits=limits),
        *unchanged(given, limits=limits),
        *no_number(given, limits=limits),
        *outlook(given, limits=limits),
        *late(given, limits=limits),
    )
    return [one for one in found if one.kind not in limits.off]


def behind(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Rows that are 3 (behind) now and in the reports just before, `behind_rounds` running.

    A blank, another code, a report that did not come, and an indicator that measures something else break the run.
    """
    for row in _codes_now(given):
        run = _while(_joined(given, row), row, {BEHIND_PLAN})
        if run and len(run) >= limits.behind_rounds:
            titles = [one.title for one in reversed(run)]
            yield _signal(given, Kind.BEHIND, row, given.name(row), [one.round for one in run], rounds=titles)


def other(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Rows that were 4 (other) and have not been 1 or 2 in the `other_rounds` reports since, this one being the last.

    A blank is no recovery, nor is 3; a report that did not come says nothing either way.
    """
    for row in _codes_now(given):
        reports = [one for one in _joined(given, row) if one.handed_in]
        since = _while(reports, row, {BEHIND_PLAN, OTHER, None})
        others = [place for place, one in enumerate(since) if one.code(row) == OTHER]
        if others and others[-1] >= limits.other_rounds:
            first = since[others[-1]]
            cause = [first.round, *(f"{one.round}:{one.code(row)}" for one in since)]
            yield _signal(
                given, Kind.OTHER, row, given.name(row), cause, since=first.title, now=since[0].code(row)
            )


def passed(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Indicators whose day to achieve by lies more than `grace_days` before the end of the period, and is not met."""
    for one in given.numbers:
        if one.due_on is None or one.met is True or one.due_on >= _before(given.day, limits.grace_days):
            continue
        facts = {"due_on": one.due_on.isoformat(), "achieved": _plain(one.achieved)}
        yield _signal(given, Kind.PASSED, one.indicator, one.name, list(facts.values()), **facts)


def below(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Indicators that stand worse than their baseline, by more than `below_percent` of the way to the target."""
    for one in given.numbers:
        if one.achieved is not None and one.achieved < -Fraction(limits.below_percent, 100):
            achieved = _plain(one.achieved)
            yield _signal(given, Kind.BELOW, one.indicator, one.name, [achieved], achieved=achieved)


def unchanged(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Texts of at least `unchanged_characters` that are word for word those of the last report: one signal a grant."""
    same = [one for one in given.same if one.characters >= max(limits.unchanged_characters, 1)]
    if not same or not given.reports:
        return
    rows, fields = [one for one in same if one.is_row], [one for one in same if not one.is_row]
    cause = [given.reports[-1].round, *sorted(one.place for one in same)]
    yield _signal(
        given,
        Kind.UNCHANGED,
        "",
        "",
        cause,
        rows=[given.name(one.place) for one in rows],
        fields=[one.place for one in fields],
        characters=sum(one.characters for one in same),
        first=same[0].place,
    )


def no_number(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Indicators without a confirmed number in any report, although `silent_rounds` of them speak: one signal a grant."""
    silent = [one for one in given.silent if one.reports >= max(limits.silent_rounds, 1)]
    if silent:
        cause = sorted(one.indicator for one in silent)
        most = max(one.reports for one in silent)
        yield _signal(
            given, Kind.NO_NUMBER, "", "", cause, indicators=[one.name for one in silent], reports=most
        )


def outlook(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Answers to the form's choices that the programme wants noticed (「3 課題がある」)."""
    for field, value in given.chosen:
        if (field, value) in limits.worries:
            round_ = given.reports[-1].round if given.reports else 0
            yield _signal(given, Kind.OUTLOOK, field, "", [round_, value], value=value)


def late(given: Given, *, limits: Limits) -> Iterable[Signal]:
    """Reports that came at least `late_days` after the date in force, `late_times` of them so far."""
    found = [one for one in given.reports if (one.days_late or 0) >= max(limits.late_days, 1)]
    if found and len(found) >= limits.late_times:
        yield _signal(
            given,
            Kind.LATE,
            "",
            "",
            [one.round for one in found],
            rounds=[one.title for one in found],
            days=[one.days_late or 0 for one in found],
        )


def _codes_now(given: Given) -> Iterable[str]:
    """The rows of the report of the round that is judged; none where it did not come."""
    return (given.reports[-1].codes or {}) if given.reports and given.reports[-1].handed_in else ()


def _while(reports: Iterable[Said], row: str, codes: Collection[int | None]) -> list[Said]:
    """The reports as long as the row has one of these codes."""
    return list(takewhile(lambda one: one.code(row) in codes, reports))


def _joined(given: Given, row: str) -> Iterable[Said]:
    """The reports, newest first, as far back as a row's codes can be compared."""
    newer = 0
    for one in reversed(given.reports):
        cut = any(one.version < version <= newer for version, of in given.cuts if of == row)
        if newer and one.handed_in and cut:
            return
        newer = one.version if one.handed_in else newer
        yield one


def _before(day: date, days: int) -> date:
    try:
        return day - timedelta(days=max(days, 0))
    except OverflowError:
        return date.min


def _plain(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _signal(
    given: Given, kind: Kind, place: str, name: str, cause: Iterable[object], **facts: Fact
) -> Signal:
    digest = sha256("|".join(map(str, cause)).encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return Signal(given.grant, kind, place, name, digest, facts)
