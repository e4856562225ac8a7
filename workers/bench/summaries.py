"""Compiling the whole scheme against the best loop over the organizations' rooms, and against the bare SQL.

Everything in one run on a database of its own, and all three must give equal figures.
"""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from minori.filings.enums import FigureKind
from minori.filings.models import Figure
from minori.organizations.models import Organization
from minori.programmes.models import Deadline, Round
from minori.tenancy.rooms import entering
from reporting.summaries import compiling, tallies
from workers.bench import processes
from workers.bench.own_database import own_database
from workers.scheme import loading
from workers.scheme.size import Size

PER_PROGRAMME = 10  # one distributor has 1–14 grants
INDICATORS = 20
_ROUNDS = 6


def measure(*, repeat: int, organizations: int = 1000) -> dict[str, Any]:
    """Seconds of each at the full size, their ratios, growth from a hundredth of it, and the memory of a compile."""
    with own_database(say=_say):
        smaller = {organizations // part // PER_PROGRAMME * PER_PROGRAMME for part in (100, 10)}
        steps = sorted({size for size in smaller if size} | {organizations})
        grown: dict[int, float] = {}
        for size in steps:
            made = time.perf_counter()
            _grow_to(size)
            made = time.perf_counter() - made
            grown[size] = _middle(_compile_all, repeat)
        said = _compare(repeat)
        return {
            "organizations": organizations,
            **said,
            **_one_step(repeat, said["compile_seconds"]),
            "growth": {str(size): round(seconds, 4) for size, seconds in grown.items()},
            "growth_to_linear": _to_linear(grown),
            **_round_of_words(),
            **processes.said_by("workers.bench.peak"),
            "made_in_seconds": round(made, 1),
        }


def _grow_to(organizations: int) -> None:
    size = Size(
        organizations=organizations,
        per_programme=PER_PROGRAMME,
        rounds=_ROUNDS,
        indicators=INDICATORS,
        complete=True,
    )
    loading.load(size, at=timezone.now(), by_rules_only=False, say=_say)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jit', 'off', false)")
    _analyze()


def _analyze() -> None:
    from minori.tenancy.rooms import as_owner

    with as_owner(), connection.cursor() as cursor:
        for table in (
            "filings_figure",
            "filings_filing",
            "filings_reading",
            "programmes_deadline",
            "audit_event",
        ):
            cursor.execute(f"VACUUM ANALYZE public.{table}")


def _compare(repeat: int) -> dict[str, Any]:
    """Compile, loop and bare SQL, taken in turns; equal figures or an AssertionError."""
    houses = list(Organization.objects.order_by("pk"))
    spent: dict[str, list[float]] = {"compile": [], "sql": [], "loop": []}
    works: dict[str, Callable[[], Any]] = {
        "compile": _compile_all,
        "sql": _bare,
        "loop": lambda: _loop(houses),
    }
    found = {name: work() for name, work in works.items()}  # the first of each warms up
    same = {name: _comparable(rows) for name, rows in found.items() if name != "compile"}
    compiled = _comparable(_compiled())
    assert compiled == same["sql"] == same["loop"], "the three ways give different figures"
    assert compiled, "nothing was compared"
    for turn in range(repeat):
        # in another order each time: whoever comes after the loop finds other pages in the server's memory
        names = deque(works)
        names.rotate(turn)
        for name in names:
            spent[name].append(_seconds(works[name]))
    middle = {name: median(times) for name, times in spent.items()}
    figures = Figure.objects.filter(kind=FigureKind.INDICATOR).count()
    return {
        "figures": figures,
        "lines": Figure.objects.count(),
        "rounds": Round.objects.count(),
        "times_faster_than_loop": round(middle["loop"] / middle["compile"], 1),
        "times_slower_than_sql": round(middle["compile"] / middle["sql"], 2),
        "compile_seconds": round(middle["compile"], 4),
        "loop_seconds": round(middle["loop"], 4),
        "sql_seconds": round(middle["sql"], 4),
    }


def _compile_all() -> int:
    return tallies.compile_scheme(at=timezone.now(), force=True)


def _bare() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(tallies.COUNT.format(filings="TRUE", deadlines="TRUE"))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [(grant, round_, *counts) for round_, grant, _o, _f, _late, _waived, _filing, *counts in rows]


def _loop(houses: list[Organization]) -> list[tuple[Any, ...]]:
    """One query of Django's in every room, with the counting left to PostgreSQL: as good as a loop can be."""
    found: list[tuple[Any, ...]] = []
    for house in houses:
        with entering(house):
            found.extend(_query())
    return found


def _query() -> Iterator[tuple[Any, ...]]:
    row, indicator = Q(kind=FigureKind.ROW), Q(kind=FigureKind.INDICATOR)
    figures = Figure.objects.filter(filing=F("filing__deadline__current_filing"))
    # nobody states one code for several rows in an invented scheme: the loop is spared the join for it
    shown = figures.alias(shown=Coalesce("progress", None))
    counts = {f"code_{code}": Count("pk", filter=row & Q(shown=code)) for code in (1, 2, 3, 4)}
    return iter(
        shown.order_by()
        .values("filing__deadline__grant_id", "filing__deadline__round_id")
        .annotate(
            **counts,
            nothing_said=Count("pk", filter=row & Q(shown=None, nothing=True)),
            blank=Count("pk", filter=row & Q(shown=None, nothing=False)),
            indicators=Count("pk", filter=indicator),
            with_text=Count("pk", filter=indicator & ~Q(text="")),
            shared_text=Count("pk", filter=indicator & Q(shared=True)),
            numbers=Count("readings", filter=Q(readings__withdrawn=False, readings__replaced_by=None)),
        )
        .values_list(
            "filing__deadline__grant_id",
            "filing__deadline__round_id",
            *counts,
            "nothing_said",
            "blank",
            "indicators",
            "with_text",
            "shared_text",
            "numbers",
        )
    )


def _compiled() -> list[tuple[Any, ...]]:
    from reporting.summaries.models import Tally

    return [
        (line[0], tally.round_id, *line[5:])
        for tally in Tally.objects.order_by("pk")
        for line in tally.lines
        if line[2] is not None
    ]


def _comparable(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in rows if row[2] is not None)


def _one_step(repeat: int, whole: float) -> dict[str, Any]:
    """Compiling again after one thing happened in one round."""
    times = []
    for turn in range(repeat):
        deadline = Deadline.objects.order_by("-pk").filter(round__number=1)[turn]
        with connection.cursor() as cursor:  # an event about its round, as any step records
            cursor.execute(
                "INSERT INTO audit_event (at, action, person_name, programme_id, round_id, from_state, to_state, details)"
                " VALUES (now(), 'answered', 'bench', %s, %s, '', '', '{}')",
                [deadline.grant.programme_id, deadline.round_id],
            )
        assert tallies.stale_rounds() == 1, "one step makes one round stale"
        times.append(_seconds(lambda: tallies.compile_scheme(at=timezone.now())))
    return {
        "one_hand_in_seconds": round(median(times), 4),
        "one_hand_in_to_whole": round(median(times) / whole, 3),
    }


def _round_of_words() -> dict[str, Any]:
    """The summaries with all their words, round by round: one of them, and how long all would take."""
    rounds = list(Round.objects.order_by("pk"))
    seconds = _seconds(lambda: compiling.contents_of(rounds[-1]))
    return {
        "one_round_with_words_seconds": round(seconds, 4),
        "programmes": len({one.programme_id for one in rounds}),
    }


def _to_linear(grown: dict[int, float]) -> float:
    """Seconds per organization at the full size, as a multiple of those at the smallest; 1 is linear, less is better."""
    small, large = min(grown), max(grown)
    return round((grown[large] / large) / (grown[small] / small), 3)


def _middle(work: Callable[[], Any], repeat: int) -> float:
    return median(_seconds(work) for _turn in range(repeat))


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
