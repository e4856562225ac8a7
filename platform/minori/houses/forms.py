"""Inviting somebody to a house."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minori.accounts.enums import Language
from minori.accounts.fields import OneLine


class InvitationForm(forms.Form):
    """Who is invited, and with which of the house's roles."""

    name = OneLine(
        label=_("Name of the person"), max_length=100, error_messages={"required": _("Write the name.")}
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={
            "required": _("Write the e-mail address."),
            "invalid": _("Write the address in full, like name@example.jp."),
        },
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=Language.choices,
        initial=Language.JAPANESE,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, roles: Sequence[tuple[str, str | Promise]], usual: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        role.choices = roles  # type: ignore[attr-defined]  # a ChoiceField
        role.initial = usual
