"""Signals from what was really handed in: compiled with the summary, verified, in a fixed number of reads."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minori.audit.trail import Actor
from minori.filings import readings
from minori.filings.enums import Aspect
from minori.filings.readings import Given
from minori.indicators.measures import Kind as MeasureKind
from minori.indicators.measures import Measure
from minori.indicators.statements import Covers
from minori.programmes import deadlines as due
from minori.registry.models import RegisteredIndicator
from minori.report_forms.answers import Chosen, Written
from reporting.signals import limits
from reporting.summaries import compiling, verifying
from reporting.summaries.models import Summary
from tests.factories import filings, programmes, registry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐藤 花子")
PLAN = [
    {
        "code": "0101",
        "statement": "（0101）居場所が開かれている",
        "indicators": [{"statement": "回数", "target": "100回", "baseline": "60回"}],
    },
    {"code": "0102", "statement": "（0102）相談につながる", "indicators": [{"statement": "件数"}]},
]
LONG = "週3回の開所を続けている。利用する子どもは前の期とほぼ同じ人数である。"
QUIET = {"unchanged_characters": 10_000, "silent_rounds": 20}


@pytest.fixture
def world(hikari: Any, kibou: Any) -> Any:
    """Two rounds; hikari and kibou with the same plan, nothing handed in."""
    owner = programmes.programme(code="ibasho")
    owner.first = programmes.round_(
        of=owner, opens_on=date(2026, 4, 1), due_on=date(2026, 4, 14), title="年度末報告（1年度目下期）",
        period_starts_on=date(2025, 10, 1), period_ends_on=date(2026, 3, 31),
    )  # fmt: skip
    owner.second = programmes.round_(of=owner)
    owner.by = {one.slug: deadlines(owner, one) for one in (hikari, kibou)}
    return owner


def deadlines(owner: Any, organization: Any) -> list[Any]:
    grant = programmes.grant(of=owner, organization=organization)
    registry.registered(grant, registry.framework(PLAN))
    return [programmes.deadline(of=grant, round=one) for one in (owner.first, owner.second)]


def hand_in(deadline: Any, *codes: int | None, text: str = "", day: int = 10, answers: Any = None) -> Any:
    month = 4 if deadline.round.number == 1 else 10
    words = text or f"{deadline.round.title}の内容"
    rows = {
        row["code"]: {
            "text": f"{words}{row['code']}",
            "progress": code,
            "remark": "事情" if code == 4 else "",
        }
        for row, code in zip(PLAN, codes, strict=True)
    }
    own = {"outlook": Chosen("1"), "activities": Written(f"{words}の活動")}
    return filings.handed_in(
        deadline, rows=rows, answers=own | (answers or {}), at=datetime(2026, month, day, 3, 0, tzinfo=UTC)
    )


def compiled(round_: Any) -> list[Any]:
    compiling.compile_round(round_.pk, at=AT)
    return Summary.objects.get(round=round_).signals


def said(signals: list[Any], *kinds: str) -> list[tuple[str, str]]:
    """Kind and name of these kinds (of all but the silent ones where none is named)."""
    return [
        (one["kind"], one["name"])
        for one in signals
        if (one["kind"] in kinds if kinds else one["kind"] != "no_number")
    ]


def test_behind_other_late_and_the_outlook_come_from_the_reports_of_two_rounds(world: Any) -> None:
    first, second = world.by["hikari"]
    hand_in(first, 3, 4, day=16)
    hand_in(second, 3, 3, day=17, answers={"outlook": Chosen("3")})
    quiet_first, quiet_second = world.by["kibou"]
    hand_in(quiet_first, 2, 2)
    hand_in(quiet_second, 2, 1)
    signals = compiled(world.second)
    assert said(signals) == [
        ("behind", "（0101）居場所が開かれている"),
        ("other", "（0102）相談につながる"),
        ("outlook", ""),
        ("late", ""),
    ]
    assert {one["grant"] for one in signals if one["kind"] != "no_number"} == {first.grant_id}
    late = next(one for one in signals if one["kind"] == "late")
    assert late["facts"]["days"] == [2, 3]
    assert said(compiled(world.first)) == []  # one round of either is none of these


def test_what_is_waived_is_not_noticed(world: Any) -> None:
    first, second = world.by["hikari"]
    hand_in(first, 3, 3)
    due.waive(second, reason="終了", by=OFFICER, at=AT)
    assert compiled(world.second) == []


def test_a_row_whose_code_a_person_stated_to_cover_it_counts_with_that_code(world: Any) -> None:
    for deadline, month in zip(world.by["hikari"], (4, 10), strict=True):
        rows = {"0101": {"text": f"{month}月", "progress": 3, "covers": ("0102",)}}
        filings.handed_in(deadline, rows=rows, at=datetime(2026, month, 10, 3, 0, tzinfo=UTC))
    assert said(compiled(world.second), "behind") == [
        ("behind", "（0101）居場所が開かれている"),
        ("behind", "（0102）相談につながる"),
    ]


def test_the_same_words_as_last_time_are_noticed_in_rows_and_in_questions(world: Any) -> None:
    first, second = world.by["hikari"]
    for deadline in (first, second):
        hand_in(deadline, 2, 2, text=LONG)
    elsewhere_first, elsewhere_second = world.by["kibou"]
    hand_in(elsewhere_first, 2, 2, text=LONG)
    hand_in(elsewhere_second, 2, 2, text=f"{LONG}新しいことも始めた。")
    (signal,) = [one for one in compiled(world.second) if one["kind"] == "unchanged"]
    assert signal["grant"] == first.grant_id
    assert signal["facts"]["rows"] == ["（0101）居場所が開かれている", "（0102）相談につながる"]
    assert signal["facts"]["fields"] == ["activities"]
    assert signal["facts"]["characters"] == 2 * len(f"{LONG}0101") + len(f"{LONG}の活動")


def test_numbers_say_what_is_worse_than_the_baseline_and_which_indicator_never_had_one(world: Any) -> None:
    first, second = world.by["hikari"]
    hand_in(first, 2, 2)
    filing = hand_in(second, 2, 2)
    indicator = RegisteredIndicator.objects.filter(row__version__grant=first.grant).order_by("pk").first()
    for aspect, value in ((Aspect.BASELINE, 60), (Aspect.TARGET, 100)):
        readings.confirm(indicator, aspect=aspect, given=Given(measure=times(value)), by=OFFICER, at=AT)
    figure = filing.figures.get(indicator_uuid=indicator.uuid)
    readings.confirm(figure, given=Given(measure=times(50), covers=Covers.START), by=OFFICER, at=AT)
    signals = [one for one in compiled(world.second) if one["grant"] == first.grant_id]
    below, silent = (next(one for one in signals if one["kind"] == kind) for kind in ("below", "no_number"))
    # from 60 to 100, now 50: (50 − 60) ÷ (100 − 60) is a quarter of the way back
    assert (below["name"], below["facts"]["achieved"]) == ("回数", "-1/4")
    assert silent["facts"] == {"indicators": ["件数"], "reports": 2}


def times(value: int) -> Measure:
    return Measure(f"{value}回", MeasureKind.EXACT, value=Decimal(value), unit="回")


def test_changed_thresholds_make_every_round_stale_and_count_once_compiled(world: Any) -> None:
    first, second = world.by["hikari"]
    hand_in(first, 3, 2)
    hand_in(second, 3, 2)
    assert said(compiled(world.second), "behind")
    usual = {name: getattr(limits.of(world), name) for name in limits.NUMBERS}
    limits.change(world, facts={**usual, "behind_rounds": 3, "worries": [], "off": []}, by=OFFICER, at=AT)
    assert not compiling.is_fresh(world.second)
    assert said(compiled(world.second), "behind") == []


def test_verify_compares_signals_too(world: Any) -> None:
    first, second = world.by["hikari"]
    hand_in(first, 3, 2)
    hand_in(second, 3, 2)
    compiled(world.second)
    assert list(verifying.differences()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE summaries_summary SET signals = '[]' WHERE round_id = %s", [world.second.pk])
    assert [one for one in verifying.differences() if "signals" in one] == [
        "ibasho round 2: the signals differ from what they are made of"
    ]


def test_compiling_takes_the_same_number_of_queries_for_1_3_and_30_organizations(
    world: Any, hikari: Any
) -> None:
    compiled(world.second)
    counts = []
    for more in (0, 2, 27):
        for _each in range(more):
            first, second = deadlines(world, hikari)
            hand_in(first, 3, 4, text=LONG)
            hand_in(second, 3, 4, text=LONG)
        with CaptureQueriesContext(connection) as queries:
            compiling.compile_round(world.second.pk, at=AT, force=True)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] == 34, counts
