"""The most memory that compiling takes, in a process that does nothing else, and what one more event costs: one line of
JSON (`bench summaries`, `bench exports`)."""

import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minori.programmes.models import Round


def main() -> None:
    """Compile the scheme, then its largest round with all its words, then that after something happened in one grant."""
    import django

    django.setup()
    from django.db.models import Count
    from django.utils import timezone

    import workers.tasks  # noqa: F401 - a worker has all of them
    from minori.programmes.models import Round
    from reporting.summaries import compiling, tallies
    from workers.bench.processes import megabytes

    tallies.compile_scheme(at=timezone.now(), force=True)
    of_scheme = megabytes()
    largest = Round.objects.annotate(size=Count("deadlines")).order_by("-size", "-pk")[0]
    begun = time.perf_counter()
    compiling.compile_round(largest.pk, at=timezone.now(), force=True)
    whole = time.perf_counter() - begun
    _something_happens_in(largest)
    begun = time.perf_counter()
    assert compiling.compile_round(largest.pk, at=timezone.now()), "one event makes a round stale"
    after_one = time.perf_counter() - begun
    print(
        json.dumps(
            {
                "peak_mb": megabytes(),
                "peak_mb_of_scheme": of_scheme,
                "largest_round_seconds": round(whole, 2),
                "largest_round_after_one_event_to_whole": round(after_one / whole, 3),
            }
        )
    )


def _something_happens_in(round_: "Round") -> None:
    """An event about one of its grants, as any step records."""
    from django.utils import timezone

    from minori.audit.enums import Action
    from minori.audit.models import Event
    from minori.programmes.models import Deadline

    one = Deadline.objects.filter(round=round_).order_by("pk")[0]
    Event.objects.create(
        at=timezone.now(),
        action=Action.ANSWERED,
        person_name="bench",
        programme_id=round_.programme_id,
        round_id=round_.pk,
        grant_id=one.grant_id,
    )


if __name__ == "__main__":
    main()
