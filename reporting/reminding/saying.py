"""Steps of ladders in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.mail import laddering
from minori.mail.enums import Ladder
from minori.mail.ladders import Rung
from minori.programmes.holidays import TURN_OF_THE_YEAR, BusinessDay


def step(rung: Rung) -> str:
    """「14日前」, 「当日」, 「7日後」, 「受付開始」."""
    return _words(rung.days)


def named(key: str) -> str:
    """A step as the ledger names it, with its ladder where it is not that of the due date."""
    ladder, days = laddering.read_key(key)
    if ladder is Ladder.DUE:
        return _words(days)
    return _("%(ladder)s: %(step)s") % {"ladder": str(ladder.label).capitalize(), "step": _words(days)}


def _words(days: int | None) -> str:
    if days is None:
        return pgettext("step of a ladder", "opening")
    if days == 0:
        return pgettext("step of a ladder", "on the day")
    if days < 0:
        return ngettext("%(days)s day before", "%(days)s days before", -days) % {"days": -days}
    return ngettext("%(days)s day after", "%(days)s days after", days) % {"days": days}


def steps(rungs: Sequence[Rung]) -> str:
    """All steps of a ladder on one line; those that ask first are marked. "" where there are none."""
    comma = pgettext("between items of a list", ", ")
    return comma.join(
        _("%(step)s (asks first)") % {"step": step(rung)} if rung.asks_officer else step(rung)
        for rung in sorted(rungs, key=lambda rung: -1000 if rung.days is None else rung.days)
    )


def whole(
    rungs: Mapping[Ladder, Sequence[Rung]], ladders: Iterable[Ladder] = Ladder
) -> list[tuple[str, str]]:
    """A programme's ladders, each with its steps in words."""
    return [(str(ladder.label), steps(rungs.get(ladder, ()))) for ladder in ladders]


def day_off(day: date, name: str, *, works: BusinessDay) -> str:
    """Why no mail goes out on a day: the weekday, or the holiday's name; "" on a day on which offices work."""
    if works(day):
        return ""
    if name == TURN_OF_THE_YEAR:
        return _("turn of the year")
    return _("holiday, %(name)s") % {"name": name} if name else date_format(day, "l")
