"""Registering, pasting and answering plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.programmes.models import Programme
from minori.registry.forms import Verbatim


class EffectiveForm(forms.Form):
    """From which round on a version counts."""

    effective_from_round = forms.TypedChoiceField(
        label=_("Counts from"), coerce=int, help_text=_("Reports from this round on answer to it.")
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = list(programme.rounds.order_by("number"))
        choices = [(one.number, one.title) for one in rounds] or [(1, str(_("the first round")))]
        self.fields["effective_from_round"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class RegisterForm(EffectiveForm):
    """Registering what has been entered; a later version says why it comes without a change request."""

    reason = Verbatim(
        label=_("Why without a change request"),
        help_text=_(
            "For example a contract that was copied wrongly. The organization reads it and is asked to confirm."
        ),
        rows=2,
    )

    def __init__(self, *args: Any, is_first: bool, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]
            return
        if own:
            self.fields["reason"].label = _("Reason of the change")
            self.fields["reason"].help_text = _("It stays with the version.")
        self.fields["reason"].mark = "required"  # type: ignore[attr-defined]  # read by minori.ui.forms

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if not reason.strip():
            raise forms.ValidationError(_("Give the reason."))
        return reason


class DeclineForm(forms.Form):
    """What should be changed before the plan can be registered."""

    remark = Verbatim(label=_("What should be changed"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].mark = "required"  # type: ignore[attr-defined]  # read by minori.ui.forms

    def clean_remark(self) -> str:
        remark = str(self.cleaned_data["remark"])
        if not remark.strip():
            raise forms.ValidationError(_("Say what should be changed."))
        return remark
