"""Look whether servers, logins, isolation and settings are as they should be; exits 1 when something is not."""

import argparse

NEEDS_OWNER = "if known"
_SIGNS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Print what was found, a line each."""
    from minori.local.findings import CHECKS, find

    grades = []
    for grade, sentence in find(CHECKS):
        print(f"{_SIGNS[grade]}  {sentence}", flush=True)
        grades.append(grade)
    return 1 if "error" in grades else 0
