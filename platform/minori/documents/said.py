"""An answered question as it is read: the words of the form around the words of the person.

Nothing is asked of the database here. Only labels that are known for certain are printed: an open place of a choice
list shows its number alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from minori.report_forms.amounts import plainly, with_unit
from minori.report_forms.answers import (
    NO,
    YES,
    Answer,
    Chosen,
    Ticked,
    Written,
    YesNo,
    blank,
    is_asked,
    is_untouched,
    read_day,
    read_number,
)
from minori.report_forms.edition import Choice, Edition, Field, Kind, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One box of a list; `label` is the number alone where no label is known."""

    label: str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answered question.

    `anchor` is the field's key, where comments hang. `words` is what was chosen ("3. 課題がある", "有"),
    `ticks` the boxes, `text` what was written, `text_label` the form's name for it; a number's `text` has its
    unit behind it and `digits` hold it alone, a date's `day` is the day where `text` is one. `nothing` is true where
    somebody said that there is nothing to report in this round, `blank` where nothing was answered. `printed`
    is false for what the official form does not have. `unknown` is true where a chosen place has no confirmed
    label.
    """

    anchor: str
    kind: str
    label: str
    number: str = ""
    printed: bool = True
    optional: bool = False
    words: str = ""
    ticks: tuple[Tick, ...] = ()
    text: str = ""
    digits: str = ""
    text_label: str = ""
    day: date | None = None
    nothing: bool = False
    blank: bool = False
    unknown: bool = False


class Saying:
    """The answers of one report in the form's words of `language` ("ja", "en"); users' texts stay as written."""

    def __init__(self, edition: Edition, answers: Mapping[str, Answer], language: str) -> None:
        self.edition = edition
        self.answers = answers
        self.language = language

    def said(self, field: Field, section: Section) -> Iterator[Said]:
        """The answer to a field; nothing for an unanswered field that is not asked, or not on the official form."""
        answer = self.answers.get(field.key, blank(field))
        asked = field.printed and is_asked(self.edition, field, self.answers)
        if not asked and is_untouched(answer):
            return
        chosen, ticks = self._choices(field, answer)
        yield Said(
            anchor=field.key,
            kind=field.kind.value,
            label=self._label(field, section),
            number=field.number,
            printed=field.printed,
            optional=section.is_optional,
            words=" ".join(self._words(choice) for choice in chosen) if not ticks else "",
            ticks=ticks,
            text=self._text(field, answer.text),
            digits=self._digits(field, answer.text),
            day=read_day(answer.text) if field.kind == Kind.DATE else None,
            text_label=self._text_label(field, chosen),
            nothing=isinstance(answer, Written) and answer.nothing,
            blank=is_untouched(answer),
            unknown=any(not choice.confirmed for choice in chosen),
        )

    def _text(self, field: Field, text: str) -> str:
        return with_unit(text, field.unit, self.language) if field.kind == Kind.NUMBER else text

    def _digits(self, field: Field, text: str) -> str:
        number = read_number(field, text) if field.kind == Kind.NUMBER else None
        return "" if number is None else plainly(number)

    def _label(self, field: Field, section: Section) -> str:
        """The field's label, "" where the heading right above it, the section's or the part's, says the same."""
        label = field.label.say(self.language)
        if not label or len(section.fields) > 1:
            return label
        heading = section.heading.say(self.language)
        part = self.edition.part_of(section.key)
        title = "" if heading or len(part.sections) > 1 else part.title.say(self.language)
        return "" if label.casefold() in heading.casefold() or label == title else label

    def _choices(self, field: Field, answer: object) -> tuple[tuple[Choice, ...], tuple[Tick, ...]]:
        """What was chosen, and for boxes the whole list as the form prints it."""
        match answer:
            case Chosen(value=value):
                return self._find(field, (value,) if value else ()), ()
            case YesNo(said=said):
                return self._find(field, () if said is None else (YES if said else NO,)), ()
            case Ticked(values=values):
                chosen = self._find(field, values)
                shown = [one for one in field.choices if one.confirmed or one in chosen]
                shown += [one for one in chosen if one not in shown]
                return chosen, tuple(Tick(label=self._words(one), ticked=one in chosen) for one in shown)
            case Written():
                return (), ()
        return (), ()

    def _find(self, field: Field, values: tuple[str, ...]) -> tuple[Choice, ...]:
        # a value the edition does not know any more is shown as it was stored, never dropped
        return tuple(field.choice(value) or Choice(value=value, confirmed=False) for value in values)

    def _words(self, choice: Choice) -> str:
        """The choice as the form prints it: numbered choices with their number, open places by number alone."""
        label = choice.label.say(self.language) if choice.confirmed else ""
        if not label:
            return f"{choice.value}."
        return f"{choice.value}. {label}" if choice.value.isdigit() else label

    def _text_label(self, field: Field, chosen: tuple[Choice, ...]) -> str:
        asking = next((one for one in (*chosen, *field.choices) if one.wants_text), None)
        return asking.text_label.say(self.language) if asking else ""
