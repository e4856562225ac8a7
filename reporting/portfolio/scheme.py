"""All programmes of the person's own distributors in numbers: one line for each programme and round, from the tallies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.programmes.models import Round
from reporting import paging
from reporting.access import desk_only, funding_programmes
from reporting.summaries import tallies
from reporting.summaries.models import Tally
from reporting.summaries.shape import TALLY_FORMAT

CODES = ("1", "2", "3", "4", "nothing", "blank")
SUMMED = ("grants", "required", "handed_in", "late", *CODES, "indicators", "numbers")


@dataclass(frozen=True)
class Line:
    """One round of a programme with its sums; `counts` are rows by code, in the order of `CODES`."""

    round: Round
    totals: dict[str, int]
    as_of: datetime
    stale: bool

    @property
    def waived(self) -> int:
        """Grants of which no report is required."""
        return self.totals["grants"] - self.totals["required"]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Rows by code, three kinds of nothing apart."""
        return [(code, self.totals[code]) for code in CODES]


@require_safe
@desk_only
def scheme(request: DeskRequest) -> HttpResponse:
    """The numbers of every programme, the newest round of each or all rounds, with sums of everything shown."""
    ours = list(funding_programmes(request).order_by("-starts_on", "title", "pk"))
    if ours and len(request.desk.distributor_ids) == 1:
        vars(request)["distributor"] = ours[0].distributor
    filters = {name: request.GET.get(name, "").strip() for name in ("window", "rounds", "sort")}
    wanted = [one.pk for one in ours if not filters["window"] or one.window == filters["window"]]
    lines = _sorted(_lines(wanted, every=filters["rounds"] == "all"), filters["sort"])
    sums = {name: sum(one.totals[name] for one in lines) for name in SUMMED}
    context = {
        "lines": lines,
        "page": paging.window(lines, asked=request.GET, name="page", per_page=paging.ROWS),
        "sums": sums,
        "sum_counts": [(code, sums[code]) for code in CODES],
        "codes": CODES,
        "windows": sorted({one.window for one in ours if one.window}),
        "filters": filters,
        "oldest": min((one.as_of for one in lines), default=None),
        "stale": sum(one.stale for one in lines),
    }
    return render(request, "portfolio/scheme.html", context)


def _lines(programme_ids: list[int], *, every: bool) -> list[Line]:
    """The rounds that have opened, newest first in each programme; only the newest ones unless `every`: two reads."""
    found = (
        Tally.objects.filter(programme__in=programme_ids, format=TALLY_FORMAT)
        .select_related("round__programme__distributor")
        .defer("lines")
        .order_by("-round__programme__starts_on", "round__programme__title", "programme", "-round__number")
    )
    stale, now = tallies.stale_round_ids(), timezone.now()
    lines: list[Line] = []
    seen: set[int] = set()
    for one in found:
        today = one.round.programme.distributor.local_date(now)
        if one.round.opens_on > today or (not every and one.programme_id in seen):
            continue
        seen.add(one.programme_id)
        totals = {name: int(one.totals.get(name, 0)) for name in SUMMED}
        lines.append(Line(one.round, totals, one.as_of, one.round_id in stale))
    return lines


def _sorted(lines: Iterable[Line], order: str) -> list[Line]:
    if order == "behind":
        return sorted(lines, key=lambda one: -one.totals["3"])
    if order == "missing":
        return sorted(lines, key=lambda one: one.totals["handed_in"] - one.totals["required"])
    return list(lines)
