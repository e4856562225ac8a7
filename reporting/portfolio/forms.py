"""Confirming or correcting what a text means."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minori.filings.enums import Aspect, Judgement, Span
from minori.filings.models import Reading
from minori.filings.readings import Given
from minori.indicators.measures import Confidence, Kind, Measure, Per, Step
from minori.indicators.statements import Covers, Reached
from minori.indicators.stored import readable
from minori.programmes.calendar import sane_day
from minori.registry.forms import Verbatim
from reporting.portfolio import saying

NUMERIC = frozenset(
    {
        Kind.AT_LEAST,
        Kind.AT_MOST,
        Kind.ABOUT,
        Kind.EXACT,
        Kind.RANGE,
        Kind.INCREASE,
        Kind.DECREASE,
        Kind.SHARE,
    }
)
BETWEEN = frozenset({Kind.RANGE, Kind.INCREASE, Kind.DECREASE})  # what may have an upper end
LONGEST = 20


class Way(StrEnum):
    """How a number on a scale is meant: `measures.Step`, or the step that is reached, with the better end."""

    HIGH = ""
    LOW = "low"
    UP = "up"
    DOWN = "down"


WAYS: Mapping[Way, str | Promise] = MappingProxyType(
    {
        Way.HIGH: _("the step reached; a higher one is better"),
        Way.LOW: _("the step reached; a lower one is better"),
        Way.UP: _("steps up from the baseline"),
        Way.DOWN: _("steps down from the baseline"),
    }
)
_YEAR = re.compile(r"\s*(\d{4})\s*[:=]\s*([\d.,]+)\s*\Z")


class NumberField(forms.CharField):
    """A plain number as people type it: full-width digits and thousands separators too. Exact, never a float."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """A decimal, or None where nothing was typed."""
        typed = str(super().clean(value))
        return number(typed) if typed.strip() else None


def number(typed: str) -> Decimal:
    """What was typed as a decimal; raises `ValidationError`."""
    digits = unicodedata.normalize("NFKC", typed).replace(",", "").replace("−", "-").strip()
    try:
        found = Decimal(digits) if re.fullmatch(r"-?\d+(\.\d+)?", digits) else None
    except InvalidOperation:
        found = None
    if found is None:
        raise forms.ValidationError(_("Write a plain number, for example 150 or 12.5."))
    return found


class ReadingForm(forms.Form):
    """What somebody confirms of a text; `corrects`: a number counts already, and a reason says why it changes."""

    reading = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = Verbatim(
        label=_("Why it is corrected"),
        help_text=_("It stays with the number, in its history and wherever a figure explains itself."),
        rows=2,
    )

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            vars(self.fields["reason"])["mark"] = "required"  # read by minori.ui.forms
        else:
            del self.fields["reason"]

    def clean_reason(self) -> str:
        """A correction says why."""
        reason = str(self.cleaned_data["reason"]).strip()
        if not reason:
            raise forms.ValidationError(_("Say why the number is corrected."))
        return reason


class DayForm(ReadingForm):
    """The day of an achieve-by."""

    field_order = ["on"]
    on = forms.DateField(
        label=_("To be achieved by"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        validators=[sane_day],
        error_messages={"invalid": _("Write the date as year-month-day, for example 2026-10-24.")},
    )

    def given(self, text: str) -> Given:
        """What the person says."""
        return Given(on=self.cleaned_data["on"])


class MeasureForm(ReadingForm):
    """A measure of a registered text."""

    kind = forms.ChoiceField(
        label=_("How the number is meant"), choices=[(one.value, said) for one, said in saying.KINDS.items()]
    )
    value = NumberField(label=_("Number"))
    upper = NumberField(label=_("to (of a range)"))
    of = NumberField(label=_("of how many (of a share), or steps (of a scale)"))
    scale = forms.ChoiceField(
        label=_("On a scale, the number is"),
        required=False,
        choices=[(way.value, said) for way, said in WAYS.items()],
    )
    unit = forms.CharField(label=_("Unit"), max_length=LONGEST, required=False)
    per = forms.ChoiceField(
        label=_("Counted over"),
        required=False,
        choices=[("", _("not said")), *((one.value, said) for one, said in saying.PERS.items())],
    )
    years = forms.CharField(
        label=_("One number per year"),
        help_text=_(
            "A line for each year, for example 2026: 100. Leave it empty where one number holds for all."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ["kind", "value", "unit", "per", "of", "scale", "upper", "years", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            vars(field)["mark"] = "none"  # which one is needed depends on how the number is meant
        if "reason" in self.fields:
            vars(self.fields["reason"])["mark"] = "required"

    def clean_years(self) -> Mapping[str, Decimal]:
        """Numbers by year in four digits."""
        lines = unicodedata.normalize("NFKC", self.cleaned_data["years"]).splitlines()
        found = {}
        for line in filter(str.strip, lines):
            match = _YEAR.match(line)
            if match is None:
                raise forms.ValidationError(_("Write each line as year and number, for example 2026: 100."))
            found[match[1]] = number(match[2])
        return MappingProxyType(found)

    def clean(self) -> dict[str, Any]:
        """A kind with a number has one; a range has its end."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, years = cleaned.get("kind"), cleaned.get("years")
        if (
            kind in {*NUMERIC, Kind.SCALE}
            and cleaned.get("value") is None
            and not years
            and "value" not in self.errors
        ):
            self.add_error("value", _("Enter the number."))
        if kind == Kind.RANGE and cleaned.get("upper") is None and "upper" not in self.errors:
            self.add_error("upper", _("Enter where the range ends."))
        if kind == Kind.SHARE and cleaned.get("of") is None and cleaned.get("unit") not in ("%", "％"):
            self.add_error("of", _("Enter of how many, or give percent as the unit."))
        return cleaned

    def given(self, text: str) -> Given:
        """What the person says, with the words it was said of."""
        return Given(measure=self._measure(text))

    def _measure(self, text: str) -> Measure:
        said, kind = self.cleaned_data, Kind(self.cleaned_data["kind"])
        numeric, way = kind in NUMERIC or kind is Kind.SCALE, said["scale"]
        return Measure(
            text=text,
            kind=kind,
            value=said["value"] if numeric else None,
            upper=said["upper"] if kind in BETWEEN else None,
            unit="%" if said["unit"] == "％" else said["unit"],
            per=Per(said["per"]) if said["per"] else None,
            of=said["of"] if numeric or kind is Kind.ALL else None,
            years=said.get("years", MappingProxyType({})) if numeric else MappingProxyType({}),
            step=Step(way) if kind is Kind.SCALE and way in set(Step) else None,
            lower_is_better=kind is Kind.SCALE and way == Way.LOW,
            confidence=Confidence.SURE,
        )


