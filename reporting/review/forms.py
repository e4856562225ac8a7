"""What an officer decides, as a page posts it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from minori.filings.reviewing import GENERAL_WORDS, Remark, says_nothing_of_its_own
from minori.programmes.calendar import sane_day
from minori.report_forms.texts import clean
from reporting.review.reading import WHOLE, input_name


class Decision(TextChoices):
    """The three decisions."""

    ACCEPT = "accept", _("accept")
    RETURN = "return", _("send back")
    REOPEN = "reopen", _("reopen")


class DecisionForm(forms.Form):
    """A decision about one revision; the comments are read by `remarks` and `typed`."""

    decide = forms.ChoiceField(
        choices=Decision, error_messages={"required": _("Choose “Accept” or “Send back”.")}
    )
    filing = forms.IntegerField(widget=forms.HiddenInput)
    due_on = forms.DateField(
        label=_("Due date if it is sent back"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        validators=[sane_day],
        error_messages={"invalid": _("Write the date as year-month-day, for example 2026-10-24.")},
    )
    words = forms.CharField(
        label=_("Words on the whole report, if it is sent back"),
        help_text=_(
            "They stand on top of what came back. With a comment on the whole report above, only words of your own are"
            " added."
        ),
        required=False,
        initial=GENERAL_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        strip=False,
    )
    everything = forms.BooleanField(
        label=_("Open the whole report if it is sent back"),
        help_text=_(
            "Otherwise only the parts with a comment open; the organization can open another one with a reason."
        ),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # neither required nor optional: which one it is depends on the button
        vars(self.fields["due_on"])["mark"] = "none"
        vars(self.fields["reason"])["mark"] = "required"
        vars(self.fields["words"])["mark"] = vars(self.fields["everything"])["mark"] = "none"

    def clean(self) -> dict[str, Any]:
        """A return and a reopening want a date; a reopening its reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        decide = cleaned.get("decide")
        if (
            decide in (Decision.RETURN, Decision.REOPEN)
            and "due_on" not in self.errors
            and not cleaned.get("due_on")
        ):
            self.add_error("due_on", _("Enter a date: until when is it to come back?"))
        if decide == Decision.REOPEN and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Give the reason."))
        return cleaned


def returned_with(comments: Mapping[str, str], words: str) -> dict[str, str]:
    """The comments of a return: its words stand on the whole report where no comment does, else below it."""
    general = comments.get(WHOLE, "")
    own = "" if says_nothing_of_its_own(words) else clean(words).strip()
    whole = "\n\n".join(text for text in (general, own) if text) or clean(words).strip()
    return {**comments, **({WHOLE: whole} if whole else {})}


def check_return(form: DecisionForm, comments: Mapping[str, str]) -> None:
    """A return says something of its own, and something on the whole report."""
    words = str(form.cleaned_data.get("words") or "")
    if not comments and (says_nothing_of_its_own(words) or not words.strip()):
        form.add_error(None, _("Write what should be changed: a report is sent back with a comment."))
    elif WHOLE not in returned_with(comments, words):
        form.add_error("words", _("Write a few words on the whole report too."))


def typed(posted: Mapping[str, Any], anchors: Iterable[str]) -> dict[str, str]:
    """The comments that stand in a posted form, by anchor; empty ones are left out."""
    texts = {anchor: clean(str(posted.get(input_name(anchor), ""))) for anchor in anchors}
    return {anchor: text for anchor, text in texts.items() if text.strip()}


def moved(posted: Mapping[str, Any], anchors: Iterable[str]) -> dict[str, str]:
    """`typed`, with comments at parts that are no longer in the report put below the one on the whole report."""
    known = typed(posted, anchors)
    names = {input_name(anchor) for anchor in known}
    prefix = input_name("x")[:-1]
    lost = [
        clean(str(posted.get(name)))
        for name in posted
        if name.startswith(prefix) and name not in names and str(posted.get(name)).strip()
    ]
    if lost:
        known[WHOLE] = "\n\n".join([text for text in (known.get(WHOLE, ""), *lost) if text])
    return known


def remarks(comments: Mapping[str, str]) -> list[Remark]:
    """Comments as the rules take them."""
    return [Remark(body=text.strip("\n"), anchor=anchor) for anchor, text in comments.items()]


def blank(*, filing_id: int, due_on: date) -> DecisionForm:
    """A form nobody has filled in, with the proposed date."""
    return DecisionForm(initial={"filing": filing_id, "due_on": due_on})
