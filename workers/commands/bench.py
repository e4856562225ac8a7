"""Measure something and print one line of JSON with ratios: `minori bench compile`."""

import argparse
import json

NEEDS_SERVERS = True
NEEDS_OWNER = False
BENCHES = {
    "compile": "workers.bench.compiling",
    "paper": "workers.bench.paper",
    "autosave": "workers.bench.autosaving",
    "measures": "workers.bench.measures",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", choices=BENCHES, help=f"one of: {', '.join(BENCHES)}")
    parser.add_argument("--repeat", type=int, default=5, help="how often it is measured (5)")


def run(options: argparse.Namespace) -> int:
    """Run one bench on the data that are there; they are not changed."""
    from importlib import import_module

    from minori.problems import Problem

    if options.repeat < 1:
        msg = "A bench runs at least once."
        raise Problem(msg, exit_code=2)
    bench = import_module(BENCHES[options.name])
    print(json.dumps({"bench": options.name, **bench.measure(repeat=options.repeat)}, ensure_ascii=False))
    return 0
