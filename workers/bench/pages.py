"""The desk's pages at the size of what is loaded, each against a bare Django page with session and one query.

`minori demo --organizations N` loads something large. The programme with the most grants is asked for, by one of its
own officers. Summaries and the search's passages that the workers have not made yet are made first.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import Count, Max, Q
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from minori.accounts.models import StaffMembership, User
from minori.filings.models import Filing
from minori.problems import Problem
from minori.programmes.models import Grant, Programme, Round
from reporting.reading import taking_in
from reporting.summaries import compiling
from workers.bench import bare

TURNS = 4  # of each page in every repeat
WORD = "学校"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the pages are about."""

    programme: Programme
    round: Round
    grant: Grant
    officer: User


PAGES: dict[str, Callable[[_Subject], str]] = {
    "home": lambda _one: reverse("portfolio:index"),
    "programme": lambda one: reverse("portfolio:programme", args=[one.programme.code]),
    "figures": lambda one: reverse("portfolio:figures", args=[one.programme.code]),
    "numbers": lambda one: reverse("portfolio:numbers", args=[one.grant.code]),
    "across": lambda one: reverse("reading:across", args=[one.programme.code, one.round.number]),
    "search": lambda _one: f"{reverse('reading:search')}?{urlencode({'q': WORD})}",
    "review": lambda _one: reverse("review:index"),
    "signals": lambda one: reverse("signals:signals", args=[one.programme.code]),
    "profile": lambda one: reverse("profiles:profile", args=[one.grant.organization.slug]),
}
"""Another page is another line."""


def measure(*, repeat: int) -> dict[str, Any]:
    """How many times the bare page each takes (medians, asked in turns with it), and its queries; nothing is kept."""
    with transaction.atomic():
        try:
            subject = _subject()
            made = _make_whole(subject)
            return {**_measure(subject, turns=TURNS * repeat), **made}
        finally:
            transaction.set_rollback(True)


def _subject() -> _Subject:
    filed = Filing.objects.order_by().filter(deadline__current_filing__isnull=False)
    programme = (
        Programme.objects.filter(pk__in=filed.values("deadline__grant__programme"))
        .annotate(count=Count("grants"))
        .order_by("-count", "pk")
        .first()
    )
    staff = (
        StaffMembership.objects.active()
        .filter(distributor=programme.distributor_id if programme else None, person__user__is_active=True)
        .select_related("person__user")
        .first()
    )
    if programme is None or staff is None or staff.person.user is None:
        msg = "No officer has a programme with reports, so there is nothing to measure."
        raise Problem(msg, "`minori demo --organizations 1000` loads many.")
    last = filed.filter(deadline__grant__programme=programme).aggregate(Max("deadline__round__number"))
    round_ = programme.rounds.get(number=last["deadline__round__number__max"])
    grant = Grant.objects.filter(
        Q(deadlines__round=round_) & Q(deadlines__current_filing__isnull=False), programme=programme
    )
    return _Subject(programme, round_, grant.order_by("pk")[0], staff.person.user)


def _make_whole(subject: _Subject) -> dict[str, int]:
    """What the workers have not made yet: a page that lacks it would be quicker than it is."""
    behind = [one for one in subject.programme.rounds.order_by("number") if not compiling.is_fresh(one)]
    for one in behind:
        _say(f"compiling round {one.number}")
        compiling.compile_round(one.pk, at=timezone.now())
    taken = 0
    while more := taking_in.take_in_waiting(at=timezone.now()):
        taken += more
        _say(f"{taken} reports taken in")
    return {"rounds_compiled_here": len(behind), "reports_taken_in_here": taken}


def _measure(subject: _Subject, *, turns: int) -> dict[str, Any]:
    ours, theirs = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
        theirs.handler.load_middleware()
    for client in (ours, theirs):
        client.force_login(subject.officer)
    spent: dict[str, float] = {}
    bares: list[float] = []
    times: dict[str, float] = {}
    queries: dict[str, int] = {}
    size: dict[str, int] = {}
    for name, address in PAGES.items():
        url = address(subject)
        _say(url)
        size[name] = len(_get(ours, url)) // 1024  # warms up too
        _get(theirs, bare.PAGE)
        page, beside = _medians(partial(_get, ours, url), partial(_get, theirs, bare.PAGE), turns)
        spent[name], times[name] = round(page, 1), round(page / beside, 1)
        bares.append(beside)
        queries[name] = _queries(ours, url)
    return {
        "times_bare_page": times,
        "queries": queries,
        "bare_queries": _queries(theirs, bare.PAGE),
        "milliseconds": spent,
        "bare_milliseconds": round(median(bares), 2),
        "kilobytes": size,
        "requests_of_each": turns,
        "organizations": subject.programme.grants.values("organization").distinct().count(),
        "grants": subject.programme.grants.count(),
        "rounds": subject.programme.rounds.count(),
        "filings": Filing.objects.filter(deadline__grant__programme=subject.programme).count(),
    }


def _get(client: Client, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"  # noqa: PLR2004 - OK
    return answer.content


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        _get(client, url)
    return len(asked)


def _medians(page: Callable[[], object], beside: Callable[[], object], turns: int) -> tuple[float, float]:
    """Milliseconds of both, asked in turns so that a busy moment falls on both; the bare one several times a turn."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _turn in range(turns):
        for times, work, often in zip(spent, (page, beside), (1, 5), strict=True):
            for _again in range(often):
                started = time.perf_counter()
                work()
                times.append((time.perf_counter() - started) * 1000)
    return median(spent[0]), median(spent[1])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
