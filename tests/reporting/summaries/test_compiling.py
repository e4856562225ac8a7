"""Summaries, worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from minori.audit.trail import Actor
from minori.filings import readings, reviewing, verifying
from minori.filings.enums import Aspect
from minori.filings.readings import Given
from minori.indicators.measures import Kind, Measure
from minori.indicators.statements import Covers
from minori.programmes import deadlines
from minori.programmes.enums import Standing
from minori.registry.models import RegisteredIndicator
from minori.report_forms.answers import Chosen
from reporting.summaries import compiling, queries, standing
from reporting.summaries import verifying as summaries
from reporting.summaries.models import Summary
from tests.factories import filings, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐藤 花子")
TWO_ROWS = [
    {"code": "0101", "statement": "（0101）居場所が開かれている", "indicators": [{"statement": "回数"}]},
    {"code": "0102", "statement": "（0102）相談につながる", "indicators": [{"statement": "件数"}]},
    {"code": "0103", "statement": "（0103）見守りが続く", "indicators": [{"statement": "世帯"}]},
]


@pytest.fixture
def programme(hikari: Any, kibou: Any) -> Any:
    """Two rounds; hikari and kibou with three outputs each, nothing handed in."""
    owner = programmes.programme(code="ibasho")
    first = programmes.round_(
        of=owner, opens_on=date(2026, 4, 1), due_on=date(2026, 4, 14), title="年度末報告（1年度目下期）"
    )
    second = programmes.round_(of=owner)
    owner.by = {}
    for organization in (hikari, kibou):
        grant = programmes.grant(of=owner, organization=organization)
        registry.registered(grant, registry.framework(TWO_ROWS))
        owner.by[organization.slug] = [programmes.deadline(of=grant, round=one) for one in (first, second)]
    owner.first, owner.second = first, second
    return owner


def compiled(round_: Any) -> Any:
    assert compiling.compile_round(round_.pk, at=AT)
    return Summary.objects.get(round=round_).contents


def codes(*progress: int | None) -> dict[str, dict[str, Any]]:
    return {
        row["code"]: {"text": "書いた", "progress": code, "remark": "事情" if code == 4 else ""}
        for row, code in zip(TWO_ROWS, progress, strict=True)
    }


def test_a_round_without_anything_handed_in_shows_every_plan_and_counts_nothing(programme):
    contents = compiled(programme.second)
    assert contents["totals"] == {
        "grants": 2,
        "required": 2,
        "handed_in": 0,
        "late": 0,
        "rows": 0,
        "reported_rows": 0,
        "codes": {"1": 0, "2": 0, "3": 0, "4": 0, "nothing": 0, "blank": 0},
        "worse": 0,
    }
    assert [[cell["code"] for cell in line["cells"]] for line in contents["map"]] == [
        ["0101", "0102", "0103"]
    ] * 2
    assert not any(line["handed_in"] for line in contents["map"])


def test_codes_blanks_and_what_got_worse_are_counted_by_hand(programme):
    before, now = programme.by["hikari"]
    filings.handed_in(before, rows=codes(2, 2, 4), at=datetime(2026, 4, 10, 3, 0, tzinfo=UTC))
    filings.handed_in(now, rows=codes(3, None, 3))
    contents = compiled(programme.second)
    line = next(line for line in contents["map"] if line["handed_in"])
    # 2 → 3 is worse; 2 → not reported is no comparison; 4 → 3 neither
    assert [cell["worse"] for cell in line["cells"]] == [True, False, False]
    assert [cell["last"] for cell in line["cells"]] == [2, 2, 4]
    assert line["counts"] == {"1": 0, "2": 0, "3": 2, "4": 0, "nothing": 0, "blank": 1}
    assert line["last_counts"] == {"1": 0, "2": 2, "3": 0, "4": 1, "nothing": 0, "blank": 0}
    assert contents["totals"]["rows"] == 3
    assert contents["totals"]["reported_rows"] == 2
    assert contents["totals"]["worse"] == 1


def test_a_blank_is_never_filled_down_but_a_stated_span_is_shown(programme):
    _, now = programme.by["hikari"]
    plan = registry.framework(TWO_ROWS)
    rows = {"0101": {"text": "x", "progress": 3, "covers": ("0103",)}}
    filings.handed_in(now, rows=rows)
    line = next(line for line in compiled(programme.second)["map"] if line["handed_in"])
    assert [cell["progress"] for cell in line["cells"]] == [3, None, 3]
    assert [cell["covered_by"] for cell in line["cells"]] == [None, None, str(plan.rows[0].uuid)]


def test_only_the_revision_that_counts_is_counted(programme):
    _, now = programme.by["hikari"]
    first = filings.handed_in(now, rows=codes(3, 3, 3))
    reviewing.send_back(
        now,
        filing=first,
        remarks=[reviewing.Remark("数を教えてください")],
        due_on=date(2026, 10, 27),
        by=OFFICER,
        at=AT,
    )
    assert compiled(programme.second)["totals"]["codes"]["3"] == 3
    filings.handed_in(now, rows=codes(2, 2, 2), at=AT)
    contents = compiled(programme.second)
    assert contents["totals"]["codes"] == {"1": 0, "2": 3, "3": 0, "4": 0, "nothing": 0, "blank": 0}
    assert [line["revision"] for line in contents["board"]] == [None, 2]


def test_late_is_that_of_the_first_revision_against_the_extension(programme):
    _, now = programme.by["kibou"]
    deadlines.extend(
        now,
        to=date(2026, 10, 16),
        reason="担当者の交代",
        by=OFFICER,
        at=datetime(2026, 10, 13, 3, 0, tzinfo=UTC),
    )
    # 23:59 on the 16th in Tokyo is on time, three days later is 3 days late
    filings.handed_in(now, at=datetime(2026, 10, 19, 3, 0, tzinfo=UTC))
    totals = compiled(programme.second)["totals"]
    assert (totals["handed_in"], totals["late"]) == (1, 1)
    line = next(
        line for line in Summary.objects.get(round=programme.second).contents["board"] if line["filing"]
    )
    assert line["days_late"] == 3


def test_what_is_waived_is_not_required(programme):
    deadlines.waive(programme.by["kibou"][1], reason="事業開始前", by=OFFICER, at=AT)
    assert compiled(programme.second)["totals"]["required"] == 1


def test_the_outlook_is_counted_by_what_was_chosen(programme):
    filings.handed_in(programme.by["hikari"][1], answers={"outlook": Chosen("3")})
    contents = compiled(programme.second)
    assert [(line["field"], line["value"], len(line["grants"])) for line in contents["outlook"]] == [
        ("outlook", "3", 1)
    ]


def test_overdue_is_derived_on_the_day(programme):
    contents = compiled(programme.second)
    line = contents["board"][0]
    facts = contents["round"]
    assert standing.of(line, facts, today=date(2026, 9, 30)) == Standing.NOT_OPEN
    assert standing.of(line, facts, today=date(2026, 10, 14)) == Standing.OPEN
    assert standing.of(line, facts, today=date(2026, 10, 15)) == Standing.OVERDUE


def test_a_fresh_summary_is_not_compiled_again_and_every_step_makes_it_stale(programme):
    compiled(programme.second)
    assert compiling.compile_round(programme.second.pk, at=AT) is False
    filings.handed_in(programme.by["hikari"][1])
    assert list(queries.stale_rounds()) == [programme.first, programme.second]
    assert compiling.compile_round(programme.second.pk, at=AT) is True
    assert list(queries.stale_rounds()) == [programme.first]


def test_a_failure_is_written_down_and_the_old_summary_stays(programme, monkeypatch):
    before = compiled(programme.second)
    filings.handed_in(programme.by["hikari"][1])
    monkeypatch.setattr(queries, "board", lambda round_id: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compiling.compile_round(programme.second.pk, at=AT)
    summary = Summary.objects.get(round=programme.second)
    assert summary.contents == before
    assert "division" in summary.failure
    monkeypatch.undo()
    compiling.compile_round(programme.second.pk, at=AT)
    summary.refresh_from_db()
    assert (summary.failure, summary.failed_at) == ("", None)


def test_compiling_takes_the_same_number_of_queries_for_one_and_for_two_organizations(
    programme, django_assert_num_queries
):
    filings.handed_in(programme.by["hikari"][1], rows=codes(1, 2, 3))
    with django_assert_num_queries(7):
        compiling.contents_of(programme.second)
    filings.handed_in(programme.by["kibou"][1], rows=codes(1, 2, 3))
    with django_assert_num_queries(7):
        compiling.contents_of(programme.second)


def test_verify_finds_nothing_in_what_the_rules_wrote_and_everything_that_was_meddled_with(programme):
    filings.handed_in(programme.by["hikari"][1], rows=codes(1, 2, 3))
    compiled(programme.second)
    assert list(verifying.differences()) == []
    assert list(summaries.differences()) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE summaries_summary SET contents = jsonb_set(contents, '{totals,late}', '7') WHERE round_id = %s",
            [programme.second.pk],
        )
    assert len(list(summaries.differences())) == 1


def test_nothing_to_report_is_counted_apart_from_zero_and_from_not_reported(programme):
    rows = {"0101": {"nothing": True}, "0102": {"nothing": True, "progress": 2}}
    filings.handed_in(programme.by["hikari"][1], rows=rows)
    contents = compiled(programme.second)
    assert contents["totals"]["codes"] == {"1": 0, "2": 1, "3": 0, "4": 0, "nothing": 1, "blank": 1}
    assert (contents["totals"]["reported_rows"], contents["totals"]["rows"]) == (1, 3)
    line = next(one for one in contents["map"] if one["handed_in"])
    assert [(cell["progress"], cell["nothing"]) for cell in line["cells"]] == [
        (None, True),
        (2, True),
        (None, False),
    ]
    assert list(verifying.differences()) == []


def test_a_summary_of_an_older_format_is_stale_until_it_is_compiled_again(programme):
    compiled(programme.second)
    summary = Summary.objects.get(round=programme.second)
    summary.contents["format"] = 1
    summary.save(update_fields=["contents"])
    assert not compiling.is_fresh(programme.second)
    assert programme.second in queries.stale_rounds()
    compiled(programme.second)
    assert programme.second not in queries.stale_rounds()


def test_a_report_of_the_last_round_that_changes_makes_the_next_rounds_summary_stale(programme):
    first, second = programme.by["hikari"]
    filings.handed_in(first, rows=codes(2, 2, 2), at=AT)
    filings.handed_in(second, rows=codes(3, 3, 3), at=AT)
    compiled(programme.first)
    assert compiled(programme.second)["totals"]["worse"] == 3
    assert compiling.is_fresh(programme.second)
    assert list(queries.stale_rounds()) == []
    reviewing.send_back(
        first,
        filing=first.current_filing,
        remarks=[reviewing.Remark("0101の進捗")],
        due_on=date(2026, 11, 1),
        by=OFFICER,
        at=AT,
    )
    filings.handed_in(first, rows=codes(3, 3, 3), at=AT)
    assert not compiling.is_fresh(programme.second)
    assert list(queries.stale_rounds()) == [programme.first, programme.second]
    assert compiled(programme.second)["totals"]["worse"] == 0
    compiled(programme.first)
    assert list(summaries.differences()) == []


def test_a_later_round_leaves_earlier_summaries_fresh(programme):
    compiled(programme.first)
    compiled(programme.second)
    filings.handed_in(programme.by["hikari"][1], at=AT)
    assert compiling.is_fresh(programme.first)
    assert list(queries.stale_rounds()) == [programme.second]


def test_a_reading_makes_the_summaries_stale_that_it_can_change(programme):
    _, now = programme.by["hikari"]
    filing = filings.handed_in(now, at=AT, rows=codes(2, 2, 2))
    compiled(programme.first)
    compiled(programme.second)
    figure = filing.figures.filter(indicator_uuid__isnull=False).first()
    times = Measure("72回", Kind.EXACT, value=Decimal(72), unit="回")
    reading = readings.confirm(figure, given=Given(measure=times, covers=Covers.START), by=OFFICER, at=AT)
    assert list(queries.stale_rounds()) == [programme.second]
    compiled(programme.second)
    assert compiling.is_fresh(programme.second)
    readings.withdraw(reading, by=OFFICER, at=AT)
    assert not compiling.is_fresh(programme.second)
    compiled(programme.second)
    indicator = RegisteredIndicator.objects.filter(row__version__grant=now.grant).order_by("pk").first()
    readings.confirm(indicator, aspect=Aspect.TARGET, given=Given(measure=times), by=OFFICER, at=AT)
    assert list(queries.stale_rounds()) == [programme.first, programme.second]


def test_readings_are_counted_themselves_not_only_their_events(programme):
    """At hand-in an organization's readings have one event together; and nothing else may slip past either."""
    _, now = programme.by["hikari"]
    filing = filings.handed_in(now, at=AT, rows=codes(2, 2, 2))
    compiled(programme.second)
    figure = filing.figures.filter(indicator_uuid__isnull=False).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO filings_reading (organization_id, grant_id, round_id, figure_id, aspect, withdrawn, measure,"
            " covers, reached, side, at, by_name)"
            " VALUES (%s, %s, %s, %s, 'actual', false, '{\"format\": 1}', 'start', '', 'desk', %s, '')",
            [now.organization_id, now.grant_id, now.round_id, figure.pk, AT],
        )
    assert programme.second in queries.stale_rounds()
    assert not compiling.is_fresh(programme.second)
    assert [one for one in verifying.differences() if "no measure" in one]
