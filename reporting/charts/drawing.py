"""Drawing charts: for a page in this process, for papers in one of its own that ends.

The engine takes some hundred megabytes and never gives them back. A page needs a chart at once and again and again; who
makes a paper draws four of them once, and needs the memory for the paper.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from django.utils.html import escape

from reporting.charts import engine, plain
from reporting.charts.engine import FONT
from reporting.charts.places import Places
from reporting.charts.series import Chart

BESIDE = "Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif"
"""What a browser takes where the font of the measure is not there: fonts of the same widths."""

LOOK = 2
"""Counted up when charts come to look different, so that browsers ask for them anew."""

LONGEST_WAIT = 300
"""Seconds that the charts of one paper may take."""


def svg(chart: Chart, places: Places) -> str:
    """The chart as SVG for a page: texts stay texts, so a browser shows them in its own font, and marks lead to what they
    count. Heard as a group with its words and these links; what was drawn lately is not drawn again."""
    drawn = _drawn(json.dumps(plain.of(chart, places)))
    return drawn.replace("<svg ", f'<svg role="group" aria-label="{escape(chart.alt)}" ', 1)


@lru_cache(maxsize=32)
def _drawn(chart: str) -> str:
    drawn = engine.svg(json.loads(chart))
    return drawn.replace(f'font-family="{FONT}"', f"font-family=\"'{FONT}', {BESIDE}\"")


def svgs_for_paper(charts: Sequence[Chart]) -> list[bytes]:
    """The charts as SVG with the one font that the paper has."""
    return _apart("svg", charts)


def pngs(charts: Sequence[Chart]) -> list[bytes]:
    """The charts as pictures for documents, twice as fine as a screen."""
    return _apart("png", charts)


def _apart(kind: Literal["svg", "png"], charts: Sequence[Chart]) -> list[bytes]:
    """Draw them in a process that knows no more than the charts, and ends. Raises RuntimeError where it fails."""
    if not charts:
        return []
    command = [sys.executable, "-I", engine.__file__, kind]
    done = subprocess.run(
        command,
        input=json.dumps([plain.of(chart) for chart in charts]).encode(),
        capture_output=True,
        env={},
        timeout=LONGEST_WAIT,
        check=False,
    )
    if done.returncode:
        message = f"charts cannot be drawn: {done.stderr.decode(errors='replace')[-2000:]}"
        raise RuntimeError(message)
    drawn = [base64.b64decode(line) for line in done.stdout.splitlines()]
    assert len(drawn) == len(charts), "one picture for every chart"
    return drawn
