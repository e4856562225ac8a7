"""A programme's ladder as a person types it: days in a row, not one line a step."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from minori.accounts.enums import Language
from minori.mail.enums import DATED_LADDERS, Ladder, Wording
from minori.mail.laddering import MOST_STEPS, InForce, Wanted
from minori.mail.models import FURTHEST_STEP
from minori.mail.own_texts import STANDARD, BadText, check
from minori.mail.setting_models import OwnText
from minori.mail.wording import LONGEST_BODY, Words
from minori.ui.forms import said_later

_BETWEEN = re.compile(r"[\s,、，・;；]+")


class Days(forms.CharField):
    """Numbers of days, apart by commas, spaces or 、, in any digits: 「14、3」. Comes out as a list, each once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=300, **options)

    def clean(self, value: Any) -> Any:
        """The list of days. Raises ValidationError that names what cannot be read."""
        typed = super().clean(value)
        found: list[int] = []
        for part in filter(None, _BETWEEN.split(typed)):
            if not part.isdecimal():
                raise forms.ValidationError(
                    _(
                        "“%(part)s” is not a number of days. Write whole numbers with commas between, like 14, 3."
                    )
                    % {"part": part[:30]}
                )
            if len(part) > 6 or not 1 <= int(part) <= FURTHEST_STEP:  # noqa: PLR2004 - no number that long is a year
                raise forms.ValidationError(
                    _("%(part)s: write days from 1 to %(most)s.") % {"part": part[:30], "most": FURTHEST_STEP}
                )
            if int(part) not in found:
                found.append(int(part))
        return found


def _asks() -> forms.IntegerField:
    within = said_later(gettext_lazy("Write days from 1 to %(most)s, or leave it empty."), most=FURTHEST_STEP)
    return forms.IntegerField(
        label=gettext_lazy("Ask the officer first, from … days after on"),
        min_value=1,
        max_value=FURTHEST_STEP,
        required=False,
        help_text=gettext_lazy("Such mails wait for an officer's yes. Empty: they go out by themselves."),
        error_messages={"invalid": within, "min_value": within, "max_value": within},
    )


_ADDED = gettext_lazy("Several with commas between, like 14, 3. Empty: none.")


