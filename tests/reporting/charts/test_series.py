"""What the charts show, by hand: three kinds of nothing, late against extension, counts instead of means."""

import re
from datetime import date
from fractions import Fraction
from typing import Any, cast

import pytest
from django.utils import translation

from reporting.charts import drawing, engine, plain, series
from reporting.charts.places import Places
from reporting.charts.series import InRound, Point
from reporting.portfolio.queries import GrantFacts, Numbers

TODAY = date(2026, 10, 20)
PLACES = Places("ibasho", 2)
GRANTS = {1: GrantFacts("a", "居場所", "ひかり"), 2: GrantFacts("b", "食堂", "きぼう")}


def in_round(
    number: int, *, codes: dict[str, int], board: list[dict[str, Any]], opens_on: str = "2026-10-01"
) -> InRound:
    facts = {"number": number, "title": f"第{number}回", "opens_on": opens_on, "due_on": "2026-10-14"}
    return InRound(cast("Any", facts), cast("Any", {"codes": codes}), cast("Any", board))


def line(**more: Any) -> dict[str, Any]:
    usual = {
        "state": "awaiting",
        "due_on": "2026-10-14",
        "extended_to": None,
        "returned_due_on": None,
        "closes_on": None,
        "filing": None,
        "days_late": None,
    }
    return usual | more


def number_line(
    grant: int, achievement: str | None, time: str | None, *, met: bool = False
) -> dict[str, Any]:
    ahead = None if None in (achievement, time) else str(Fraction(achievement or 0) - Fraction(time or 0))
    return {
        "grant": grant,
        "indicator": f"i-{grant}",
        "mark": "①",
        "statement": "回数",
        "met": met,
        "ahead": ahead,
        "achievement": outcome(achievement),
        "time": outcome(time),
    }


def outcome(value: str | None) -> dict[str, Any]:
    return {
        "value": value,
        "unit": "",
        "reason": "" if value else "not_reported",
        "terms": [],
        "marks": [],
        "rule": "ratio",
        "expression": "",
        "parts": [],
    }


@pytest.fixture(autouse=True)
def _in_japanese() -> Any:
    with translation.override("ja"):
        yield


def test_progress_keeps_nothing_to_report_and_not_reported_apart():
    codes = {"1": 2, "2": 5, "3": 1, "4": 0, "nothing": 3, "blank": 4}
    bars = series.progress(
        [in_round(1, codes=codes, board=[]), in_round(2, codes=dict.fromkeys(codes, 0), board=[])]
    )
    (bar,) = bars.bars  # a round in which nothing was reported has no bar
    assert bar.counts == codes
    assert bar.total == 15
    assert "今期は報告なし 3、未報告 4" in bars.alt


def test_punctuality_counts_each_report_once_and_late_by_the_day_it_was_counted():
    board = [
        line(filing=1, state="handed_in", days_late=0),
        line(filing=2, state="accepted", days_late=3),
        line(),
        line(extended_to="2026-10-30"),
        line(state="waived"),
    ]
    bars = series.punctuality(
        [in_round(1, codes={}, board=board), in_round(2, codes={}, board=board, opens_on="2027-04-01")],
        today=TODAY,
    )
    (bar,) = bars.bars  # what has not opened is not shown
    assert bar.counts == {"in_time": 1, "late": 1, "overdue": 1, "open": 1, "waived": 1}


def test_achievement_is_counted_and_never_averaged():
    lines = [
        number_line(1, "1", "1/2", met=True),
        number_line(1, "3/5", "1/2"),
        number_line(2, "1/5", "1/2"),
        number_line(2, "1/5", None),
        number_line(2, None, "1/2"),
    ]
    compiled = Numbers(1, "第1回", TODAY, cast("Any", {"lines": lines}), cast("Any", None))
    (bar,) = series.achievement([compiled]).bars
    assert bar.counts == {"reached": 1, "ahead": 1, "behind": 1, "unknown": 1, "none": 1}


def test_pace_shows_what_has_both_and_says_how_many_are_behind():
    lines = [number_line(1, "1/4", "1/2"), number_line(2, "-1/10", "1/2"), number_line(2, "1", None)]
    compiled = Numbers(1, "第1回", TODAY, cast("Any", {"lines": lines}), cast("Any", None))
    pace = series.pace(compiled, GRANTS)
    assert [(one.achieved_percent, one.behind) for one in pace.points] == [
        ("25.0 %", True),
        ("-10.0 %", True),
    ]
    assert "2指標のうち、経過した期間より遅れているものは2指標" in pace.alt


