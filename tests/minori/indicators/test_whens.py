"""Achieve-by phrases of our own wording (whens.txt)."""

from pathlib import Path

import pytest

from minori.indicators.whens import WhenKind, read_when

LINES = [
    tuple(cell.strip() for cell in line.split("|"))
    for line in (Path(__file__).parent / "whens.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "kind", "first", "last"), LINES, ids=lambda cell: cell or "(nothing)")
def test_the_time_is_read_as_it_is_meant(text, kind, first, last):
    when = read_when(text.replace("\\n", "\n"))

    days = [day.isoformat() if day else "-" for day in (when.first, when.last)]
    assert (when.kind.value, *days) == (kind, first, last)


def test_there_are_phrases_for_every_kind():
    assert {kind for _text, kind, _first, _last in LINES} == set(WhenKind)


def test_several_times_are_kept_apart_in_the_order_of_the_text():
    when = read_when("①2024年3月末\n②2023/12/20")

    assert [(one.text, one.kind.value, one.last.isoformat()) for one in when.several] == [
        ("2024年3月末", "month", "2024-03-31"),
        ("2023/12/20", "date", "2023-12-20"),
    ]
