"""Noting a talk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.programmes.models import Grant
from reporting.profiles.models import Talk
from reporting.profiles.talks import TalkFacts
from reporting.setup.forms.programmes import Day


class TalkForm(forms.Form):
    """What was said, with whom, and what comes next."""

    talked_on = Day(label=_("Day of the talk"))
    met = forms.CharField(
        label=_("With whom"), max_length=300, help_text=_("For example: Ms Sato (director), by video")
    )
    said = forms.CharField(
        label=_("What was talked about"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    next_step = forms.CharField(
        label=_("Next step"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_on = Day(label=_("Next step until"), required=False)
    grant = forms.ChoiceField(label=_("About the project"), required=False)

    def __init__(self, *args: Any, grants: list[Grant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grants = {one.code: one for one in grants}
        field = self.fields["grant"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("the organization as a whole")), *((one.code, one.title) for one in grants)]

    def clean(self) -> dict[str, Any]:
        """A day needs its next step."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("next_on") and not cleaned.get("next_step"):
            self.add_error("next_step", _("Say what the next step is, or leave its day empty."))
        return cleaned

    def facts(self) -> TalkFacts:
        """What was typed, once the form is valid."""
        said = self.cleaned_data
        return TalkFacts(
            talked_on=said["talked_on"],
            met=said["met"],
            said=said["said"],
            next_step=said["next_step"],
            next_on=said["next_on"],
            grant=self.grants.get(said["grant"]),
        )


class CorrectedTalkForm(TalkForm):
    """The same, with what the correction is for."""

    why = forms.CharField(
        label=_("What the correction is for"),
        required=False,
        max_length=300,
        help_text=_("It stands in the history beside the words before."),
    )


class StrikeForm(forms.Form):
    """Why a talk is struck out."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def first_words(talk: Talk) -> dict[str, Any]:
    """A form's values from what stands of a talk."""
    names = ("talked_on", "met", "said", "next_step", "next_on")
    return {**{name: getattr(talk, name) for name in names}, "grant": talk.grant.code if talk.grant else ""}
