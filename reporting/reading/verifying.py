"""`minori verify`: what is searched, made again from the filings and compared with what was taken in."""

from collections import defaultdict
from collections.abc import Iterator

from minori.filings.models import Filing
from reporting.reading import folding
from reporting.reading.models import Passage, TakenIn
from reporting.reading.taking_in import passages_of

AT_ONCE = 50  # filings in memory
_COMPARED = (
    *("distributor_id", "programme_id", "round_id", "grant_id", "handed_in_at", "position"),
    *("part", "anchor", "name", "text", "folded", "tokens"),
)


def differences() -> Iterator[str]:
    """A sentence for every filing whose passages differ from those made of it now; what waits to be taken in is skipped."""
    here = TakenIn.objects.filter(format=folding.FORMAT, failure="").order_by("pk")
    keys = list(here.values_list("pk", flat=True))
    for begin in range(0, len(keys), AT_ONCE):
        yield from _among(keys[begin : begin + AT_ONCE])


def _among(keys: list[int]) -> Iterator[str]:
    stored: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    rows = Passage.objects.filter(filing__in=keys).order_by("filing", "position")
    for filing, *facts in rows.values_list("filing_id", *_COMPARED):
        stored[filing].append(tuple(facts))
    related = ("deadline__grant__programme", "deadline__round")
    for filing in Filing.objects.select_related(*related).filter(pk__in=keys).order_by("pk"):
        now = [tuple(getattr(one, name) for name in _COMPARED) for one in passages_of(filing)]
        if now != stored[filing.pk]:
            yield f"filing {filing.pk}: what is searched differs from what was handed in"
