"""The cells of board and map, drawn without components: a page has hundreds of them."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext, pgettext

from minori.marks import bracketed
from minori.programmes.enums import Standing
from minori.ui.templatetags.ui_tags import (
    code_is_number,
    code_mark,
    code_number,
    code_word,
    day_short,
    days_words,
    late_words,
)
from reporting.portfolio.board import Cell, Row
from reporting.portfolio.progress_map import StripCell

register = template.Library()

_REASON = 20  # letters of why nothing is required


@register.filter
def board_cell(cell: Cell | None) -> SafeString:
    """The link of one cell: the state, its days, and what else an officer must see there; "" without a deadline."""
    if cell is None:
        return mark_safe("")
    line = cell.line
    place = _place("review:deadline" if line["filing"] else "setup:deadline", line["deadline"])
    said = " ".join(filter(None, _said(cell)))
    return mark_safe(  # noqa: S308 - every word is escaped where it is put together
        f'<a class="cell cell--{cell.state}" href="{place}"><b>{escape(_state(cell))}</b> <span>{said}</span></a>'
    )


@register.filter
def strip_cell(cell: StripCell, place: str) -> SafeString:
    """One cell of a strip: the row's number, its code, and the one of last time; `place` is the report or the plan."""
    facts, number = cell.cell, escape(cell.label)
    classes = (
        "strip__cell" + (" strip__cell--span" if cell.spans else "") + (" is-worse" if facts["worse"] else "")
    )
    together = f" {escape(gettext('together'))}" if cell.spans else ""
    said = cell.code != "missing" or facts["last"] is not None
    href = f"{place}#part-{facts['row']}" if said else place
    return mark_safe(  # noqa: S308 - every word is escaped where it is put together
        f'<li class="{classes}"><a href="{escape(href)}"><span class="strip__no">{number}{together}</span>'
        f' {code_mark(cell.code, "yes")} <span class="strip__last">{_last(cell)}</span></a></li>'
    )


@register.filter
def profile_of(row: Row) -> str:
    """The address of the organization's profile."""
    return _place("profiles:profile", row.slug)


@register.filter
def grant_of(row: Row) -> str:
    """The address of the grant."""
    return _place("setup:grant", row.code)


@register.filter
def report_of(row: Row) -> str:
    """Where the row's report of the shown round is read; before one was handed in, the grant."""
    now = row.now
    return _place("review:deadline", now.line["deadline"]) if now and now.line["filing"] else grant_of(row)


def _state(cell: Cell) -> str:
    revision = cell.line["revision"] or 0
    again = gettext("Revision %(n)s") % {"n": revision} + " " if revision > 1 else ""
    extended = cell.standing == Standing.OPEN and cell.extended
    return again + (gettext("extended") if extended else str(cell.standing.label))


def _said(cell: Cell) -> list[str]:
    said = [_days(cell)]
    if cell.on_behalf:
        said.append(_small(f"✉ {gettext('filed on behalf')}"))
    if cell.line["days_late"]:
        said.append(f'<span class="late">{escape(late_words(cell.line["days_late"]))}</span>')
    return [*said, *_dates(cell)]


def _days(cell: Cell) -> str:
    """How many days are left or over, or when it came; of what is not required the reason."""
    if cell.standing == Standing.OVERDUE:
        over = ngettext("%(days)s day", "%(days)s days", cell.days_over) % {"days": cell.days_over}
        return escape(over + bracketed(_short(cell.due_on)))
    if cell.standing in (Standing.RETURNED, Standing.OPEN):
        return escape(days_words(cell.days_left) + bracketed(_short(cell.due_on)))
    if cell.standing == Standing.WAIVED:
        return escape(Truncator(cell.line["waived_reason"]).chars(_REASON))
    if cell.handed_in_on is None:
        return ""
    return escape(pgettext("on the board", "in %(day)s") % {"day": _short(cell.handed_in_on)})


def _dates(cell: Cell) -> Iterator[str]:
    """What was agreed about its dates, or is asked."""
    if cell.extended_to and cell.standing not in (Standing.OPEN, Standing.OVERDUE):
        yield _small(gettext("extended to %(day)s") % {"day": _short(cell.extended_to)})
    if cell.closed:
        yield f'<small class="late">{escape(pgettext("handing in", "closed"))}</small>'
    elif cell.closes_on:
        yield _small(gettext("closes on %(day)s") % {"day": _short(cell.closes_on)})
    if cell.asked_until:
        words = gettext("asks for time until %(day)s") % {"day": _short(cell.asked_until)}
        yield f"<small><b>{escape(words)}</b></small>"


def _last(cell: StripCell) -> str:
    facts, last = cell.cell, cell.cell["last"]
    worse = f"{escape(gettext('worse,'))} " if facts["worse"] else ""
    if facts["cut"]:
        return worse + escape(gettext("comparison cut"))
    if last is None:
        return worse + "&nbsp;"
    heard = f'<span class="visually-hidden"> {escape(code_word(last))}</span>' if code_is_number(last) else ""
    return worse + escape(gettext("last %(code)s") % {"code": code_number(last)}) + heard


def _small(words: str) -> str:
    return f"<small>{escape(words)}</small>"


def _short(day: date) -> str:
    return _day(day, get_language())


@lru_cache(maxsize=2000)
def _day(day: date, _language: str | None) -> str:
    return escape(day_short(day))


def _place(route: str, key: object) -> str:
    """The address of a page by its number or short name: the route is asked once, hundreds of cells need it."""
    before, after = _around(route)
    return f"{before}{key}{after}"


@lru_cache(maxsize=8)
def _around(route: str) -> tuple[str, str]:
    before, _key, after = reverse(route, args=[0]).rpartition("/0/")
    return f"{before}/", f"/{after}"
