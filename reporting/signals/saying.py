"""Signals in words: a heading and the reason in a sentence, in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.report_forms.edition import Edition
from minori.ui.templatetags.ui_tags import code_word, day_year, percent
from reporting.signals.compiling import SignalLine
from reporting.signals.enums import SignalKind
from reporting.signals.rules import Kind

LONGEST = 40
MOST = 3
"""Names that stand in a sentence; the others are counted."""


@dataclass(frozen=True)
class Words:
    """What a page says of a signal: the heading, the reason, and the place in the report ("" for the whole)."""

    title: str
    reason: str
    place: str


def of(line: SignalLine, *, edition: Edition, language: str) -> Words:
    """The words of a stored signal; `edition` is the form of its round, with the labels that were completed."""
    facts: Any = line["facts"]
    match Kind(line["kind"]):
        case Kind.UNCHANGED:
            names = [*facts["rows"], *(_question(edition, one, language) for one in facts["fields"])]
            return Words(*_unchanged(facts, names), place="")
        case Kind.OUTLOOK:
            choice = _choice(edition, line["place"], facts["value"], language)
            title = _("Outlook: “%(choice)s”") % {"choice": choice}
            question = _question(edition, line["place"], language)
            return Words(title, _("The organization chose this in its report."), place=question)
        case kind:
            return Words(*_PLAIN[kind](facts), place=line["name"])


def kind_word(kind: str) -> str:
    """A kind as people read it."""
    return str(SignalKind(kind).label)


def _percent(text: str) -> str:
    one = Fraction(text)
    return percent(round(float(one), 6))


def _question(edition: Edition, key: str, language: str) -> str:
    try:
        field = edition.field(key)
        label = field.label.say(language) or edition.section_of(key).title.say(language)
    except KeyError:
        return key
    return str(label or key)


def _choice(edition: Edition, key: str, value: str, language: str) -> str:
    try:
        choices = edition.field(key).choices
    except KeyError:
        return value
    label = next((one.label.say(language) for one in choices if one.value == value), "")
    return f"{value} {label}".strip() if value.isdigit() else label or value


def _listed(names: Sequence[str], most: int = MOST) -> str:
    shown = pgettext("between the parts of a list", ", ").join(_quoted(one) for one in names[:most])
    rest = len(names) - most
    if rest <= 0:
        return shown
    return ngettext("%(names)s and %(count)s other", "%(names)s and %(count)s others", rest) % {
        "names": shown,
        "count": rest,
    }


def _quoted(name: str) -> str:
    return Truncator(" ".join(name.split())).chars(LONGEST)


def _behind(facts: Any) -> tuple[str, str]:
    count = len(facts["rounds"])
    title = ngettext("Behind plan in %(count)s report", "Behind plan %(count)s reports running", count)
    reason = _("“3 behind plan” in: %(rounds)s.") % {"rounds": _listed(facts["rounds"], most=6)}
    return title % {"count": count}, reason


def _other(facts: Any) -> tuple[str, str]:
    now = _("no code now") if facts["now"] is None else code_word(facts["now"])
    sentence = _("It was “4 other” in %(since)s and has not been on plan since; now: %(now)s.")
    return _("“4 other”, and no recovery"), sentence % {"since": facts["since"], "now": now}


def _passed(facts: Any) -> tuple[str, str]:
    day, title = day_year(date.fromisoformat(facts["due_on"])), _("Date to achieve by has passed")
    if facts["achieved"] is None:
        return title, _("It was to be achieved by %(day)s; no number says that it was.") % {"day": day}
    sentence = _("It was to be achieved by %(day)s; the achievement is %(achieved)s.")
    return title, sentence % {"day": day, "achieved": _percent(facts["achieved"])}


def _below(facts: Any) -> tuple[str, str]:
    sentence = _("The achievement is %(achieved)s: it moves away from the target.")
    return _("Worse than the baseline"), sentence % {"achieved": _percent(facts["achieved"])}


def _unchanged(facts: Any, names: list[str]) -> tuple[str, str]:
    title = ngettext(
        "%(count)s text is the same as last time", "%(count)s texts are the same as last time", len(names)
    )
    reason = ngettext(
        "%(count)s character is word for word that of the last report: %(places)s.",
        "%(count)s characters are word for word those of the last report: %(places)s.",
        facts["characters"],
    )
    return title % {"count": len(names)}, reason % {"count": facts["characters"], "places": _listed(names)}


def _no_number(facts: Any) -> tuple[str, str]:
    names = facts["indicators"]
    title = ngettext(
        "%(count)s indicator has never had a number",
        "%(count)s indicators have never had a number",
        len(names),
    )
    reason = ngettext(
        "No number is confirmed in %(count)s report: %(names)s.",
        "No number is confirmed in up to %(count)s reports: %(names)s.",
        facts["reports"],
    )
    return title % {"count": len(names)}, reason % {"count": facts["reports"], "names": _listed(names)}


def _late(facts: Any) -> tuple[str, str]:
    count = len(facts["rounds"])
    each = [
        ngettext("%(round)s (%(days)s day)", "%(round)s (%(days)s days)", days)
        % {"round": name, "days": days}
        for name, days in zip(facts["rounds"], facts["days"], strict=False)
    ]
    title = ngettext("Late %(count)s time", "Late %(count)s times", count) % {"count": count}
    return title, _("After the date in force: %(rounds)s.") % {"rounds": _listed(each, most=6)}


_PLAIN: dict[Kind, Callable[[Any], tuple[str, str]]] = {
    Kind.BEHIND: _behind,
    Kind.OTHER: _other,
    Kind.PASSED: _passed,
    Kind.BELOW: _below,
    Kind.NO_NUMBER: _no_number,
    Kind.LATE: _late,
}
