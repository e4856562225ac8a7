"""How numbers are said on pages: a chip, a sentence where something is left to say, and readings to take over."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from minori.documents.results import name_of
from minori.filings.measure_words import measure as measure_words
from minori.filings.measure_words import with_unit
from minori.indicators.measures import Measure
from minori.indicators.statements import Covers
from minori.marks import dotted
from minori.report_forms.answers import RowAnswer, read_day
from minori.report_forms.edition import Kind
from minori.report_forms.framework import Row as PlanRow
from minori.report_forms.shapes import Json
from minori.ui.templatetags.ui_tags import day_year
from tenants.reports import numbers
from tenants.reports.drafts import WorkingCopy
from tenants.reports.models import Answer
from tenants.reports.numbers import Around, Box, Number, State
from tenants.reports.saving import Given

SPANS: Mapping[Covers, str | Promise] = MappingProxyType(
    {
        Covers.PERIOD: _("in this round's period"),
        Covers.FISCAL_YEAR: _("since the fiscal year began"),
        Covers.START: _("since the project began"),
        Covers.DATE: _("as of a certain day"),
    }
)
_SAID: Mapping[State, str | Promise] = MappingProxyType(
    {
        State.READ: _("read from the text"),
        State.FILED: _("as in the last revision"),
        State.OFFICER: _("as the officer corrected it"),
        State.SAID: _("entered"),
        State.SPAN: _("It counts once you choose what it covers."),
        State.DAY: _("It counts once the day is given."),
        State.UNIT: _("It counts once you say that its unit is right."),
        State.WORDS: _("A number counts beside words: please write the text too."),
        State.UNCLEAR: _("This is not understood as a number. For example: 150, 44/48, 約100"),
        State.EMPTIED: _("No number: only the text is reported."),
        State.NONE: "",
    }
)


def span_choices() -> list[tuple[str, str]]:
    """What a number can cover, and that it is still to be chosen."""
    return [
        ("", pgettext("what a number covers", "please choose")),
        *((one.value, str(SPANS[one])) for one in numbers.SPANS),
    ]


def words(measure: Measure, box: Box) -> str:
    """「1,800人・事業開始から」."""
    covers = Covers(box.span) if box.span else None
    day = read_day(box.on) if covers is Covers.DATE else None
    parts = [measure_words(measure)]
    if covers is not None:
        parts.append(str(_as_of(day)) if day else str(SPANS[covers]))
    return dotted(parts)


def _as_of(day: date) -> str:
    return pgettext("a number", "as of %(day)s") % {"day": day_year(day)}


@dataclass(frozen=True, slots=True)
class Offered:
    """A reading to take over: what it says, what it puts into the box and what it then stands beside."""

    words: str
    token: str
    beside: str
    by_officer: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is not the target's: what is said of it, and the tick by which a person says that it is right."""

    said: str
    label: str
    value: str
    right: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One number as a page says it."""

    number: Number
    label: str
    chip: str
    said: str
    offers: tuple[Offered, ...]
    unit: Unit | None = None

    @property
    def chip_state(self) -> str:
        """The colour of the chip: whether it counts."""
        return "done" if self.number.counts else "note"


def say(number: Number, *, alone: bool) -> Said:
    """A number in words; its indicator's name is left out where the row has no other."""
    known = number.measure is not None and number.state not in (State.NONE, State.EMPTIED, State.UNCLEAR)
    return Said(
        number=number,
        label="" if alone else number.indicator.mark or number.indicator.title,
        chip=words(number.measure, number.box) if known and number.measure else "",
        said=str(_SAID[number.state]),
        offers=tuple(
            Offered(
                words(one.measure, one.box),
                one.box.token,
                number.token if number.differs else number.beside,
                one.origin is State.OFFICER,
            )
            for one in number.offers
        ),
        unit=_unit(number),
    )


def _unit(number: Number) -> Unit | None:
    if number.unlike is None or number.measure is None:
        return None
    words = {
        "target": number.unlike.words,
        "units": pgettext("between units", " or ").join(number.unlike.units),
        "unit": number.measure.unit,
    }
    if number.measure.unit:
        said = gettext(
            "The registered target (%(target)s) counts in %(units)s, and this number is in %(unit)s: the two cannot be"
            " compared or added up."
        )
        label = gettext("%(unit)s is the right unit")
    else:
        said = gettext(
            "The registered target (%(target)s) counts in %(units)s, and this number has no unit: the two cannot be"
            " compared or added up."
        )
        label = gettext("It rightly has no unit")
    right = number.anyway == number.unit_key
    return Unit(said % words, label % words, number.unit_key, right)


def say_all(found: Iterable[Number]) -> tuple[Said, ...]:
    """The numbers of one row in words."""
    of_row = tuple(found)
    return tuple(say(one, alone=len(of_row) == 1) for one in of_row)


def at_row(
    row: PlanRow, answer: RowAnswer, given: Given | None, stored: Answer | None, around: Around | None
) -> tuple[Said, ...]:
    """The numbers beside a row's text, as typed where the post speaks of them; none on pages that show no boxes."""
    if around is None:
        return ()
    typed = given is not None and numbers.ASPECT not in given.silent
    said = given.value if given and typed else stored.value if stored else {}
    return say_all(numbers.of_row(answer, said, row.indicators, around))


def told(found: Iterable[Number]) -> dict[str, dict[str, Any]]:
    """What a page that is open already is told of a row's numbers: what was read, and how it is said."""
    return {
        str(one.number.indicator.uuid): {
            "token": one.number.token,
            "open": one.number.is_open,
            "said": render_to_string("reports/number_said.html", {"it": one}),
            "offers": render_to_string("reports/number_offers.html", {"it": one}),
            "unit": asdict(one.unit) if one.unit else None,
        }
        for one in say_all(found)
    }


def of_conflict(stored: Json) -> str:
    """What somebody said of a row's numbers, for two people's words side by side."""
    lines = []
    for said in numbers.said_in(stored).values():
        number = with_unit(said["value"], said["unit"]) or str(_SAID[State.EMPTIED])
        lines.append(dotted(part for part in (number, _span(said["span"]), said["on"]) if part))
    return "\n".join(lines)


def _span(value: str) -> str:
    return str(SPANS[Covers(value)]) if value in {one.value for one in numbers.SPANS} else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its numbers, before handing in: which will count, and where something is left to say."""

    name: str
    section: str
    key: str
    numbers: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What handing in will confirm, and the numbers in whose way something stands."""

    counted: tuple[Row, ...]
    unfinished: tuple[Row, ...]

    @property
    def count(self) -> int:
        """How many numbers will count."""
        return sum(len(row.numbers) for row in self.counted)


def before_handing_in(copy: WorkingCopy, found: Iterable[Number]) -> Before:
    """The numbers of a report as the check shows them, row by row in the order of the form."""
    of_rows: dict[UUID, list[Number]] = {}
    for one in found:
        of_rows.setdefault(one.row, []).append(one)
    sections = {
        row.uuid: (name_of(row), copy.edition.section_of(asked.key).key)
        for asked in copy.edition.fields_of(Kind.RESULTS)
        for row in copy.draft.rows_of(asked)
    }
    counted: list[Row] = []
    unfinished: list[Row] = []
    for uuid, numbers_ in of_rows.items():
        said = say_all(numbers_)
        name, section = sections[uuid]
        for rows, kept in (
            (counted, tuple(one for one in said if one.number.counts)),
            (unfinished, tuple(one for one in said if one.number.is_open)),
        ):
            if kept:
                rows.append(Row(name, section, str(uuid), kept))
    return Before(tuple(counted), tuple(unfinished))
