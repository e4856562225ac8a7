"""Compile the summary of a programme's round now, in this process."""

import argparse

NEEDS_SERVERS = True
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("programme", metavar="PROGRAMME", help="the programme's code")
    parser.add_argument("round", metavar="ROUND", type=int, help="the round's number")
    parser.add_argument("--force", action="store_true", help="compile even when the summary is fresh")


def run(options: argparse.Namespace) -> int:
    """Compile one round; a programme or round that does not exist is told in a sentence with those that do."""
    from django.utils import timezone

    from minori.problems import Problem
    from minori.programmes.models import Programme, Round
    from reporting.summaries import compiling
    from reporting.summaries.models import Summary

    programme = Programme.objects.filter(code=options.programme).first()
    if programme is None:
        codes = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True)) or "none yet"
        wrong = f"There is no programme “{options.programme}”."
        raise Problem(wrong, f"Programmes: {codes}.", exit_code=2)
    round_ = Round.objects.filter(programme=programme, number=options.round).first()
    if round_ is None:
        numbers = ", ".join(str(one.number) for one in programme.rounds.order_by("number")) or "none yet"
        wrong = f"Programme “{programme.code}” has no round {options.round}."
        raise Problem(wrong, f"Rounds: {numbers}.", exit_code=2)
    compiled = compiling.compile_round(round_.pk, at=timezone.now(), force=options.force)
    summary = Summary.objects.get(round=round_)
    done = "compiled" if compiled else "was fresh already"
    print(f"{programme.code} round {round_.number}: {done}, as of {summary.as_of:%Y-%m-%d %H:%M:%S %Z}")
    return 0
