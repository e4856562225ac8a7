"""A chart as plain data in the reader's language: what `engine` draws, ready for JSON. Pure."""

from typing import Any

from django.utils.translation import gettext as _

from reporting.charts.series import Bars, Chart, Pace

LARGEST = 200
"""Percent; what lies beyond is drawn at the edge, and the axis says so."""
_SHOWN = 14
"""A part of a bar has its count written on it where it is at least one in so many of the bar."""


def of(chart: Chart) -> dict[str, Any]:
    """What is drawn of it, with all its words."""
    return _bars(chart) if isinstance(chart, Bars) else _pace(chart)


def _bars(chart: Bars) -> dict[str, Any]:
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
            at += count
        totals.append({"round": bar.label, "to": at, "text": str(at)})
    return {
        "kind": "bars",
        "unit": chart.unit,
        "sorts": [{"name": sort.name, "colour": sort.colour} for sort in chart.sorts],
        "values": values,
        "totals": totals,
    }


def _pace(chart: Pace) -> dict[str, Any]:
    names = {True: _("behind the time gone"), False: _("level with the time gone, or ahead")}
    values: list[dict[str, Any]] = [
        {
            "time": min(float(point.time * 100), LARGEST),
            "achieved": max(min(float(point.achieved * 100), LARGEST), -LARGEST),
            "sort": names[point.behind],
        }
        for point in chart.points
    ]
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
