"""Defining a common indicator, and mapping onto it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.common.enums import CommonRule
from reporting.common.mapping import CommonFacts


class CommonForm(forms.Form):
    """What a common indicator is."""

    name = forms.CharField(label=pgettext_lazy("of an indicator", "Name"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    rule = forms.ChoiceField(
        label=_("How the organizations’ numbers become one"),
        choices=CommonRule.choices,
        widget=forms.RadioSelect,
        initial=CommonRule.SUM,
    )
    unit = forms.CharField(
        label=_("Unit"),
        max_length=20,
        required=False,
        help_text=_("Only numbers of this unit are counted. For a share: what is counted, like people."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        help_text=_("What is counted and what is not, so that colleagues map alike."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, in_use: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("rule", "unit") if in_use else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = _("It stays while indicators are mapped.")

    def facts(self) -> CommonFacts:
        """What was typed, once the form is valid."""
        return CommonFacts(**{name: str(self.cleaned_data[name]).strip() for name in self.fields})


class ReasonForm(forms.Form):
    """Why something is mapped, or no longer."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
