"""Deciding a change request: from when it counts, who of the funder agreed, a word on the whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.programmes.models import Grant
from minori.registry import change_decisions
from minori.registry.change_decisions import Agreement
from minori.registry.forms import Verbatim
from minori.registry.models import FrameworkVersion


class DecisionForm(forms.Form):
    """What is said of the request as a whole; the changes have forms of their own."""

    effective_from_round = forms.TypedChoiceField(
        label=_("Counts from"),
        coerce=int,
        help_text=_("Reports handed in already keep their version. Later rounds answer to the new one."),
    )
    funder_agreed_by = Verbatim(
        label=_("Who of the funding body agreed"),
        help_text=_("Needed where a change of short-term outcomes is approved."),
    )
    funder_agreed_on = forms.DateField(label=_("Agreed on"), required=False, widget=forms.DateInput())
    funder_note = Verbatim(
        label=_("Note on the agreement"), help_text=_("Its number, or how it was given."), rows=2
    )
    words = Verbatim(label=_("A word on the whole request"), rows=3)

    def __init__(self, *args: Any, grant: Grant, base: FrameworkVersion, **kwargs: Any) -> None:
        first = change_decisions.first_round(grant, base=base)
        super().__init__(*args, **kwargs)
        rounds = grant.programme.rounds.filter(number__gte=first).order_by("number")
        choices = [(one.number, one.title) for one in rounds]
        self.fields["effective_from_round"].choices = choices or [  # type: ignore[attr-defined]  # a ChoiceField
            (first, str(_("the next round, once it is set up")))
        ]

    def clean(self) -> dict[str, Any]:
        """Who and when stand together."""
        facts = super().clean() or self.cleaned_data
        who, when = facts.get("funder_agreed_by", "").strip(), facts.get("funder_agreed_on")
        if who and when is None and "funder_agreed_on" not in self.errors:
            self.add_error("funder_agreed_on", _("Say who agreed, and on which day."))
        if when is not None and not who:
            self.add_error("funder_agreed_by", _("Say who agreed, and on which day."))
        return facts

    def agreement(self) -> Agreement | None:
        """The agreement of the funder, where there is one."""
        facts = self.cleaned_data
        who, when = facts["funder_agreed_by"].strip(), facts["funder_agreed_on"]
        return Agreement(who, when, facts["funder_note"]) if who and when else None
