"""A chart as plain data in the reader's language: what `engine` draws, ready for JSON. Pure."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from minori.marks import bracketed, colon, gapped
from reporting.charts.places import Places
from reporting.charts.series import Bars, Chart, Pace, Point

LARGEST = 200
"""Percent; what lies beyond is drawn at the edge, and the axis says so."""
_SPOTS = 40
"""Points within one of so many parts of a hundred percent lie on one another."""
_SHOWN = 14
"""A part of a bar has its count written on it where it is at least one in so many of the bar."""


def of(chart: Chart, places: Places | None = None) -> dict[str, Any]:
    """What is drawn of it, with all its words; with `places` its marks say what they show and lead there."""
    return _bars(chart, places) if isinstance(chart, Bars) else _pace(chart, places)


def _bars(chart: Bars, places: Places | None) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for bar in chart.bars:
        at = 0
        for sort in chart.sorts:
            count = bar.counts[sort.key]
            values.append(
                {
                    "round": bar.label,
                    "sort": sort.name,
                    "from": at,
                    "to": at + count,
                    "mid": at + count / 2,
                    "text": f"{sort.sign}{count}" if count * _SHOWN >= bar.total else "",
                }
            )
            if places:
                values[-1] |= {
                    "said": gapped((bar.label, sort.name)) + colon() + str(count),
                    "href": places.of_bar(chart, bar, sort),
                }
            at += count
        totals.append({"round": bar.label, "to": at, "text": str(at)})
    return {
        "kind": "bars",
        "unit": chart.unit,
        "sorts": [{"name": sort.name, "colour": sort.colour} for sort in chart.sorts],
        "values": values,
        "totals": totals,
    }


def _pace(chart: Pace, places: Places | None) -> dict[str, Any]:
    names = {True: _("behind the time gone"), False: _("level with the time gone, or ahead")}
    values: list[dict[str, Any]] = [
        {
            "time": min(float(point.time * 100), LARGEST),
            "achieved": max(min(float(point.achieved * 100), LARGEST), -LARGEST),
            "sort": names[point.behind],
            "number": number,
        }
        for point, number in zip(chart.points, _numbers(chart), strict=True)
    ]
    if places:
        for one, point in zip(values, chart.points, strict=True):
            one |= {"said": _said(point), "href": places.of_point(point)}
    beyond = any(abs(float(point.achieved * 100)) > LARGEST for point in chart.points)
    return {
        "kind": "pace",
        "time": _("Time gone in %"),
        "achieved": _("Achievement in % (beyond ±200 at the edge)") if beyond else _("Achievement in %"),
        "sorts": list(names.values()),
        "values": values,
        "top": max(100, *(one["achieved"] for one in values), 0),
        "low": min(0, *(one["achieved"] for one in values), 0),
        "right": max(100, *(one["time"] for one in values), 0),
    }


def _numbers(chart: Pace) -> Iterator[str]:
    """The number of each point in the table; of points that lie on one another the first has those of all."""
    if not chart.numbered:
        yield from ("" for _point in chart.points)
        return
    together: dict[tuple[float, float], list[int]] = {}
    for number, point in enumerate(chart.points, start=1):
        together.setdefault(_spot(point), []).append(number)
    for number, point in enumerate(chart.points, start=1):
        numbers = together[_spot(point)]
        yield ", ".join(map(str, numbers)) if numbers[0] == number else ""


def _spot(point: Point) -> tuple[float, float]:
    return round(float(point.time) * _SPOTS), round(float(point.achieved) * _SPOTS)


def _said(point: Point) -> str:
    return _("%(indicator)s: achievement %(achieved)s, time gone %(time)s") % {
        "indicator": (point.indicator or _("Indicator")) + bracketed(point.grant.organization),
        "achieved": point.achieved_percent,
        "time": point.time_percent,
    }
