"""The most memory that taking a round along needs, as every kind of file: each made in a process that does nothing else.

One programme with so many organizations and six rounds, in a database of its own.
"""

import json
import subprocess
import sys
from typing import Any

from django.utils import timezone

from minori.audit.trail import Actor
from minori.programmes.models import Round
from reporting.exports import asking
from reporting.exports.enums import Kind
from reporting.summaries import compiling
from workers.bench import processes
from workers.bench.own_database import own_database
from workers.scheme import loading
from workers.scheme.size import Size

LANGUAGE = "ja"


def measure(*, repeat: int, organizations: int = 1000) -> dict[str, Any]:
    """Megabytes at the most, seconds and size of the file by kind; `repeat` is how often, and the most counts."""
    with own_database(say=_say):
        loading.load(Size(organizations=organizations), at=timezone.now(), by_rules_only=False, say=_say)
        round_ = _compiled()
        made = {kind.value: [_made(round_, kind) for _time in range(repeat)] for kind in Kind}
        return {
            "organizations": organizations,
            "rounds": round_.number,
            "peak_mb": max(one["peak_mb"] for every in made.values() for one in every),
            "peak_mb_by_kind": {kind: max(one["peak_mb"] for one in every) for kind, every in made.items()},
            "seconds": {kind: min(one["seconds"] for one in every) for kind, every in made.items()},
            "file_kb": {kind: every[0]["file_kb"] for kind, every in made.items()},
        }


def _compiled() -> Round:
    """The newest round in which anything was due, with its summaries made."""
    rounds = list(Round.objects.filter(deadlines__isnull=False).distinct().order_by("number"))
    for round_ in rounds:
        _say(f"compiling round {round_.number}")
        compiling.compile_round(round_.pk, at=timezone.now())
    return rounds[-1]


def _made(round_: Round, kind: Kind) -> dict[str, Any]:
    _say(kind.value)
    export = asking.ask(round_, kind=kind, language=LANGUAGE, by=Actor(None, "bench"), at=timezone.now())
    done = subprocess.run(
        [sys.executable, "-m", "workers.bench.export_peak", str(export.pk)],
        env=processes.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
