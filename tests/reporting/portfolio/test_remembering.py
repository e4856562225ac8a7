"""Compiled numbers that were read lately: taken from memory only while their row is the same."""

from datetime import UTC, datetime
from typing import Any

import pytest

from reporting.portfolio import queries
from reporting.portfolio.remembering import Remembered
from reporting.summaries import compiling, stored
from reporting.summaries.numbers_shape import in_short
from tests.factories import filings
from tests.reporting.review.desk import desk

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)


def test_what_was_not_used_for_longest_goes_first():
    remembered = Remembered(most=10)
    for name in ("a", "b"):
        remembered.put(name, name, size=5)
    remembered.used("a")
    remembered.put("c", "c", size=5)
    assert set(remembered.held()) == {"a", "c"}
    remembered.put("larger than everything", "x", size=11)
    assert set(remembered.held()) == {"a", "c"}


@pytest.mark.django_db
def test_numbers_of_other_rounds_come_in_brief_and_whole_where_they_are_shown(hikari: Any):
    here = desk()
    filings.handed_in(here.deadline(hikari))
    compiling.compile_round(here.round.pk, at=AT)
    everything = stored.numbers(here.round.pk)
    assert everything is not None
    programme = here.round.programme
    for _again in range(2):
        (whole,) = queries.numbers(programme, whole=here.round.number)
        (brief,) = queries.numbers(programme)
        assert whole.numbers == {**everything, "lines": [in_short(line) for line in everything["lines"]]}
        assert brief.numbers["coverage"] == everything["coverage"]
        assert [line["indicator"] for line in brief.numbers["lines"]] == [
            line["indicator"] for line in everything["lines"]
        ]
