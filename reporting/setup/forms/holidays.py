"""A list of holidays, as a distributor brings it along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minori.accounts.fields import OneLine
from minori.programmes.enums import Weekend


class HolidaysForm(forms.Form):
    """What a list is called, and its file. The file of a list that there is already may stay as it is."""

    name = OneLine(
        label=pgettext_lazy("of a list", "Name"),
        max_length=100,
        help_text=_("Like “Kenya, public holidays”."),
    )
    weekend = forms.ChoiceField(label=_("Weekend"), choices=Weekend.choices)
    file = forms.FileField(
        label=_("File with the holidays (ICS or CSV)"),
        help_text=_(
            "An ICS file as calendars export it, or a CSV file with a date (2026-05-04) and a name in each line; up to 1 MB."
        ),
    )

    def __init__(self, *args: Any, replaces: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".ics,.csv,.txt,text/calendar,text/csv"
        if replaces:
            self.fields["file"].required = False
            self.fields["file"].label = _("Another file in its place (ICS or CSV)")
            self.fields["file"].help_text = _(
                "All days of the list are replaced by those of the file. Without a file they stay."
            )
