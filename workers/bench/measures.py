"""Phrases into measures: what reading one costs, beside a pass that only looks for digits."""

import re
import time
from collections.abc import Callable
from typing import Any

from minori.indicators.reading import read
from minori.problems import Problem
from minori.registry.models import RegisteredIndicator

_DIGITS = re.compile(r"\d[\d,.]*")
_ENOUGH = 200


def measure(*, repeat: int) -> dict[str, Any]:
    """Microseconds for a target or baseline of the registered plans, and the ratio; of the runs the fastest counts."""
    rows = RegisteredIndicator.objects.values_list("target", "baseline")
    cells = [text for row in rows for text in row if text]
    if not cells:
        msg = "No plan is registered yet, so there is nothing to measure."
        raise Problem(msg, "`minori demo` loads plans into an empty database.")
    cells *= -(-_ENOUGH // len(cells))

    reading = _seconds(lambda: [read(text) for text in cells], repeat)
    digits = _seconds(lambda: [_DIGITS.findall(text) for text in cells], repeat)
    measures = [read(text) for text in cells]
    return {
        "cells": len(cells),
        "reading_us": round(reading / len(cells) * 1e6, 1),
        "digits_us": round(digits / len(cells) * 1e6, 2),
        "reading_to_digits": round(reading / digits, 1),
        "with_an_amount": round(sum(bool(one.is_numeric or one.parts) for one in measures) / len(cells), 3),
    }


def _seconds(work: Callable[[], object], repeat: int) -> float:
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)
