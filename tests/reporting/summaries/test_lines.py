"""The lines of a compiled summary by themselves, and the counted inputs: written by the database, and the same facts."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Sum

from minori.audit.models import Event
from minori.filings.models import Reading
from minori.programmes import deadlines as rules
from reporting.summaries import compiling, inputs, queries, verifying
from reporting.summaries.models import GrantLine, InputCount, Summary
from tests.factories import filings, programmes
from tests.reporting.review.desk import desk

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def here(hikari: Any, kibou: Any) -> Any:
    """A round compiled with two grants: hikari's is handed in and behind, kibou's is awaited."""
    found = desk()
    filings.handed_in(found.deadline(hikari), rows={"0101": {"text": "12回", "progress": 3, "remark": "雨"}})
    found.deadline(kibou)
    compiling.compile_round(found.round.pk, at=AT)
    return found


def line_of(here: Any, organization: Any) -> GrantLine:
    return GrantLine.objects.get(round=here.round, grant__organization=organization)


def test_a_line_says_what_the_summary_says_of_its_grant(here, hikari, kibou):
    contents = Summary.objects.get(round=here.round).contents
    for place, one in enumerate(contents["board"], start=1):
        line = GrantLine.objects.get(round=here.round, grant=one["grant"])
        assert line.board == one
        assert line.place == place
        drawn = next(m for m in contents["map"] if m["grant"] == one["grant"])
        assert [cell["row"] for cell in line.strip["cells"]] == [cell["row"] for cell in drawn["cells"]]
        assert all("text" not in cell for cell in line.strip["cells"])
        assert line.strip["counts"] == drawn["counts"]
    filed = line_of(here, hikari)
    assert (filed.state, filed.behind, filed.worse, filed.blank) == ("handed_in", 1, 0, 0)
    assert {"text": "12回", "remark": "雨"}.items() <= next(iter(filed.texts.values())).items()
    awaited = line_of(here, kibou)
    assert (awaited.state, awaited.handed_in_at, awaited.behind) == ("awaiting", None, 0)
    assert hikari.name.lower() in filed.words


def test_the_brief_has_everything_but_the_lines(here):
    summary = Summary.objects.get(round=here.round)
    numbers = summary.brief.pop("numbers")
    assert summary.brief == {k: v for k, v in summary.contents.items() if k not in ("board", "map")}
    assert numbers == {
        "as_of": summary.numbers["as_of"],
        "coverage": summary.numbers["coverage"],
        "common": [],
    }


def test_the_date_in_force_is_that_of_the_extension_and_of_the_return(here, kibou):
    deadline = kibou.deadlines.get()
    rules.extend(deadline, to=date(2027, 1, 15), reason="台風のため", by=filings.EDITOR, at=AT)
    compiling.compile_round(here.round.pk, at=AT)
    assert line_of(here, kibou).due_on == date(2027, 1, 15)


def test_only_what_changed_is_written_again_and_what_is_gone_goes(here, hikari, kibou):
    before = {one.grant_id: one.pk for one in GrantLine.objects.filter(round=here.round)}
    filings.handed_in(kibou.deadlines.get())
    compiling.compile_round(here.round.pk, at=AT)
    after = {one.grant_id: one.pk for one in GrantLine.objects.filter(round=here.round)}
    assert after == before, "the rows are the same ones"
    assert line_of(here, kibou).state == "handed_in"
    summary = Summary.objects.get(round=here.round)
    left = summary.contents | {"board": summary.contents["board"][:1], "map": []}
    Summary.objects.filter(pk=summary.pk).update(contents=left)
    (one,) = GrantLine.objects.filter(round=here.round)
    assert (one.place, one.strip, one.texts) == (1, None, {})


def test_inputs_are_counted_as_they_are_added_and_folding_keeps_their_sum(here, hikari):
    def counted() -> int:
        return InputCount.objects.aggregate(all=Sum("count"))["all"]

    really = Event.objects.exclude(programme_id=None).count() + Reading.objects.count()
    assert counted() == really
    before = queries.count_inputs(here.round)
    for _again in range(3):
        filings.handed_in(here.deadline(hikari))
    compiling.compile_round(here.round.pk, at=AT)
    really, before = counted(), queries.count_inputs(here.round)
    rows = InputCount.objects.count()
    assert inputs.fold(beyond=1) > 0
    assert InputCount.objects.count() < rows
    assert counted() == really
    assert queries.count_inputs(here.round) == before
    assert compiling.is_fresh(here.round)
    filings.handed_in(here.deadline(hikari))
    assert queries.count_inputs(here.round) > before
    assert here.round in queries.stale_rounds()


def test_waking_a_compile_of_what_is_fresh_costs_three_short_reads(here, django_assert_num_queries):
    with django_assert_num_queries(3) as asked:
        assert not compiling.compile_round(here.round.pk, at=AT)
    assert not any("contents" in query["sql"] for query in asked.captured_queries)


def test_another_rounds_inputs_count_from_that_round_on(here, hikari):
    later = programmes.round_(of=here.programme, number=here.round.number + 1)
    deadline = programmes.deadline(of=hikari.grants.get(), round=later)
    before = queries.count_inputs(here.round)
    filings.handed_in(deadline)
    assert queries.count_inputs(here.round) == before
    assert queries.count_inputs(later) > before


def test_verify_tells_when_inputs_were_not_counted(here):
    assert list(verifying.differences()) == []
    InputCount.objects.filter(round_id=None).delete()
    (told,) = inputs.differences()
    assert told.startswith(here.programme.code)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("behind", 7),
        ("worse", 7),
        ("signal_count", 9),
        ("place", 5),
        ("lead", "ほかの人"),
        ("words", "ほかの名前"),
        ("due_on", date(2099, 1, 1)),
        ("days_late", 77),
        ("board", {"days_late": 77}),
        ("strip", None),
        ("texts", {}),
    ],
)
def test_verify_tells_when_a_line_says_something_else_than_the_summary(here, hikari, column, value):
    GrantLine.objects.filter(round=here.round, grant__organization=hikari).update(**{column: value})
    code = hikari.grants.get().code
    assert list(verifying.differences()) == [
        f"{here.programme.code} round 1: the lines that pages read differ from the summary: {code}"
    ]


def test_verify_tells_when_a_line_is_missing_and_when_totals_are_others(here, hikari, kibou):
    GrantLine.objects.filter(round=here.round, grant__organization=kibou).delete()
    summary = Summary.objects.get(round=here.round)
    totals = summary.brief["totals"] | {"handed_in": 999}
    Summary.objects.filter(pk=summary.pk).update(brief=summary.brief | {"totals": totals})
    told = list(verifying.differences())
    named = f"{here.programme.code} round 1"
    assert told == [
        f"{named}: the totals that pages read differ from the summary",
        f"{named}: the lines that pages read differ from the summary: {kibou.grants.get().code}",
    ]
