"""The dates of one grant's report, or of several at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from minori.programmes.models import Deadline
from minori.ui import addresses
from reporting.setup.forms.programmes import Day, RoundForm

LONGEST = 4000
"""Characters of a reason or an answer at most: it stands in mails and histories."""


def _words(label: Any, *, required: bool = True, rows: int = 2, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, widget=widget, help_text=help_text, max_length=LONGEST
    )


class SureForm(forms.Form):
    """A form that can ask whether a day is meant, such as one in the past: the box shows once `ask` was called."""

    sure = forms.BooleanField(label=_("I mean this day"), required=False, widget=forms.HiddenInput)

    def ask(self, problem: str) -> None:
        """Show the box with the sentence why."""
        self.fields["sure"].widget = forms.CheckboxInput()
        self.add_error("sure", problem)


class ChangedRoundForm(SureForm, RoundForm):
    """A round whose dates, changed, move those of its grants."""

    field_order = (*RoundForm.base_fields, "sure")


class DueForm(SureForm):
    """Another due date for one grant."""

    due_on = Day(label=_("New due date"))
    reason = _words(_("Reason"), required=False)

    field_order = ("due_on", "reason", "sure")


class ExtensionForm(SureForm):
    """More time for one grant, with the reason."""

    to = Day(label=_("Extended to"))
    reason = _words(_("Reason"))

    field_order = ("to", "reason", "sure")


class ClosingForm(SureForm):
    """Another closing date for one grant, or none, with the reason."""

    closes_on = Day(
        label=_("Closing date"),
        required=False,
        help_text=_("The last day to hand in at all. Empty: there is none for this grant."),
    )
    reason = _words(_("Reason"))

    field_order = ("closes_on", "reason", "sure")


class WaiverForm(forms.Form):
    """No report required, with the reason."""

    reason = _words(_("Reason"))


class GrantingForm(forms.Form):
    """More time as it was asked for, or until another day."""

    to = Day(label=_("Extended to"))
    words = _words(_("Words for the organization"), required=False)


class DecliningForm(forms.Form):
    """No more time, and why."""

    words = _words(_("Why more time is not possible"), help_text=_("The organization reads this."))


class Change(TextChoices):
    """What can be done to the dates of several grants at once."""

    MOVE = "move", _("Move the due date")
    EXTEND = "extend", _("Allow more time (the due date itself stays)")
    CLOSE = "close", _("Set the closing date")
    LIFT = "lift", _("Lift the closing date")


class ManyForm(SureForm):
    """One change of the dates of several grants. `chosen`: their keys, each perhaps with the version of the due date
    that the page showed, as 12.3."""

    what = forms.ChoiceField(label=_("What is to change"), choices=Change, widget=forms.RadioSelect)
    day = Day(label=_("New date"), required=False)
    reason = _words(
        _("Reason"),
        required=False,
        help_text=_("The organizations read it. Only moving the due date needs none."),
    )

    field_order = ("what", "day", "reason", "sure")

    def __init__(
        self, *args: Any, open_ones: Iterable[Deadline], chosen: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        versions = dict(one.partition(".")[::2] for one in chosen)
        self.ticked = frozenset(versions)
        self.chosen = [one for one in open_ones if str(one.pk) in versions]
        seen = {one.pk: addresses.number(versions[str(one.pk)]) for one in self.chosen}
        self.seen = {pk: version for pk, version in seen.items() if version is not None}
        for name in ("day", "reason"):
            vars(self.fields[name])["mark"] = "none"  # which one is needed depends on what is to change

    def clean(self) -> dict[str, Any]:
        """A change wants grants, a day unless the closing date is lifted, and a reason unless it moves the due date."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        what = facts.get("what")
        if what and what != Change.LIFT and "day" not in self.errors and not facts.get("day"):
            self.add_error("day", _("Write the new date."))
        if what and what != Change.MOVE and not str(facts.get("reason") or "").strip():
            self.add_error("reason", _("Give the reason."))
        if not self.chosen:
            self.add_error(None, _("Choose the grants whose date is to change."))
        return facts
