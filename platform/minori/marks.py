"""The marks between words, which differ from language to language. The only place that says them.

Everything follows the language in force, so a file for somebody else is written inside `translation.override`.
"""

from collections.abc import Iterable

from django.utils.translation import pgettext


def gap() -> str:
    """Between two things on one line: 「　」 (a full-width space), " · "."""
    return pgettext("between two things on one line", " · ")


def gapped(items: Iterable[object]) -> str:
    """Things beside each other on one line: 「甲　乙」, "A · B"; what is empty is left out."""
    return gap().join(text for item in items if (text := str(item)))


def comma() -> str:
    """Between items of a list: 「、」, ", "."""
    return pgettext("between items of a list", ", ")


def listed(items: Iterable[object]) -> str:
    """Things one behind the other: 「甲、乙」, "A, B"."""
    return comma().join(str(item) for item in items)


def colon() -> str:
    """Between a name and what is said of it: 「：」, ": "."""
    return pgettext("between a name and what is said of it", ": ")


def bracketed(value: object) -> str:
    """Words in brackets, with the space before them where the language has one; "" for nothing."""
    if not value:
        return ""
    return f"{pgettext('bracket', ' (')}{value}{pgettext('bracket', ')')}"


def dotted(items: Iterable[object]) -> str:
    """Words that belong together: 「甲・乙」, "A · B"."""
    return pgettext("between two words that belong together", " · ").join(str(item) for item in items)


def headed(name: str) -> str:
    """A short heading before what it is the heading of: 「【甲】」, "[A] "."""
    return pgettext("around the name of a place", "[%(name)s] ") % {"name": name}
