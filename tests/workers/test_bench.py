"""Benches print one line of JSON and change nothing."""

import json
from argparse import Namespace
from typing import Any

import pytest

from minori.audit.models import Event
from minori.problems import Problem
from reporting.summaries.models import Summary
from tests.factories import filings, programmes
from workers.commands import bench

pytestmark = pytest.mark.django_db


def test_compile_is_measured_on_the_round_with_the_most_filings(hikari: Any, kibou: Any, capsys: Any) -> None:
    few = programmes.deadline(organization=hikari)
    filings.handed_in(few)
    many = programmes.deadline(organization=hikari)
    other = programmes.grant(organization=kibou, of=many.grant.programme)
    for one in (many, programmes.deadline(of=other, round=many.round)):
        filings.handed_in(one)
    events = Event.objects.count()
    assert bench.run(Namespace(name="compile", repeat=1)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert (said["bench"], said["programme"]) == ("compile", many.grant.programme.code)
    assert (said["grants"], said["filings"], said["figures"]) == (2, 2, 6)
    assert all(said[ratio] > 0 for ratio in ("compile_to_aggregate", "loop_to_aggregate", "loop_to_compile"))
    assert (Event.objects.count(), Summary.objects.count()) == (events, 0)


def test_without_filings_there_is_nothing_to_measure() -> None:
    with pytest.raises(Problem, match="nothing to measure"):
        bench.run(Namespace(name="compile", repeat=1))


def test_paper_is_measured_cold_warm_and_beside_the_page(hikari: Any, capsys: Any) -> None:
    filings.handed_in(programmes.deadline(organization=hikari))
    assert bench.run(Namespace(name="paper", repeat=1)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert (said["bench"], said["rows"], said["photos"]) == ("paper", 1, 0)
    assert all(
        said[key] > 0 for key in ("cold_ms", "warm_ms", "page_ms", "cold_to_warm", "warm_to_page", "bytes")
    )
