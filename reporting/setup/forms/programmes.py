"""A programme and its rounds."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from minori.accounts.fields import OneLine
from minori.marks import colon
from minori.programmes.calendar import sane_day
from minori.programmes.enums import RoundKind
from minori.programmes.holidays import is_in_japan
from minori.programmes.models import CODE, Distributor, HolidayList, Programme, Round
from minori.programmes.proposing import COUNTS, USUAL, Due, DueRule, ProposedRound, Rhythm
from minori.report_forms import editions
from minori.report_forms.edition import Edition
from minori.ui.templatetags.ui_tags import day
from reporting.setup.programmes import PINNED, RoundFacts

LONGEST_WAIT, LONGEST_MONTH = 180, 31
"""Days after a period at which its report can be due at most, and days of a month."""

MOST_ROUNDS = 60
"""Rounds that are set up at once at most: five years of months."""

MOST_YEARS = 15
"""Years that a programme may last at most; the scheme's last three to five."""


class Day(forms.DateField):
    """A day, typed or picked; shown as the browser's own date field wants it. Years that nobody means are refused."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d")
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
        wrong = {"invalid": _("Write the date like 2026-10-14.")}
        super().__init__(
            widget=widget, input_formats=formats, validators=[sane_day], error_messages=wrong, **options
        )

    def to_python(self, value: Any) -> date | None:
        """The day, in full-width digits as well."""
        return super().to_python(normalize("NFKC", value) if isinstance(value, str) else value)


class ProgrammeForm(forms.Form):
    """What a programme is."""

    distributor = forms.ModelChoiceField(
        label=_("Distributor"), queryset=Distributor.objects.none(), empty_label=None
    )
    title = OneLine(label=_("Title"), max_length=200)
    code = forms.CharField(
        label=_("Code of the programme"),
        max_length=60,
        validators=[CODE],
        help_text=_("Stands in addresses and file names, like 2024-kodomo. It cannot be changed later."),
    )
    window = OneLine(
        label=_("Funding window"), max_length=100, required=False, help_text=_("Like Open call 2026.")
    )
    starts_on = Day(label=_("Starts on"))
    ends_on = Day(label=_("Ends on"))
    holidays = forms.ModelChoiceField(
        label=_("Holidays"),
        queryset=HolidayList.objects.none(),
        required=False,
        help_text=_("Nothing is proposed for these days, and no reminder goes out on them."),
    )

    def __init__(
        self,
        *args: Any,
        distributors: QuerySet[Distributor] | None = None,
        programme: Programme | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer_holidays(distributors if programme is None else [programme.distributor])
        if programme is not None or distributors is None:
            del self.fields["distributor"], self.fields["code"]
        elif len(distributors) == 1:
            del self.fields["distributor"]
        else:
            self.fields["distributor"].queryset = distributors  # type: ignore[attr-defined]  # a ModelChoiceField

    def _offer_holidays(self, houses: Iterable[Distributor] | None) -> None:
        """The lists to choose from; where there is none there is nothing to choose."""
        lists = HolidayList.objects.filter(distributor__in=list(houses or ())).order_by("name", "pk")
        if not lists:
            del self.fields["holidays"]
            return
        field: Any = self.fields["holidays"]
        field.queryset = lists
        field.empty_label = (
            _("Those of Japan")
            if all(is_in_japan(one.time_zone) for one in houses or ())
            else _("None, weekends only")
        )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Programme.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another programme has this code already."))
        return code

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        check_order(self, "starts_on", "ends_on", _("The programme must end after it starts."))
        starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
        house, holidays = facts.get("distributor"), facts.get("holidays")
        if house and holidays and holidays.distributor_id != house.pk:
            self.add_error("holidays", _("This list belongs to another distributor."))
        if starts_on and ends_on and ends_on.year - starts_on.year > MOST_YEARS:
            self.add_error(
                "ends_on",
                _("That is more than %(years)s years. Look at the dates again.") % {"years": MOST_YEARS},
            )
        return facts


class ProposalForm(forms.Form):
    """How rounds are proposed; nothing of it is stored."""

    rhythm = forms.ChoiceField(
        label=_("How often"), choices=Rhythm.choices, initial=Rhythm.HALF_YEAR, required=False
    )
    due = forms.ChoiceField(label=_("Due"), choices=Due.choices, initial=Due.DAYS, required=False)
    number = forms.IntegerField(
        label=_("Number of days, or day of the month"),
        min_value=1,
        max_value=LONGEST_WAIT,
        required=False,
        initial=USUAL.number,
        help_text=_("Where that is no business day, the next one is proposed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.mark = "none"  # type: ignore[attr-defined]  # read by minori.ui.forms

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        facts["rhythm"] = facts.get("rhythm") or Rhythm.HALF_YEAR
        if not facts.get("due"):  # asked by a page that does not know the rules
            facts["due"], facts["number"] = USUAL.kind, USUAL.number
        kind, number = facts["due"], facts.get("number")
        if facts["rhythm"] == Rhythm.OWN:
            return facts  # nothing is counted: every date is typed
        if kind in COUNTS and number is None and "number" not in self.errors:
            self.add_error("number", _("Give the number that the due date is counted with."))
        elif kind == Due.FIXED_DAY and number is not None and number > LONGEST_MONTH:
            self.add_error("number", _("A month has 31 days at most."))
        return facts

    def rhythm_and_rule(self) -> tuple[Rhythm, DueRule]:
        """What was chosen, once the form is valid."""
        facts = self.cleaned_data
        return Rhythm(facts["rhythm"]), DueRule(Due(facts["due"]), facts.get("number") or USUAL.number)


class FiscalYearForm(forms.Form):
    """The month in which a distributor's fiscal year begins."""

    month = forms.TypedChoiceField(
        label=_("The fiscal year begins in"),
        coerce=int,
        choices=[(number, name) for number, name in MONTHS.items()],
        help_text=_("Targets per year are judged by it, in all programmes."),
    )