class ActualForm(MeasureForm):
    """A measure of what was reported: with what it covers, and how far a state is reached."""

    years = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    covers = forms.ChoiceField(
        label=_("What the number covers"), required=False, widget=forms.RadioSelect, choices=Span.choices
    )
    on = forms.DateField(
        label=_("Day (of a number as of a day)"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        validators=[sane_day],
        error_messages={"invalid": _("Write the date as year-month-day, for example 2026-10-24.")},
    )
    reached = forms.ChoiceField(
        label=_("How far a state is reached"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("no state")), *Judgement.choices],
    )
    field_order = [
        "kind",
        "value",
        "unit",
        "covers",
        "on",
        "per",
        "of",
        "scale",
        "upper",
        "reached",
        "reason",
    ]

    def clean(self) -> dict[str, Any]:
        """A number says what it covers; as of a day it has the day."""
        cleaned = super().clean()
        if not cleaned.get("covers") and "covers" not in self.errors and cleaned.get("kind") != Kind.STATE:
            self.add_error("covers", _("Say what the number covers."))
        if cleaned.get("covers") == Span.DATE and cleaned.get("on") is None and "on" not in self.errors:
            self.add_error("on", _("Give the day that the number is of."))
        return cleaned

    def given(self, text: str) -> Given:
        """What the person says; a judged state has no measure."""
        said = self.cleaned_data
        reached = Reached(said["reached"]) if said["reached"] else None
        if said["kind"] == Kind.STATE:
            return Given(reached=reached)
        covers = Covers(said["covers"])
        return Given(
            measure=self._measure(text),
            covers=covers,
            on=said["on"] if covers is Covers.DATE else None,
            reached=reached,
        )


def form_class(aspect: Aspect) -> type[DayForm | MeasureForm]:
    """The form for an aspect."""
    if aspect == Aspect.ACHIEVE_BY:
        return DayForm
    return ActualForm if aspect == Aspect.ACTUAL else MeasureForm


def initial(
    aspect: Aspect, reading: Reading | None, proposal: Measure | None, day: date | None
) -> dict[str, Any]:
    """What stands in the form: the reading that counts, else what was read from the text."""
    facts: dict[str, Any] = {"reading": reading.pk if reading else None, "on": day}
    measure = (readable(reading.measure) if reading is not None else None) or proposal
    if reading is not None:
        facts |= {"on": reading.on, "covers": reading.covers, "reached": reading.reached}
        if reading.measure is None:
            return facts | {"kind": Kind.STATE.value}
    if measure is None:
        return facts | {
            "kind": (Kind.EXACT if aspect in (Aspect.ACTUAL, Aspect.BASELINE) else Kind.AT_LEAST).value
        }
    return facts | {
        "kind": measure.kind.value if measure.kind in saying.KINDS else Kind.TEXT.value,
        "value": saying.amount(measure.value),
        "upper": saying.amount(measure.upper),
        "of": saying.amount(measure.of),
        "unit": measure.unit,
        "per": measure.per.value if measure.per else "",
        "scale": Way.LOW.value if measure.lower_is_better else measure.step.value if measure.step else "",
        "years": "\n".join(
            f"{year}: {saying.amount(value)}" for year, value in sorted(measure.years.items())
        ),
    }
