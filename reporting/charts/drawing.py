"""Drawing a chart: Altair says it as data, vl-convert makes an SVG or a PNG of it. Pictures need no system font."""

import threading
from functools import cache
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
from django.utils.translation import gettext as _

from reporting.charts.series import Bars, Chart, Pace

FONT = "Noto Sans CJK JP"
BESIDE = "Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif"
"""What a browser takes where the font of the measure is not there: fonts of the same widths."""

WIDTH, BAR, LARGEST = 640, 40, 200
LOOK = 1
"""Counted up when charts come to look different, so that browsers ask for them anew."""

_drawing = threading.Lock()


def svg(chart: Chart) -> str:
    """The chart as SVG: texts stay texts, so a browser shows them in its own font."""
    return _svg(chart).replace(f'font-family="{FONT}"', f"font-family=\"'{FONT}', {BESIDE}\"")


def svg_for_paper(chart: Chart) -> bytes:
    """The chart as SVG with the one font that the paper has."""
    return _svg(chart).encode()


def png(chart: Chart) -> bytes:
    """The chart as a picture for documents, twice as fine as a screen."""
    drawn = _svg(chart)
    with _drawing:
        return bytes(_engine().svg_to_png(drawn, scale=2.0))


def _svg(chart: Chart) -> str:
    spec = (_bars(chart) if isinstance(chart, Bars) else _pace(chart)).to_dict()
    with _drawing:  # one at a time: each drawing takes memory
        return str(_engine().vegalite_to_svg(spec, allowed_base_urls=[]))


@cache
def _engine() -> Any:
    """The engine with our fonts; loaded when the first chart is drawn."""
    import vl_convert

    for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold):
        vl_convert.register_font_directory(str(Path(str(package.FONT_PATH)).parent))
    return vl_convert


@cache
def _altair() -> Any:
    """Altair, loaded when the first chart is said."""
    import altair

    return altair


def _bars(chart: Bars) -> Any:
    altair = _altair()
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
                    "text": f"{sort.sign}{count}" if count * 14 >= bar.total else "",
                }
            )
            at += count
        totals.append({"round": bar.label, "to": at, "text": str(at)})
    names = [sort.name for sort in chart.sorts]
    rounds = altair.Y(
        "round:N", sort=None, title=None, axis=altair.Axis(labelLimit=260, domain=False, ticks=False)
    )
    length = altair.X("from:Q", title=chart.unit, axis=altair.Axis(tickMinStep=1, tickCount=6, format="d"))
    base = altair.Chart(altair.Data(values=values))
    colours = altair.Scale(domain=names, range=[sort.colour for sort in chart.sorts])
    legend = altair.Legend(
        title=None, orient="bottom", columns=3, labelLimit=300, symbolStrokeColor="#4d4d4d"
    )
    bars = base.mark_bar(stroke="#4d4d4d", strokeWidth=1, height={"band": 0.72}).encode(
        y=rounds, x=length, x2="to:Q", color=altair.Color("sort:N", scale=colours, sort=names, legend=legend)
    )
    words = base.mark_text(fontSize=13, color="#1a1a1a").encode(y=rounds, x="mid:Q", text="text:N")
    sums = (
        altair.Chart(altair.Data(values=totals))
        .mark_text(align="left", dx=6, fontSize=13, fontWeight="bold", color="#1a1a1a")
        .encode(y=rounds, x="to:Q", text="text:N")
    )
    return _styled((bars + words + sums).properties(width=WIDTH, height=max(1, len(chart.bars)) * BAR))


def _pace(chart: Pace) -> Any:
    altair = _altair()
    names = {True: _("behind the time gone"), False: _("level with the time gone, or ahead")}
    values: list[dict[str, Any]] = [
        {
            "time": min(float(point.time * 100), LARGEST),
            "achieved": max(min(float(point.achieved * 100), LARGEST), -LARGEST),
            "sort": names[point.behind],
        }
        for point in chart.points
    ]
    top = max(100, *(one["achieved"] for one in values), 0)
    low = min(0, *(one["achieved"] for one in values), 0)
    beyond = any(abs(float(point.achieved * 100)) > LARGEST for point in chart.points)
    title = _("Achievement in % (beyond ±200 at the edge)") if beyond else _("Achievement in %")
    right = max(100, *(one["time"] for one in values), 0)
    ticks = altair.Axis(tickCount=6)
    line = (
        altair.Chart(altair.Data(values=[{"time": 0, "achieved": 0}, {"time": 100, "achieved": 100}]))
        .mark_line(color="#767676", strokeDash=[6, 4])
        .encode(x="time:Q", y="achieved:Q")
    )
    points = (
        altair.Chart(altair.Data(values=values))
        .mark_point(filled=True, size=110, opacity=0.75, stroke="#4d4d4d", strokeWidth=1)
        .encode(
            x=altair.X(
                "time:Q", title=_("Time gone in %"), axis=ticks, scale=altair.Scale(domain=[0, right])
            ),
            y=altair.Y("achieved:Q", title=title, axis=ticks, scale=altair.Scale(domain=[low, top])),
            shape=altair.Shape(
                "sort:N",
                scale=altair.Scale(domain=list(names.values()), range=["triangle-down", "circle"]),
                legend=altair.Legend(title=None, orient="bottom", labelLimit=300),
            ),
            color=altair.Color(
                "sort:N", scale=altair.Scale(domain=list(names.values()), range=["#c74700", "#115a36"])
            ),
        )
    )
    return _styled((line + points).properties(width=WIDTH, height=340))


def _styled(chart: Any) -> Any:
    return (
        chart.configure(font=FONT, background="#ffffff", padding=8)
        .configure_axis(
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelColor="#1a1a1a",
            gridColor="#e6e6e6",
        )
        .configure_legend(labelFontSize=13, symbolSize=160, rowPadding=4)
        .configure_view(strokeWidth=0)
    )