class RoundForm(forms.Form):
    """One reporting round."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RoundKind.choices)
    title = OneLine(label=_("Title"), max_length=100)
    period_starts_on = Day(label=_("Period from"))
    period_ends_on = Day(label=_("Period to"))
    opens_on = Day(label=_("Opens on"))
    due_on = Day(label=_("Due on"))
    closes_on = Day(
        label=_("Closing date"),
        required=False,
        help_text=_(
            "The last day to hand in at all, however late. Usually empty: late reports are taken too."
        ),
    )
    edition = forms.ChoiceField(label=_("Form"))

    def __init__(self, *args: Any, pinned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ja"
        self.fields["edition"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (f"{key}.{version}", title_of(editions.load(key, version), language))
            for key, version in editions.installed()
        ]
        if moved_from := self.initial.get("moved_from"):
            self.fields["due_on"].help_text = _("%(day)s is no business day: the next one is proposed.") % {
                "day": day(moved_from)
            }
        for name in PINNED if pinned else ():
            if name in self.fields:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        check_order(self, "period_starts_on", "period_ends_on", _("The period must end after it starts."))
        check_order(self, "opens_on", "due_on", _("The due date must not be before the round opens."))
        check_order(self, "due_on", "closes_on", _("The closing date must not be before the due date."))
        return facts

    def facts(self) -> RoundFacts:
        """The round as it was typed, once the form is valid."""
        key, version = self.cleaned_data["edition"].rsplit(".", 1)
        names = ("kind", "title", "period_starts_on", "period_ends_on", "opens_on", "due_on", "closes_on")
        return RoundFacts(
            edition=key, edition_version=int(version), **{name: self.cleaned_data[name] for name in names}
        )


def title_of(edition: Edition, language: str) -> str:
    """An edition as it is chosen: its title, its variant, and its name, for there are forms of the same title."""
    variant = edition.variant.title.say(language) if edition.variant else ""
    name = f"{edition.file_key} v{edition.version}"
    return f"{edition.title.say(language)} {name}" + (f"{colon()}{variant}" if variant else "")


if TYPE_CHECKING:
    RoundFormSet = forms.BaseFormSet[RoundForm]
else:
    RoundFormSet = forms.BaseFormSet  # not subscriptable at run time


class BaseRounds(RoundFormSet):
    """Rounds in order: each period begins after the one before."""

    def clean(self) -> None:
        last: date | None = None
        for form in self.forms:
            facts = form.cleaned_data
            if facts.get("DELETE"):
                continue
            begins, ends = facts.get("period_starts_on"), facts.get("period_ends_on")
            if last is not None and begins is not None and begins <= last:
                form.add_error("period_starts_on", _("The period begins before the one above has ended."))
            last = ends or last


RoundForms = forms.formset_factory(
    RoundForm,
    formset=BaseRounds,
    extra=0,
    can_delete=True,
    max_num=MOST_ROUNDS,
    absolute_max=MOST_ROUNDS + 20,
)


def initial_of(round_: Round | ProposedRound, *, edition: str = "", language: str = "ja") -> dict[str, Any]:
    """What a round's form shows: of a stored round, or of one that the calendar proposes for an `edition`."""
    if isinstance(round_, Round):
        names = ("kind", "title", "period_starts_on", "period_ends_on", "opens_on", "due_on", "closes_on")
        return {name: getattr(round_, name) for name in names} | {
            "edition": f"{round_.edition}.{round_.edition_version}"
        }
    moved = round_.due_on != round_.counted_due_on
    return {
        "kind": round_.kind.value,
        "title": round_.title_in_english if language.startswith("en") else round_.title,
        "period_starts_on": round_.starts_on,
        "period_ends_on": round_.ends_on,
        "opens_on": round_.opens_on,
        "due_on": round_.due_on,
        "edition": edition or first_edition(),
        "moved_from": round_.counted_due_on if moved else None,
    }


def first_edition() -> str:
    """The edition proposed where nothing tells a better one."""
    key, version = editions.installed()[0]
    return f"{key}.{version}"


def facts_of(rounds: Iterable[forms.BaseForm]) -> list[RoundFacts]:
    """The rounds that stay, in order."""
    kept = (form for form in rounds if isinstance(form, RoundForm))
    return [form.facts() for form in kept if form.cleaned_data and not is_going(form)]


def is_going(form: forms.BaseForm) -> bool:
    """Whether the round of this form was marked to be removed."""
    return form.is_bound and bool(form.cleaned_data.get("DELETE"))


def check_order(form: forms.Form, first: str, second: str, sentence: str | Any) -> None:
    """Add the sentence to the second field where its day is before the first one's."""
    early, late = form.cleaned_data.get(first), form.cleaned_data.get(second)
    if early and late and late < early:
        form.add_error(second, sentence)
