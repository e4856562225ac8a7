"""The most memory that compiling takes, in a process that does nothing else: one line of JSON (`bench summaries`)."""

import json
from pathlib import Path


def main() -> None:
    """Compile the scheme, then its largest round with all its words."""
    import django

    django.setup()
    from django.db.models import Count
    from django.utils import timezone

    from minori.programmes.models import Round
    from reporting.summaries import compiling, tallies

    tallies.compile_scheme(at=timezone.now(), force=True)
    of_scheme = _megabytes()
    largest = Round.objects.annotate(size=Count("deadlines")).order_by("-size", "-pk")[0]
    compiling.compile_round(largest.pk, at=timezone.now(), force=True)
    print(json.dumps({"peak_mb": max(of_scheme, _megabytes()), "peak_mb_of_scheme": of_scheme}))


def _megabytes() -> int:
    """The highest water so far: unlike `getrusage`, nothing of the process that started this one."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024)


if __name__ == "__main__":
    main()
