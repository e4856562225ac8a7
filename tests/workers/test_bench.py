"""Benches print one line of JSON and change nothing."""

import json
from argparse import Namespace
from os import getpid
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from minori.audit.models import Event
from minori.problems import Problem
from minori.tenancy.rooms import entering
from reporting.summaries.models import Summary
from tenants.reports.models import Answer
from tests.factories import filings, people, programmes
from tests.tenants.reports.conftest import open_deadline
from workers.bench import pages
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


def test_an_autosave_is_measured_beside_a_bare_view_and_nothing_is_left(hikari: Any, capsys: Any) -> None:
    deadline = open_deadline(hikari)
    people.member(hikari, "editor")
    with entering(hikari):
        assert not Answer.objects.exists()
    before = Event.objects.count()
    assert bench.run(Namespace(name="autosave", repeat=1)) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["times_bare_view"] > 0
    assert said["rows_60_over_10"] > 0
    assert (Event.objects.count(), deadline.grant.framework_versions.count()) == (before, 1)
    with entering(hikari):
        assert not Answer.objects.exists()


def test_without_a_writer_no_autosave_is_measured() -> None:
    with pytest.raises(Problem, match="nothing to measure"):
        bench.run(Namespace(name="autosave", repeat=1))


def test_paper_is_measured_cold_warm_and_beside_the_page(hikari: Any, capsys: Any) -> None:
    filings.handed_in(programmes.deadline(organization=hikari))
    assert bench.run(Namespace(name="paper", repeat=1)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert (said["bench"], said["rows"], said["photos"]) == ("paper", 1, 0)
    assert all(
        said[key] > 0 for key in ("cold_ms", "warm_ms", "page_ms", "cold_to_warm", "warm_to_page", "bytes")
    )


@pytest.mark.django_db(transaction=True)
def test_the_whole_scheme_is_measured_in_a_database_of_its_own_and_nothing_is_left(capsys: Any) -> None:
    before, events = connection.settings_dict["NAME"], list(Event.objects.values_list("pk", flat=True))
    assert bench.run(Namespace(name="summaries", repeat=1, organizations=3)) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["organizations"], said["rounds"], said["figures"]) == (3, 6, 360)
    assert all(said[key] > 0 for key in ("times_faster_than_loop", "times_slower_than_sql", "peak_mb"))
    assert connection.settings_dict["NAME"] == before
    assert list(Event.objects.values_list("pk", flat=True)) == events
    assert _left_over() == []


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_export_is_measured_in_a_process_of_its_own_and_nothing_is_left(capsys: Any) -> None:
    assert bench.run(Namespace(name="exports", repeat=1, organizations=3)) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["organizations"], said["rounds"]) == (3, 6)
    assert set(said["peak_mb_by_kind"]) == {"docx", "pdf", "xlsx", "csv", "json"}
    assert said["peak_mb"] == max(said["peak_mb_by_kind"].values())
    assert all(said["compile"][key] > 0 for key in ("peak_mb", "largest_round_after_one_event_to_whole"))
    assert all(size > 0 for size in said["file_kb"].values())
    assert _left_over() == []


@pytest.mark.django_db(transaction=True)
def test_rooms_are_made_and_migrated_both_ways_and_nothing_is_left(capsys: Any) -> None:
    before, events = connection.settings_dict["NAME"], list(Event.objects.values_list("pk", flat=True))
    assert bench.run(Namespace(name="organizations", repeat=1, organizations=3)) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["organizations"], said["stock_rooms_measured"], said["our_rooms_measured"]) == (3, 1, 2)
    for ratio in ("new_times_faster", "schema_migration_times_faster", "other_migration_times_faster"):
        assert said[ratio] > 0
    # the first goes by Django's executor, the second by its statements, unless there is more to do
    assert (said["schema_migration_alike"], said["other_migration_alike"]) == (1, 0)
    assert connection.settings_dict["NAME"] == before
    assert list(Event.objects.values_list("pk", flat=True)) == events
    assert _left_over() == []


def test_rooms_of_one_organization_are_not_compared() -> None:
    with pytest.raises(Problem, match="2 or more"):
        bench.run(Namespace(name="organizations", repeat=1, organizations=1))


def test_pages_are_measured_whole_beside_a_bare_page_and_nothing_is_left(
    hikari: Any, kibou: Any, capsys: Any
) -> None:
    deadline = programmes.deadline(organization=hikari)
    programme = deadline.grant.programme
    for one in (deadline, programmes.deadline(of=programmes.grant(organization=kibou, of=programme))):
        filings.handed_in(one)
    people.officer(programme.distributor)
    assert bench.run(Namespace(name="pages", repeat=1)) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said["times_bare_page"]) == set(said["queries"]) == set(pages.PAGES)
    assert all(times > 0 for times in said["times_bare_page"].values())
    assert all(said["queries"][page] > said["bare_queries"] for page in pages.PAGES)
    # session, user, and one of its own
    assert (said["bare_queries"], said["organizations"], said["filings"]) == (3, 2, 2)
    assert said["rounds_compiled_here"] > 0
    assert said["reports_taken_in_here"] == 2
    assert not Summary.objects.exists()
    assert not Session.objects.exists()


def test_without_an_officer_no_page_is_measured(hikari: Any) -> None:
    filings.handed_in(programmes.deadline(organization=hikari))
    with pytest.raises(Problem, match="nothing to measure"):
        bench.run(Namespace(name="pages", repeat=1))


@pytest.mark.django_db(transaction=True)
def test_a_sweep_is_measured_against_the_query_that_finds_what_is_due(capsys: Any) -> None:
    assert bench.run(Namespace(name="sweep", repeat=1, deadlines=1000)) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["bench"], said["deadlines"], said["small_deadlines"]) == ("sweep", 1000, 100)
    assert said["sweep_to_query"] > 0
    assert said["growth"] > 0
    # ten reports have something due, each with two people; of those a week overdue the officer is asked
    assert 0 < said["written_mails"] <= 20
    assert _left_over() == []


@pytest.mark.parametrize("deadlines", [99, 100_001])
def test_a_sweep_over_too_few_or_too_many_reports_is_told(deadlines: int) -> None:
    with pytest.raises(Problem, match="--deadlines lies between 100 and 100000"):
        bench.run(Namespace(name="sweep", repeat=1, deadlines=deadlines))


def test_a_size_that_no_bench_can_have_is_told() -> None:
    with pytest.raises(Problem, match="between 1 and"):
        bench.run(Namespace(name="summaries", repeat=1, organizations=0))


def _left_over() -> list[str]:
    """Databases and roles of this process's benches: others may be measuring in theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %(name)s)"
            " UNION ALL SELECT rolname FROM pg_roles WHERE starts_with(rolname, %(name)s)",
            {"name": f"minori_bench_{getpid()}"},
        )
        return [name for (name,) in cursor.fetchall()]
