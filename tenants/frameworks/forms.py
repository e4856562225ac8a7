"""What an organization says when it hands its plan in for registration."""

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.registry.forms import Verbatim


class HandInForm(forms.Form):
    """A word to the officer; the plan itself has been written already."""

    remark = Verbatim(
        label=_("A word to your officer"),
        help_text=_("What you changed, or what you would like to ask."),
        rows=3,
    )
