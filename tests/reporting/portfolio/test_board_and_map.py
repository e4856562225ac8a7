"""The board and the map, from summaries written by hand."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from minori.programmes.enums import Standing
from minori.programmes.models import Distributor
from reporting.portfolio import board, progress_map, totals

TODAY = date(2026, 10, 20)
TOKYO = ZoneInfo("Asia/Tokyo")


def facts(number: int = 2, **fields: Any) -> Any:
    return {
        "id": number,
        "number": number,
        "title": f"第{number}回",
        "kind": "progress",
        "opens_on": "2026-10-01",
        "due_on": "2026-10-14",
        "edition": "2020",
        "edition_version": 1,
        **fields,
    }


def line(grant: int, **fields: Any) -> Any:
    return {
        "grant": grant,
        "grant_code": f"g-{grant}",
        "grant_title": "事業",
        "organization": grant,
        "organization_name": f"団体{grant}",
        "lead": "佐伯",
        "deputy": "",
        "deadline": grant,
        "state": "awaiting",
        "due_on": "2026-10-14",
        "extended_to": None,
        "returned_due_on": None,
        "filing": None,
        "revision": None,
        "handed_in_at": None,
        "first_handed_in_at": None,
        "days_late": None,
        "closes_on": None,
        "asked_until": None,
        "waived_reason": "",
        **fields,
    }


def summary(*lines: Any, number: int = 2, map_: Any = ()) -> Any:
    return {"round": facts(number), "board": list(lines), "map": list(map_)}


def cell(code: str, progress: int | None, **fields: Any) -> Any:
    return {
        "position": 0,
        "row": f"row-{code}",
        "parent": None,
        "code": code,
        "statement": "",
        "progress": progress,
        "covered_by": None,
        "last": None,
        "worse": False,
        "text": "",
        "remark": "",
        **fields,
    }


def map_line(grant: int, *cells: Any, worse: int = 0, handed_in: bool = True) -> Any:
    counts = {code: sum(str(one["progress"]) == code for one in cells) for code in "1234"}
    counts["blank"] = sum(one["progress"] is None for one in cells)
    return {
        "grant": grant,
        "handed_in": handed_in,
        "cells": list(cells),
        "counts": counts,
        "last_counts": None,
        "worse": worse,
    }


FILED = {"filing": 9, "revision": 1, "handed_in_at": "2026-10-13T15:30:00+00:00", "days_late": 0}


def test_the_most_urgent_stands_first():
    lines = [
        line(1, state="accepted", **FILED),
        line(2),
        line(3, state="returned", returned_due_on="2026-10-27", **FILED),
        line(4, state="handed_in", **FILED),
        line(5, extended_to="2026-10-31"),
        line(6, state="waived", waived_reason="開始前"),
    ]
    shown = board.of([summary(*lines)], shown=2, today=TODAY, zone=TOKYO)
    assert [row.now.standing for row in shown.rows] == [
        Standing.OVERDUE,
        Standing.RETURNED,
        Standing.HANDED_IN,
        Standing.OPEN,
        Standing.WAIVED,
        Standing.ACCEPTED,
    ]


def test_days_are_the_distributors_days():
    # 00:30 on the 14th in Tokyo, still the 13th in UTC
    shown = board.cell(line(1, state="handed_in", **FILED), facts(), today=TODAY, zone=TOKYO)
    assert shown.handed_in_on == date(2026, 10, 14)


def test_days_left_follow_the_date_in_force():
    assert board.cell(line(1), facts(), today=TODAY, zone=TOKYO).days_over == 6
    assert board.cell(line(1, extended_to="2026-10-31"), facts(), today=TODAY, zone=TOKYO).days_left == 11
    returned = line(1, state="returned", returned_due_on="2026-10-22", **FILED)
    assert board.cell(returned, facts(), today=TODAY, zone=TOKYO).days_left == 2


def test_later_rounds_are_no_columns_and_a_grant_without_a_deadline_has_no_cell():
    first, second, third = summary(line(1), number=1), summary(line(1), line(2)), summary(line(1), number=3)
    shown = board.of([first, second, third], shown=2, today=TODAY, zone=TOKYO)
    assert [column.round["number"] for column in shown.columns] == [2, 1]
    newcomer = next(row for row in shown.rows if row.grant == 2)
    assert newcomer.cells[1] is None


def test_filters_keep_lead_and_deputy_and_the_state_asked_for():
    shown = board.of(
        [summary(line(1), line(2, lead="大野", deputy="佐伯"), line(3, lead="大野"))],
        shown=2,
        today=TODAY,
        zone=TOKYO,
    )
    assert [row.grant for row in shown.rows if board.matches(row, officer="佐伯")] == [1, 2]
    assert [row.grant for row in shown.rows if board.matches(row, state="accepted")] == []


def test_a_code_over_several_rows_is_drawn_as_one_span():
    line_ = map_line(
        1,
        cell("1", 3),
        cell("0101", 3, covered_by="row-1"),
        cell("0102", 3, covered_by="row-1"),
        cell("2", None),
    )
    strip = progress_map.strip(line_)
    assert [(one.label, one.code) for one in strip] == [("1・0101–0102", 3), ("2", None)]


def test_not_reported_and_not_handed_in_are_different_things():
    reported, absent = map_line(1, cell("1", None)), map_line(2, cell("1", None), handed_in=False)
    assert progress_map.strip(reported)[0].code is None
    assert progress_map.strip(absent)[0].code == "missing"


def test_nothing_to_report_has_a_mark_of_its_own_unless_a_code_stands_there():
    line = map_line(1, cell("0101", None, nothing=True), cell("0102", 2, nothing=True), cell("0103", None))
    assert [one.code for one in progress_map.strip(line)] == ["nothing", 2, None]


def test_what_is_not_required_is_not_missing():
    whole = summary(line(1, state="waived", waived_reason="開始前"), line(2), map_=[map_line(1), map_line(2)])
    rows = board.of([whole], shown=2, today=TODAY, zone=TOKYO).rows
    assert {one.row.grant: one.waived for one in progress_map.of(whole, rows)} == {1: True, 2: False}


def test_what_got_worse_comes_first_and_the_filter_keeps_what_holds_the_code():
    whole = summary(
        line(1),
        line(2),
        line(3),
        map_=[
            map_line(1, cell("1", 2)),
            map_line(2, cell("1", 3, worse=True, last=2), worse=1),
            map_line(3, cell("1", 3), cell("2", 3)),
        ],
    )
    rows = board.of([whole], shown=2, today=TODAY, zone=TOKYO).rows
    assert [one.row.grant for one in progress_map.of(whole, rows)] == [2, 3, 1]
    assert [one.row.grant for one in progress_map.of(whole, rows, code="3")] == [2, 3]
    assert [one.row.grant for one in progress_map.of(whole, rows, code="worse")] == [2]


def test_the_outlook_tells_two_grants_of_one_organization_apart():
    one, two = (
        line(1, organization=7, organization_name="すずらん"),
        line(2, organization=7, organization_name="すずらん"),
    )
    whole = summary(one, two, line(3))
    whole["outlook"] = [
        {"field": "outlook", "value": "3", "grants": [1, 3]},
        {"field": "outlook", "value": "", "grants": [2]},
    ]
    shown = totals.outlook(whole, distributor=Distributor(), language="ja")
    assert [(count.label, count.organizations) for count in shown] == [
        ("3 課題がある", ("すずらん（事業）", "団体3")),
        ("", ("すずらん（事業）",)),
    ]
