"""A programme's thresholds, and the note with which a signal is set aside."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.programmes.models import Programme
from minori.ui.forms import said_later
from reporting.signals import limits
from reporting.signals.enums import SignalKind
from reporting.signals.rules import Limits


def _number(label: Any, lowest: int, highest: int, help_text: Any) -> forms.IntegerField:
    within = said_later(
        _("Enter a whole number from %(lowest)s to %(highest)s."), lowest=lowest, highest=highest
    )
    wrong = {"invalid": within, "min_value": within, "max_value": within}
    return forms.IntegerField(
        label=label, min_value=lowest, max_value=highest, help_text=help_text, error_messages=wrong
    )


class LimitsForm(forms.Form):
    """From when on something is noticed."""

    behind_rounds = _number(
        _("Behind plan: reports running"),
        2,
        6,
        _("A row that is “3 behind plan” in so many reports running."),
    )
    other_rounds = _number(
        _("“4 other”: reports without recovery"),
        1,
        5,
        _("A row that was “4 other” and has not been 1 or 2 in so many reports since."),
    )
    grace_days = _number(
        _("Date to achieve by: days of grace"),
        0,
        3650,
        _("Noticed when the date lies further back than this."),
    )
    below_percent = _number(
        _("Worse than the baseline: by more than … per cent"),
        0,
        1000,
        _("Of the way from the baseline to the target. 0: as soon as it is worse."),
    )
    unchanged_characters = _number(
        _("Same text as last time: from … characters"), 1, 10_000, _("Shorter texts may be the same.")
    )
    silent_rounds = _number(
        _("Never a number: after … reports"),
        1,
        20,
        _("Reports that say something, and none has a confirmed number."),
    )
    late_times = _number(
        _("Late: times"), 1, 20, _("So many reports that came late, counted from the first round.")
    )
    late_days = _number(_("Late: from … days"), 1, 365, _("Fewer days are not counted."))
    worries = forms.MultipleChoiceField(
        label=_("Answers of the form that are noticed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    off = forms.MultipleChoiceField(
        label=_("Do not look for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=SignalKind.choices,
    )

    def __init__(self, *args: Any, programme: Programme, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["worries"]
        assert isinstance(field, forms.MultipleChoiceField)
        asked = limits.choices(programme)
        field.choices = [
            (
                f"{one.key}={choice.value}",
                " ".join(filter(None, (one.label.say(language), choice.value, choice.label.say(language)))),
            )
            for _edition, one, choice in asked
        ]
        if not asked:
            del self.fields["worries"]

    def facts(self) -> dict[str, Any]:
        """What was typed, once the form is valid, by the fields of `SignalLimits`."""
        said = self.cleaned_data
        return {
            **{name: said[name] for name in limits.NUMBERS},
            "worries": said.get("worries"),
            "off": said["off"],
        }


def first_values(set_: Limits) -> dict[str, Any]:
    """A form's values from the thresholds in force."""
    return {
        **{name: getattr(set_, name) for name in limits.NUMBERS},
        "worries": sorted(f"{field}={value}" for field, value in set_.worries),
        "off": sorted(one.value for one in set_.off),
    }