class LadderForm(forms.Form):
    """All ladders of a programme."""

    opening = forms.BooleanField(label=gettext_lazy("On the day it opens"), required=False)
    before = Days(label=gettext_lazy("Days before the due date"), help_text=_ADDED)
    on_the_day = forms.BooleanField(label=gettext_lazy("On the due date"), required=False)
    after = Days(label=gettext_lazy("Days after the due date"), help_text=_ADDED)
    asks_from = _asks()
    return_before = Days(label=gettext_lazy("Days before the due date of a return"), help_text=_ADDED)
    return_on_the_day = forms.BooleanField(label=gettext_lazy("On the due date of a return"), required=False)
    return_after = Days(label=gettext_lazy("Days after the due date of a return"), help_text=_ADDED)
    return_asks_from = _asks()
    approver = Days(
        label=pgettext_lazy("ladder", "Approver asked to check: days after being asked"), help_text=_ADDED
    )
    change = Days(
        label=pgettext_lazy("ladder", "Change request waits: days after it came to whoever has the word"),
        help_text=_ADDED,
    )
    invitation = Days(
        label=pgettext_lazy("ladder", "Invitation not accepted: days after it was sent"), help_text=_ADDED
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for names in (("before", "after"), ("return_before", "return_after")):
            if sum(len(facts.get(name) or []) for name in names) + 2 > MOST_STEPS:
                self.add_error(names[0], _("A ladder has at most %(most)s steps.") % {"most": MOST_STEPS})
        for name in ("approver", "change", "invitation"):
            if len(facts.get(name) or []) > MOST_STEPS:
                self.add_error(name, _("A ladder has at most %(most)s steps.") % {"most": MOST_STEPS})
        return facts

    def wanted(self) -> Wanted:
        """What was typed, once the form is valid."""
        said = self.cleaned_data
        due = [*([None] if said["opening"] else []), *_around(said, "")]
        asks = {Ladder.DUE: said["asks_from"], Ladder.RETURN: said["return_asks_from"]}
        return Wanted(
            days={
                Ladder.DUE: due,
                Ladder.RETURN: _around(said, "return_"),
                **{ladder: said[ladder.value] for ladder in Ladder if ladder not in DATED_LADDERS},
            },
            asks_from={ladder: days for ladder, days in asks.items() if days is not None},
        )


def typed(in_force: InForce | None = None, *, wanted: Wanted | None = None) -> dict[str, Any]:
    """A form's values from a ladder in force, or from one that is proposed."""
    said = wanted or (in_force.wanted() if in_force else Wanted({}))
    values: dict[str, Any] = {"opening": None in said.days.get(Ladder.DUE, ())}
    for ladder in Ladder:
        days = [one for one in said.days.get(ladder, ()) if one is not None]
        prefix = "" if ladder is Ladder.DUE else "return_"
        after = ", ".join(str(one) for one in sorted(days) if one > 0)
        if ladder not in DATED_LADDERS:
            values[ladder.value] = after
            continue
        values |= {
            f"{prefix}before": ", ".join(str(-one) for one in sorted(days) if one < 0),
            f"{prefix}on_the_day": 0 in days,
            f"{prefix}after": after,
            f"{prefix}asks_from": said.asks_from.get(ladder),
        }
    return values | {"seen": in_force.version if in_force else 0}


def _around(said: dict[str, Any], prefix: str) -> list[int]:
    middle = [0] if said[f"{prefix}on_the_day"] else []
    return [*(-one for one in said[f"{prefix}before"]), *middle, *said[f"{prefix}after"]]


class Lines(forms.CharField):
    """A text of several lines: browsers send each break as two characters, which count as one here."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"\r\n?", "\n", str(super().to_python(value) or "")).strip()


class TextForm(forms.Form):
    """One mail's subject and text in every language. Both empty: the standard text of that language."""

    def __init__(self, *args: Any, what: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        for language in Language:
            self.fields[f"{language.value}_subject"] = forms.CharField(
                label=pgettext_lazy("of a mail", "Subject"), required=False, strip=True
            )
            self.fields[f"{language.value}_body"] = Lines(
                label=pgettext_lazy("of a mail", "Text"),
                required=False,
                max_length=LONGEST_BODY,
                widget=forms.Textarea(attrs={"rows": 9}),
            )
            self.fields[f"{language.value}_seen"] = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        try:
            check(self.texts(), what=self.what)
        except BadText as problem:
            self.tell(problem)
        return facts

    def texts(self) -> dict[str, Words]:
        """What was typed, by language."""
        return {language: self._words(language) for language in Language.values}

    def seen(self) -> dict[str, int]:
        """The versions that were there when the page was opened."""
        return {language: self.cleaned_data[f"{language}_seen"] for language in Language.values}

    def tell(self, problem: BadText) -> None:
        """Say what is wrong with the texts, at their fields."""
        refused = set(self.errors)  # what is too long to be read is not missing
        for language, found in problem.problems.items():
            for one in found:
                if (name := f"{language}_{one.part}") not in refused:
                    self.add_error(name, one.sentence)

    def empty(self) -> None:
        """Back to the standard texts, whatever was typed."""
        parts = {f"{language}_{part}": "" for language in Language.values for part in ("subject", "body")}
        self.data = {**_plain(self.data), **parts}

    def again(self, now: Mapping[str, OwnText]) -> "TextForm":
        """The same words, to be saved over what is there now."""
        seen = {f"{language}_seen": text.version for language, text in now.items()}
        return TextForm({**_plain(self.data), **seen}, what=self.what)

    def _words(self, language: str) -> Words:
        subject = str(self.cleaned_data.get(f"{language}_subject") or "")
        body = str(self.cleaned_data.get(f"{language}_body") or "")
        return Words(subject, body) if subject or body else STANDARD


def _plain(data: Any) -> dict[str, Any]:
    """What was posted, one value a field."""
    return {name: data.get(name) for name in data}
