"""Measure something and print one line of JSON with ratios: `minori bench compile`."""

import argparse
import json

NEEDS_SERVERS = True
NEEDS_OWNER = "if known"  # some make a database of their own
MOST, LEAST_DEADLINES = 100_000, 100
BENCHES = {
    "compile": "workers.bench.compiling",
    "paper": "workers.bench.paper",
    "autosave": "workers.bench.autosaving",
    "measures": "workers.bench.measures",
    "summaries": "workers.bench.summaries",
    "organizations": "workers.bench.organizations",
    "pages": "workers.bench.pages",
    "reminders": "workers.bench.reminding",
    "sweep": "workers.bench.sweeping",
    "exports": "workers.bench.exports",
}
SIZED = frozenset({"summaries", "organizations", "exports"})
"""These make a database of their own with so many organizations, and take it away again."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", choices=BENCHES, help=f"one of: {', '.join(BENCHES)}")
    parser.add_argument(
        "--organizations",
        type=int,
        default=1000,
        help=f"how many there are (1000): {', '.join(sorted(SIZED))}",
    )
    parser.add_argument("--mails", type=int, default=3000, help="how many are sent (3000): reminders")
    parser.add_argument("--kills", type=int, default=50, help="how many senders are killed (50): reminders")
    parser.add_argument(
        "--deadlines", type=int, default=10_000, help="how many are waited for (10000): sweep"
    )
    parser.add_argument("--repeat", type=int, default=5, help="how often it is measured (5)")


def run(options: argparse.Namespace) -> int:
    """Run one bench; the data that are there are not changed."""
    from importlib import import_module

    from minori.problems import Problem

    if options.repeat < 1:
        msg = "A bench runs at least once."
        raise Problem(msg, exit_code=2)
    bench = import_module(BENCHES[options.name])
    sized = {"organizations": options.organizations} if options.name in SIZED else {}
    if sized and not 1 <= options.organizations <= MOST:
        msg = f"--organizations lies between 1 and {MOST}."
        raise Problem(msg, exit_code=2)
    if options.name == "reminders":
        sized = {"mails": options.mails, "kills": options.kills}
    if options.name == "sweep":
        if not LEAST_DEADLINES <= options.deadlines <= MOST:
            msg = f"--deadlines lies between {LEAST_DEADLINES} and {MOST}."
            raise Problem(msg, exit_code=2)
        sized = {"deadlines": options.deadlines}
    said = bench.measure(repeat=options.repeat, **sized)
    print(json.dumps({"bench": options.name, **said}, ensure_ascii=False))
    return 0
