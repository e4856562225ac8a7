"""What an officer posts around a workbook: to whom it goes, what is put right, who sent it and who approved."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.accounts.enums import Language
from minori.filings.enums import ApprovalWay
from minori.programmes.calendar import sane_day
from minori.report_forms.contents import Approval, ApprovalManner

WAYS = [
    (ApprovalWay.MAIL.value, _("It says so in the mail")),
    (ApprovalWay.PRINTED.value, _("They saw a printed copy and approved")),
    (ApprovalWay.MEETING.value, _("It was approved at a meeting")),
]
_DAY = {
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "validators": [sane_day],
}


class SendForm(forms.Form):
    """To whom the workbook goes."""

    address = forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Write the address it goes to."),
            "invalid": _("This is no e-mail address. Please compare it letter by letter."),
        },
        widget=forms.EmailInput(attrs={"list": "known-addresses", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name, as the mail addresses it"),
        max_length=100,
        error_messages={"required": _("Write the name.")},
    )
    words = forms.CharField(
        label=_("A few words of yours"),
        help_text=_("They stand in the mail, below what is to be done."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        strip=False,
    )
    language = forms.ChoiceField(label=_("Language of mail and workbook"), choices=Language.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vars(self.fields["words"])["mark"] = "optional"


class FilingForm(forms.Form):
    """Who sent it, when it arrived, how it was approved."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    sender_name = forms.CharField(
        label=_("Who sent it"),
        help_text=_("It stands in the report and on paper."),
        max_length=100,
        error_messages={"required": _("Write who sent it.")},
    )
    sender_address = forms.EmailField(
        label=_("From which address"),
        help_text=_("A copy goes there. It is kept, and stands on no paper."),
        required=False,
        error_messages={"invalid": _("This is no e-mail address. Please compare it letter by letter.")},
    )
    arrived_on = forms.DateField(
        label=_("Day on which the mail arrived"),
        help_text=_(
            "It counts as the day it was handed in, and decides whether it is late. It cannot be changed later."
        ),
        error_messages={"required": _("Enter the day on which it arrived.")},
        **_DAY,  # type: ignore[arg-type]  # two of its arguments, each of its own type
    )
    approved_by = forms.CharField(
        label=_("Who approved it in the organization"),
        max_length=100,
        error_messages={"required": _("Please write who approved.")},
    )
    manner = forms.ChoiceField(
        label=_("How it was approved"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how it was approved.")},
    )
    approved_on = forms.DateField(
        label=_("Day of the approval"),
        error_messages={"required": _("Enter the day of the approval.")},
        **_DAY,  # type: ignore[arg-type]  # two of its arguments, each of its own type
    )
    draft_known = forms.BooleanField(
        label=_("I have asked the organization: this workbook counts, not what it has begun to write itself"),
        required=False,
    )

    def __init__(self, *args: Any, has_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vars(self.fields["sender_address"])["mark"] = "optional"
        vars(self.fields["draft_known"])["mark"] = "required"
        if not has_draft:
            del self.fields["draft_known"]

    def approval(self) -> Approval:
        """The approval inside the organization."""
        day: date = self.cleaned_data["approved_on"]
        return Approval(
            approved_by=self.cleaned_data["approved_by"].strip(),
            manner=ApprovalManner(self.cleaned_data["manner"]),
            approved_on=day,
        )
