"""Forms of change requests, the same at the desk and in a room: a reason for every change, a word on every change."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minori.registry.change_units import Unit
from minori.registry.change_words import name_of
from minori.registry.changes import Reason, Said
from minori.registry.enums import Verdict
from minori.registry.forms import Verbatim
from minori.report_forms.framework import Framework


class ReasonForm(forms.Form):
    """Why one change is wanted; of an indicator also what it means for comparing."""

    reason = Verbatim(label=_("Reason"), rows=2)
    meaning_changed = forms.BooleanField(
        label=_("It measures something else than before (its meaning changed)"),
        help_text=_("Then figures of before and after are not joined, and the place is marked."),
        required=False,
    )
    came_from = forms.TypedChoiceField(
        label=_("Split off from"),
        help_text=_("If this indicator was part of another one before. Its figures begin anew."),
        required=False,
        coerce=UUID,
        empty_value=None,
    )

    def __init__(self, *args: Any, unit: Unit, old: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"prefix": unit.key}))
        self.unit = unit
        needed = not unit.needs
        self.fields["reason"].mark = "required" if needed else "optional"  # type: ignore[attr-defined]  # read by minori.ui.forms
        self.fields["meaning_changed"].mark = "none"  # type: ignore[attr-defined]
        if unit.needs:
            self.fields["reason"].help_text = str(_("Left empty, the reason of the new row counts."))
        if not unit.may_cut:
            del self.fields["meaning_changed"]
        choices = _beside(unit, old)
        if choices:
            self.fields["came_from"].choices = [("", _("nothing: it is new")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["came_from"]

    def result(self) -> Reason:
        """What was typed."""
        facts = self.cleaned_data
        return Reason(
            reason=facts.get("reason", ""),
            meaning_changed=bool(facts.get("meaning_changed")),
            came_from=facts.get("came_from"),
        )

    def must_say_why(self) -> None:
        """Mark the form as wrong where a reason is missing."""
        if not self.unit.needs and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason."))


def typed_words(bound: Iterable[forms.BaseForm]) -> list[str]:
    """The texts that somebody typed into forms which can be sent no more, in their order: nothing typed is lost."""
    texts = (
        one[name].data for one in bound if one.is_bound for name in ("word", "words") if name in one.fields
    )
    return [text for text in texts if text and text.strip()]


class VerdictForm(forms.Form):
    """What is said of one change, by the officer who decides or by the organization that answers."""

    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, required=False)
    word = Verbatim(label=_("A word on it"), rows=2)
    cut = forms.BooleanField(
        label=_("It measures something else than before (its meaning changed)"),
        help_text=_("Then figures of before and after are not joined, and the place is marked."),
        required=False,
    )

    def __init__(
        self, *args: Any, unit: Unit, choices: Sequence[tuple[str, Any]], may_cut: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **(kwargs | {"prefix": unit.key}))
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["verdict"].mark = "required"  # type: ignore[attr-defined]  # read by minori.ui.forms
        self.fields["word"].help_text = str(_("Needed where you do not approve."))
        self.fields["cut"].mark = "none"  # type: ignore[attr-defined]
        if not (may_cut and unit.may_cut):
            del self.fields["cut"]

    def clean(self) -> dict[str, Any]:
        """A change is decided, and declined with a word."""
        facts = super().clean() or self.cleaned_data
        if not facts.get("verdict") and "verdict" not in self.errors:
            self.add_error("verdict", _("Decide on this change."))
        if facts.get("verdict") == Verdict.DECLINED and not facts.get("word", "").strip():
            self.add_error("word", _("Say why it is not approved."))
        return facts

    def result(self) -> Said:
        """What was chosen."""
        facts = self.cleaned_data
        return Said(Verdict(facts["verdict"]), facts.get("word", ""), bool(facts.get("cut")))


class RemarkForm(forms.Form):
    """A word to whoever reads the request."""

    remark = Verbatim(label=_("A word on the whole request"), rows=3)


class ReturnForm(forms.Form):
    """What should be changed before a request can be decided."""

    words = Verbatim(label=_("What should be changed"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].mark = "required"  # type: ignore[attr-defined]  # read by minori.ui.forms

    def clean_words(self) -> str:
        said = str(self.cleaned_data["words"])
        if not said.strip():
            raise forms.ValidationError(_("Say what should be changed."))
        return said


def are_valid(forms_: Iterable[forms.Form]) -> bool:
    """Whether all forms are; every one is looked at, so that all problems are told at once."""
    return not [one for one in forms_ if not one.is_valid()]


def all_say_why(forms_: Iterable[ReasonForm]) -> bool:
    """Whether every change has its reason; marks those that have none."""
    known = list(forms_)
    if not are_valid(known):
        return False
    for one in known:
        one.must_say_why()
    return not any(one.errors for one in known)


def reason_forms(
    units: Iterable[Unit], old: Framework, *, data: QueryDict | None, known: Mapping[str, Reason]
) -> list[ReasonForm]:
    """A form for every change, filled with what is `known`, or bound to what was sent."""
    return [
        ReasonForm(data, unit=unit, old=old, initial=vars(known[unit.key]) if unit.key in known else None)
        for unit in units
    ]


def errors_of(forms_: Iterable[forms.Form], units: Iterable[Unit] = ()) -> list[dict[str, str]]:
    """Every problem of all forms with its address and the name of the change, for the summary."""
    names = {unit.key: name_of(unit) for unit in units}
    return [
        {
            "href": "" if name == "__all__" else f"#{form[name].auto_id}",
            "text": str(problem),
            "where": names.get(str(form.prefix), ""),
        }
        for form in forms_
        if form.is_bound
        for name, problems in form.errors.items()
        for problem in problems
    ]


def _beside(unit: Unit, old: Framework) -> list[tuple[str, str]]:
    """The indicators that the row had, from which a new one may have been split off."""
    row = None if unit.row is None or not unit.may_come_from else old.find_row(unit.row.uuid)
    return [] if row is None else [(str(one.uuid), one.title) for one in row.indicators]
