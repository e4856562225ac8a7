"""The most memory that compiling a round and taking it along needs, as every kind of file: each in a process that does
nothing else, with what it starts.

One programme with so many organizations and six rounds, in a database of its own.
"""

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
    """Megabytes at the most, seconds and size of the file by kind; `repeat` is how often, and the most counts.

    `compile` is the newest round compiled with everything, and again after something happened in one grant.
    """
    with own_database(say=_say):
        loading.load(Size(organizations=organizations), at=timezone.now(), by_rules_only=False, say=_say)
        round_ = _compiled()
        _say("compiling in a process of its own")
        compiled = processes.said_by("workers.bench.peak")
        made = {kind.value: [_made(round_, kind) for _time in range(repeat)] for kind in Kind}
        return {
            "organizations": organizations,
            "rounds": round_.number,
            "compile": compiled,
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
    return processes.said_by("workers.bench.export_peak", str(export.pk))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
