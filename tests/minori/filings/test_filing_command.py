"""`minori filing`: the frozen contents on the terminal."""

import argparse
import json

import pytest

from minori.filings import handing_in
from minori.filings.commands import filing as command
from tests.factories import filings, programmes


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


@pytest.fixture
def grant(hikari):
    return programmes.grant(organization=hikari, code="seishinryo")


def test_the_contents_are_printed_in_japanese_characters(grant, capsys):
    filing = filings.handed_in(programmes.deadline(of=grant))
    assert run("seishinryo", "--json") == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == filing.contents
    assert "特定非営利活動法人 ひかり" in printed


def test_the_newest_round_and_the_revision_that_counts_are_taken(grant, capsys):
    first = programmes.deadline(of=grant)
    filings.handed_in(first)
    handing_in.recall(first, by=filings.WRITER, at=filings.AT)
    filings.handed_in(first)
    second = programmes.deadline(of=grant)
    filings.handed_in(second)
    programmes.deadline(of=grant)  # nothing handed in there
    assert run("seishinryo", "--json") == 0
    assert json.loads(capsys.readouterr().out) == second.current_filing.contents
    assert run("seishinryo", "--round", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["head"]["revision"] == 2
    assert run("seishinryo", "--round", "1", "--revision", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["head"]["revision"] == 1


def test_a_recalled_report_is_still_found(grant, capsys):
    deadline = programmes.deadline(of=grant)
    filings.handed_in(deadline)
    handing_in.recall(deadline, by=filings.WRITER, at=filings.AT)
    assert run("seishinryo", "--json") == 0
    assert json.loads(capsys.readouterr().out)["head"]["revision"] == 1


def test_without_json_the_head_is_printed(grant, capsys):
    filing = filings.handed_in(programmes.deadline(of=grant))
    assert run("seishinryo") == 0
    printed = capsys.readouterr().out
    assert filing.hash in printed
    assert "revision 1" in printed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nobody",), "There is no grant with the code “nobody”."),
        (("seishinryo", "--round", "9"), "“seishinryo” has no round 9; its rounds are: 1, 2."),
        (("seishinryo", "--round", "2"), "Nothing has been handed in for round 2 of “seishinryo” yet."),
        (("seishinryo", "--revision", "3"), "Round 1 of “seishinryo” has no revision 3; it has: 1."),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(grant, capsys, arguments, sentence):
    filings.handed_in(programmes.deadline(of=grant))
    programmes.deadline(of=grant)
    assert run(*arguments, "--json") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert sentence in printed.err


def test_a_grant_without_any_report_is_said(grant, capsys):
    assert run("seishinryo") == 1
    assert "Nothing has been handed in for “seishinryo” yet." in capsys.readouterr().err