def test_a_drawing_has_signs_words_and_no_script():
    codes = {"1": 2, "2": 5, "3": 2, "4": 0, "nothing": 3, "blank": 4}
    drawn = drawing.svg(series.progress([in_round(1, codes=codes, board=[])]), PLACES)
    assert "▼ 計画より遅れている" in drawn
    assert "▼2" in drawn
    assert drawn.startswith('<svg role="group" aria-label="進捗の推移。第1回：')
    for refused in ("<script", "style=", "onload", "xlink:href", "https:"):
        assert refused not in drawn


def test_marks_lead_to_what_they_count_and_say_it():
    codes = {"1": 2, "2": 5, "3": 2, "4": 0, "nothing": 3, "blank": 4}
    drawn = drawing.svg(series.progress([in_round(1, codes=codes, board=[])]), PLACES)
    links = re.findall(r'<a href="([^"]*)" tabindex="-1"><title>([^<]*)</title>', drawn)
    page = "/desk/programmes/ibasho/?round=1"
    assert links == [
        (f"{page}#map", "第1回　▲ 計画より進んでいる：2"),
        (f"{page}#map", "第1回　● 計画どおり進んでいる：5"),
        (f"{page}&amp;code=3#map", "第1回　▼ 計画より遅れている：2"),
        (f"{page}&amp;code=4#map", "第1回　◆ その他：0"),
        (f"{page}&amp;code=nothing#map", "第1回　/ 今期は報告なし：3"),
        (f"{page}&amp;code=blank#map", "第1回　– 未報告：4"),
    ]
    late = series.punctuality(
        [in_round(1, codes=codes, board=[line(due_on="2026-10-10"), line(state="waived")])], today=TODAY
    )
    drawn = drawing.svg(late, PLACES)
    assert f'href="{page}&amp;state=overdue#board"' in drawn
    assert f'href="{page}&amp;state=waived#board"' in drawn
    reached = series.achievement_of([series.Bar(1, "第1回", {one.key: 1 for one in series.ACHIEVED})])
    drawn = drawing.svg(reached, PLACES)
    assert 'href="/desk/programmes/ibasho/figures/?round=1&amp;show=behind#achievement"' in drawn
    point = Point(GRANTS[1], "0-1", "回数<\"&'>", Fraction(1, 2), Fraction(1, 4))
    drawn = drawing.svg(series.Pace("pace", "ペース", [point], 1), PLACES)
    assert 'href="/desk/grants/a/numbers/?round=2&amp;at=0-1#i-0-1"' in drawn
    assert "達成率 25.0 %、経過した期間 50.0 %</title>" in drawn
    assert "回数&lt;&quot;&amp;" in drawn
    assert "回数<" not in drawn


def test_points_have_the_numbers_of_the_table_and_share_a_place():
    def at(achieved: Fraction) -> Point:
        return Point(GRANTS[1], "i", "回数", Fraction(1, 2), achieved)

    three = [at(Fraction(1, 4)), at(Fraction(9, 10)), at(Fraction(251, 1000))]
    values = plain.of(series.Pace("pace", "ペース", three, 3))["values"]
    assert [one["number"] for one in values] == ["1, 3", "2", ""]
    many = series.Pace("pace", "ペース", three * 11, 33)
    assert not many.numbered
    assert {one["number"] for one in plain.of(many)["values"]} == {""}


def test_points_far_beyond_the_scale_are_drawn_at_its_edge_and_it_says_so():
    far = Point(GRANTS[1], "i", "回数", Fraction(1, 2), Fraction(30))
    near = Point(GRANTS[1], "i", "回数", Fraction(1, 2), Fraction(1, 2))
    assert "±200を超えるものは端に" in drawing.svg(series.Pace("pace", "ペース", [far, near], 2), PLACES)
    assert "±200" not in drawing.svg(series.Pace("pace", "ペース", [near], 1), PLACES)


def test_a_picture_is_made_without_a_font_of_the_system():
    codes = {"1": 2, "2": 5, "3": 1, "4": 0, "nothing": 3, "blank": 4}
    chart = series.progress([in_round(1, codes=codes, board=[])])
    (picture,), (paper,) = drawing.pngs([chart]), drawing.svgs_for_paper([chart])
    assert picture.startswith(b"\x89PNG")
    assert f'font-family="{drawing.FONT}"' in paper.decode()
    assert "<a " not in paper.decode()


def test_charts_of_papers_are_drawn_elsewhere_so_that_a_worker_keeps_its_memory():
    chart = series.progress([in_round(1, codes=dict.fromkeys("1234", 1), board=[])])
    before = engine._engine.cache_info()
    assert len(drawing.svgs_for_paper([chart, chart])) == 2
    assert drawing.pngs([]) == []
    assert engine._engine.cache_info() == before
