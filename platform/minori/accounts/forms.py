"""Forms of sign-in, settings and invitations."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from minori.accounts.enums import DECIDING_STAFF_ROLES
from minori.accounts.fields import OneLine
from minori.accounts.models import Person, User


def _remember() -> forms.BooleanField:
    return forms.BooleanField(label=_("Stay signed in on this device for 30 days"), required=False)


class AddressForm(forms.Form):
    """The first question of a sign-in."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The address your invitation was sent to."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the address in full, like name@example.jp."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class PasswordSignInForm(AddressForm):
    """Signing in by password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Write your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = _remember()


class CodeForm(forms.Form):
    """The code from the mail, in whatever width and grouping it was typed or pasted."""

    code = forms.CharField(
        label=_("Confirmation code"),
        help_text=_("The six digits in the mail. You can paste them."),
        error_messages={"required": _("Write the six digits of the code.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "input--code",
                "size": "8",
            }
        ),
    )
    remember = _remember()

    def clean_code(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        code = "".join(letter for letter in typed if letter.isalnum())
        if len(code) != 6 or not code.isdecimal():  # noqa: PLR2004 - six digits are mailed
            raise ValidationError(_("Write the six digits of the code."), code="shape")
        return code


class PasswordForm(forms.Form):
    """Setting or changing the password; the old one is asked for unless the mailbox was proved a moment ago."""

    old = forms.CharField(
        label=_("Current password"),
        strip=False,
        error_messages={"required": _("Write your current password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 10 characters. A short sentence is easy to remember."),
        error_messages={"required": _("Write the new password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        error_messages={"required": _("Write the new password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, asks_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not asks_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.user.check_password(old):
            raise ValidationError(_("The current password is wrong."))
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.user)
        return new

    def clean(self) -> None:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", ValidationError(_("The two new passwords differ.")))


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django cannot be subscripted when it runs
    """What a person says of themselves."""

    class Meta:
        model = Person
        fields = ["name", "name_kana", "phone", "language", "monday_digest"]
        field_classes = {"name": OneLine, "name_kana": OneLine, "phone": OneLine}
        help_texts = {
            "name": _("As colleagues should read it."),
            "name_kana": _("Lists are sorted by it."),
            "phone": _("For questions about reports."),
            "language": _("Of pages and mails."),
            "monday_digest": _(
                "What waits in the grants you look after; none where there is nothing to tell."
            ),
        }
        error_messages = {"name": {"required": _("Write your name.")}}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "language": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = self.instance.staff_memberships.filter(ended_at=None, role__in=DECIDING_STAFF_ROLES)
        if not staff.exists():
            del self.fields["monday_digest"]
