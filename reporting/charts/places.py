"""Where a mark of a chart leads on the page: to what is counted there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from minori.programmes.enums import Standing
from reporting.charts.series import Bar, Bars, Point, Sort

_CODES = {sort: sort for sort in ("3", "4", "blank", "nothing")}
_STATES = {
    "overdue": Standing.OVERDUE.value,
    "open": Standing.OPEN.value,
    "waived": Standing.WAIVED.value,
}
_SHOWN = {"reached": "reached", "behind": "behind", "none": "none"}
"""What pages can be narrowed down to; the other sorts lead to the whole round."""


@dataclass(frozen=True)
class Places:
    """The addresses of a programme's pages; `number` is the round that the chart was asked for."""

    programme: str
    number: int

    def of_bar(self, chart: Bars, bar: Bar, sort: Sort) -> str:
        """The page that shows what a part of a bar counts."""
        asked = {"round": str(bar.number)}
        if chart.name == "achievement":
            page = reverse("portfolio:figures", args=[self.programme])
            return _with(page, asked | _one("show", _SHOWN, sort)) + "#achievement"
        page = reverse("portfolio:programme", args=[self.programme])
        if chart.name == "progress":
            return _with(page, asked | _one("code", _CODES, sort)) + "#map"
        return _with(page, asked | _one("state", _STATES, sort)) + "#board"

    def of_point(self, point: Point) -> str:
        """The indicator among its grant's numbers."""
        page = reverse("portfolio:numbers", args=[point.grant.code])
        return f"{_with(page, {'round': str(self.number), 'at': point.uuid})}#i-{point.uuid}"


def _one(name: str, known: dict[str, str], sort: Sort) -> dict[str, str]:
    return {name: known[sort.key]} if sort.key in known else {}


def _with(page: str, asked: dict[str, str]) -> str:
    return f"{page}?{urlencode(asked)}"
