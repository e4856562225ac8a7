"""One row of a plan with its indicators as a form, the same at the desk and in a room."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minori.marks import gapped
from minori.registry import nesting, splitting, words
from minori.registry.pasting import MARK_LENGTH
from minori.registry.splitting import TEXTS, Split
from minori.report_forms.codes import read_code
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support, number_marks
from minori.report_forms.texts import clean, is_empty

PREFIX = "indicators"
PAGES = UUID("0d0c6f9f-3c35-4c1e-9f0c-5d5a3c4e8b52")
"""The space of identities that pages of new rows give: never that of a row there is."""


class Verbatim(forms.CharField):
    """A text kept as it was typed: white space at its ends too, line feeds plain."""

    def __init__(self, *, rows: int = 0, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(strip=False, required=False, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class RowForm(forms.Form):
    """An outcome, an output or an activity. Nothing is demanded while a plan is being written."""

    level = forms.ChoiceField(
        label=_("Level"), choices=[(level.value, word) for level, word in words.LEVELS.items()]
    )
    parent = forms.ChoiceField(
        label=_("Stands under"),
        required=False,
        help_text=_("The outcome or output that this row belongs to, if any."),
    )
    code = Verbatim(
        label=_("Code of the row"),
        help_text=_("As in the plan, like 0101. Left empty, the code at the head of the statement is used."),
        max_length=40,
    )
    support = forms.ChoiceField(
        label=_("Kind of support"),
        choices=[(support.value, word) for support, word in words.SUPPORTS.items()],
        widget=forms.RadioSelect,
        help_text=_("What you do with the grant’s money, or beside it."),
    )
    statement = Verbatim(label=_("Statement"), help_text=_("Word for word as in the plan."), rows=4)
    season = Verbatim(label=_("When the activity takes place"), help_text=_("For activities only."), rows=2)

    def __init__(
        self, *args: Any, framework: Framework, row: Row | None, own: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.framework, self.row = framework, row
        if not own:  # grantees' plans have no rows of non-financial support
            del self.fields["support"]
        parents = nesting.possible_parents(framework, row)
        choices = [("", _("Nothing: it stands by itself"))]
        self.fields["parent"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *choices,
            *((str(one.uuid), gapped((words.say_level(one), words.name_of(one)))) for one in parents),
        ]
        for name in ("statement", "level"):
            self.fields[name].mark = "none"  # type: ignore[attr-defined]  # read by minori.ui.forms

    def clean(self) -> dict[str, Any]:
        """Rows stand only under rows of a fitting level."""
        facts = super().clean() or self.cleaned_data
        if "level" not in facts or "parent" not in facts:
            return facts
        row = self.result(facts, ())
        parent = None if row.parent is None else self.framework.find_row(row.parent)
        if parent is not None and not nesting.fits_under(row, parent):
            self.add_error("parent", _("A row of this level cannot stand under that one."))
        below = self.framework.children(row.uuid) if self.row is not None else ()
        if not all(nesting.fits_under(child, row) for child in below):
            self.add_error("level", _("Rows stand under this one that cannot stand under this level."))
        return facts

    def result(self, facts: Mapping[str, Any], indicators: tuple[Indicator, ...], *, page: str = "") -> Row:
        """The row as it was typed; a new one has its identity of the `page` it was typed into."""
        return Row(
            uuid=_identity(page) if self.row is None else self.row.uuid,
            parent=UUID(facts["parent"]) if facts["parent"] else None,
            level=Level(facts["level"]),
            support=self._support(facts),
            code=facts.get("code", "").strip() or read_code(facts.get("statement", "")) or "",
            statement=facts.get("statement", ""),
            season=facts.get("season", ""),
            indicators=indicators,
        )

    def _support(self, facts: Mapping[str, Any]) -> Support:
        if "support" in self.fields:
            return Support(facts.get("support") or Support.FINANCIAL)
        return Support.FINANCIAL if self.row is None else self.row.support


class IndicatorForm(forms.Form):
    """One indicator with everything the plan says of it."""

    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput())
    mark = Verbatim(
        label=_("Number of the indicator"),
        help_text=_("①, ② … Left empty, several are numbered by themselves."),
        max_length=MARK_LENGTH,
    )
    statement = Verbatim(label=_("Indicator"), rows=2)
    baseline = Verbatim(label=_("Baseline"), help_text=_("Leave it empty where none is registered."), rows=2)
    target = Verbatim(label=_("Target"), rows=2)
    achieve_by = Verbatim(label=_("To be achieved by"))
    means = Verbatim(label=_("Means of verification"), rows=2)
    mid_state = Verbatim(label=_("Value or state at mid-term evaluation"), rows=2)
    post_state = Verbatim(label=_("Value or state at ex-post evaluation"), rows=2)

    def result(self) -> Indicator | None:
        """The indicator as it was typed; None where nothing was, or where it is to go."""
        facts = self.cleaned_data
        texts = {name: facts.get(name, "") for name in TEXTS}
        if facts.get("DELETE") or (is_empty(facts.get("mark", "")) and all(map(is_empty, texts.values()))):
            return None
        return Indicator(uuid=facts.get("uuid") or uuid4(), mark=facts.get("mark", "").strip(), **texts)


if TYPE_CHECKING:
    IndicatorFormSet = forms.BaseFormSet[IndicatorForm]
else:
    IndicatorFormSet = forms.BaseFormSet  # not subscriptable at run time


class BaseIndicators(IndicatorFormSet):
    """The indicators of one row; one that is ticked goes."""

    def add_fields(self, form: IndicatorForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove this indicator")


IndicatorForms = forms.formset_factory(
    IndicatorForm, formset=BaseIndicators, extra=1, can_delete=True, max_num=60, absolute_max=100
)


@dataclass
class RowPage:
    """The forms of one row's page, and the row once it can be saved.

    `theirs` is what somebody else saved meanwhile; sending the form once more replaces it.
    """

    form: RowForm
    indicators: IndicatorFormSet
    seen: str
    row: Row | None = None
    theirs: Row | None = None
    to_look_at: list[str] | None = None
    """The texts to look at after an indicator was split, by their names; None where none was."""

    @property
    def lines(self) -> list[tuple[IndicatorForm, Split | None]]:
        """The indicators, each with what it could be split into."""
        typed = [
            {name: str(form[name].value() or "") for name in ("mark", *TEXTS)}
            for form in self.indicators.forms
        ]
        may = splitting.may_split([one["mark"] for one in typed if any(one.values())])
        return [
            (form, splitting.split(one) if may else None)
            for form, one in zip(self.indicators.forms, typed, strict=True)
        ]

    @property
    def errors(self) -> list[dict[str, str]]:
        """Every problem of all forms with its address, for the summary."""
        forms_ = [self.form, *self.indicators.forms]
        return [
            {"href": f"#{form[name].auto_id}", "text": str(problem), "where": str(form[name].label)}
            for form in forms_
            if form.is_bound
            for name, problems in form.errors.items()
            for problem in problems
        ]


def row_page(
    data: QueryDict | None,
    framework: Framework,
    row: Row | None,
    under: Row | None = None,
    *,
    own: bool = False,
) -> RowPage:
    """The page of a row (None: a new one, perhaps `under` another), bound to what was sent, if anything was.

    `own`: of a distributor's own plan, whose rows say which kind of support they are of.
    `more` in the data asks for another empty indicator and keeps everything typed; so does `split`, which names the
    indicator (by its place) to be split by its numbers. Neither saves anything.
    """
    make = partial(RowForm, framework=framework, row=row, own=own)
    if data is None:
        form = make(initial=_initial(row, framework, under))
        return RowPage(form, IndicatorForms(prefix=PREFIX, initial=_initials(row)), fingerprint(row))
    if "more" in data or "split" in data:
        raw = {name: data.get(name, "") for name in RowForm.base_fields}
        lines, to_look_at = _split(_typed(data), data.get("split", ""))
        lines = [line for line in lines if any(value.strip() for value in line.values())]
        indicators = IndicatorForms(prefix=PREFIX, initial=lines)
        return RowPage(make(initial=raw), indicators, data.get("seen", ""), to_look_at=to_look_at)
    form, indicators = make(data), IndicatorForms(data, prefix=PREFIX)
    page = RowPage(form, indicators, data.get("seen", ""))
    if not (form.is_valid() and indicators.is_valid()):
        return page
    typed = form.result(form.cleaned_data, number_marks(_distinct(indicators)), page=page.seen)
    if not typed.statement.strip() and not typed.code and not typed.indicators:
        form.add_error("statement", _("Write what this row says."))
    elif row is not None and page.seen != fingerprint(row) and typed != row:
        page.theirs, page.seen = row, fingerprint(row)
    else:
        page.row = typed
    return page


def _identity(page: str) -> UUID:
    return uuid5(PAGES, page) if page else uuid4()


def _distinct(indicators: IndicatorFormSet) -> list[Indicator]:
    found: dict[UUID, Indicator] = {}
    for one in (line.result() for line in indicators.forms):
        if one is not None:
            uuid = uuid4() if one.uuid in found else one.uuid
            found[uuid] = replace(one, uuid=uuid)
    return list(found.values())


def fingerprint(row: Row | None) -> str:
    """A short sign that changes with the row: what a page was made from. The page of a new row has its own."""
    if row is None:
        return uuid4().hex
    return hashlib.sha256(json.dumps(row.to_json(), ensure_ascii=False).encode()).hexdigest()[:16]


def _initial(row: Row | None, framework: Framework, under: Row | None) -> dict[str, Any]:
    if row is not None:
        parent = "" if row.parent is None else str(row.parent)
        return {"level": row.level.value, "parent": parent, "support": row.support.value} | {
            name: getattr(row, name) for name in ("code", "statement", "season")
        }
    last = under or (framework.rows[-1] if framework.rows else None)
    level = last.level if last else Level.OUTCOME_SHORT
    if under is not None and under.level in (Level.OUTCOME_LONG, Level.OUTCOME_SHORT):
        level = Level.OUTPUT
    support = last.support if last else Support.FINANCIAL
    parent = str(under.uuid) if under else ""
    return {"level": level.value, "parent": parent, "support": support.value}


def _initials(row: Row | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    return [
        {"uuid": one.uuid, "mark": one.mark} | {name: getattr(one, name) for name in TEXTS}
        for one in row.indicators
    ]


def _split(lines: list[dict[str, str]], place: str) -> tuple[list[dict[str, str]], list[str] | None]:
    """The lines with the one at this place split; its first part stays the indicator it is."""
    chosen = int(place) if place in map(str, range(len(lines))) else None
    found = None if chosen is None else splitting.split(lines[chosen])
    if chosen is None or found is None:
        return lines, None
    parts = [{"uuid": "", **part} for part in found.parts]
    parts[0]["uuid"] = lines[chosen]["uuid"]
    names = [str(IndicatorForm.base_fields[name].label) for name in found.unsure]
    return [*lines[:chosen], *parts, *lines[chosen + 1 :]], names


def _typed(data: QueryDict) -> list[dict[str, str]]:
    try:
        count = min(int(data.get(f"{PREFIX}-TOTAL_FORMS", "")), 100)
    except ValueError:
        count = 0
    names = ("uuid", "mark", *TEXTS)
    return [{name: data.get(f"{PREFIX}-{place}-{name}", "") for name in names} for place in range(count)]
