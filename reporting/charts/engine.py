"""Drawing what was said of a chart in plain data: Altair makes a specification, vl-convert an SVG or a PNG of it.

Nothing of ours and no Django is imported here, so that a process of its own begins quickly and holds little: run with
`svg` or `png`, this file takes a list of charts as JSON and answers with one picture a line, in base64. Pictures need no
system font.
"""

import base64
import json
import re
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular

FONT = "Noto Sans CJK JP"
WIDTH, BAR = 640, 40

_ELSEWHERE = "https://page.invalid"
"""Stands before our addresses while the engine draws: it puts one of its own before those without a server."""
_LINK = re.compile(rf'<a xlink:href="{re.escape(_ELSEWHERE)}([^"]*)">(<path )aria-label="([^"]*)"')

_drawing = threading.Lock()


def main() -> None:
    """Draw all that stands on the input."""
    draw = {"svg": lambda chart: svg(chart).encode(), "png": png}[sys.argv[1]]
    for chart in json.load(sys.stdin.buffer):
        sys.stdout.buffer.write(base64.b64encode(draw(chart)) + b"\n")


def svg(chart: dict[str, Any]) -> str:
    """A chart (`plain.of`) as SVG in the one font that papers have."""
    whole = chart | {"values": [_with_server(one) for one in chart["values"]]}
    spec = {"bars": _bars, "pace": _pace}[chart["kind"]](whole).to_dict()
    with _drawing:  # one at a time: each drawing takes memory
        drawn = str(_engine().vegalite_to_svg(spec, allowed_base_urls=[]))
    return _LINK.sub(_link, drawn)


def _with_server(value: dict[str, Any]) -> dict[str, Any]:
    return value | {"href": _ELSEWHERE + value["href"]} if "href" in value else value


def _link(found: re.Match[str]) -> str:
    """A link of ours around a mark, with its words; whoever comes by keyboard follows those of the table below."""
    return f'<a href="{found[1]}" tabindex="-1"><title>{found[3]}</title>{found[2]}aria-label="{found[3]}"'


def png(chart: dict[str, Any]) -> bytes:
    """A chart (`plain.of`) as a picture for documents, twice as fine as a screen."""
    drawn = svg(chart)
    with _drawing:
        return bytes(_engine().svg_to_png(drawn, scale=2.0))


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


def _bars(chart: dict[str, Any]) -> Any:
    altair = _altair()
    names = [sort["name"] for sort in chart["sorts"]]
    rounds = altair.Y(
        "round:N", sort=None, title=None, axis=altair.Axis(labelLimit=260, domain=False, ticks=False)
    )
    axis = altair.Axis(tickMinStep=1, tickCount=6, format="d")
    length = altair.X("from:Q", title=chart["unit"], axis=axis)
    base = altair.Chart(altair.Data(values=chart["values"]))
    colours = altair.Scale(domain=names, range=[sort["colour"] for sort in chart["sorts"]])
    legend = altair.Legend(
        title=None, orient="bottom", columns=3, labelLimit=300, symbolStrokeColor="#4d4d4d"
    )
    bars = base.mark_bar(stroke="#4d4d4d", strokeWidth=1, height={"band": 0.72}).encode(
        y=rounds,
        x=length,
        x2="to:Q",
        color=altair.Color("sort:N", scale=colours, sort=names, legend=legend),
        **_leading(chart),
    )
    words = base.mark_text(fontSize=13, color="#1a1a1a", aria=False).encode(
        y=rounds, x="mid:Q", text="text:N"
    )
    sums = (
        altair.Chart(altair.Data(values=chart["totals"]))
        .mark_text(align="left", dx=6, fontSize=13, fontWeight="bold", color="#1a1a1a", aria=False)
        .encode(y=rounds, x="to:Q", text="text:N")
    )
    height = max(1, len(chart["totals"])) * BAR
    return _styled((bars + words + sums).properties(width=WIDTH, height=height))


def _pace(chart: dict[str, Any]) -> Any:
    altair = _altair()
    ticks = altair.Axis(tickCount=6)
    line = (
        altair.Chart(altair.Data(values=[{"time": 0, "achieved": 0}, {"time": 100, "achieved": 100}]))
        .mark_line(color="#767676", strokeDash=[6, 4], aria=False)
        .encode(x="time:Q", y="achieved:Q")
    )
    names = chart["sorts"]
    points = (
        altair.Chart(altair.Data(values=chart["values"]))
        .mark_point(filled=True, size=110, opacity=0.75, stroke="#4d4d4d", strokeWidth=1)
        .encode(
            x=altair.X(
                "time:Q", title=chart["time"], axis=ticks, scale=altair.Scale(domain=[0, chart["right"]])
            ),
            y=altair.Y(
                "achieved:Q",
                title=chart["achieved"],
                axis=ticks,
                scale=altair.Scale(domain=[chart["low"], chart["top"]]),
            ),
            shape=altair.Shape(
                "sort:N",
                scale=altair.Scale(domain=names, range=["triangle-down", "circle"]),
                legend=altair.Legend(title=None, orient="bottom", labelLimit=300),
            ),
            color=altair.Color("sort:N", scale=altair.Scale(domain=names, range=["#c74700", "#115a36"])),
            **_leading(chart),
        )
    )
    numbers = (
        altair.Chart(altair.Data(values=chart["values"]))
        .mark_text(align="left", dx=9, fontSize=13, color="#1a1a1a", aria=False)
        .encode(x="time:Q", y="achieved:Q", text="number:N")
    )
    return _styled((line + points + numbers).properties(width=WIDTH, height=340))


def _leading(chart: dict[str, Any]) -> dict[str, Any]:
    """What makes marks say what they show and lead there, where the chart has places: all of its values or none."""
    if not all("href" in one for one in chart["values"]):
        return {}
    altair = _altair()
    return {"href": altair.Href("href:N"), "description": altair.Description("said:N")}


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


if __name__ == "__main__":
    main()
