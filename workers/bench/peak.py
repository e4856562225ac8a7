"""The most memory that compiling takes, in a process that does nothing else: one line of JSON (`bench summaries`)."""

import json


def main() -> None:
    """Compile the scheme, then its largest round with all its words."""
    import django

    django.setup()
    from django.db.models import Count
    from django.utils import timezone

    from minori.programmes.models import Round
    from reporting.summaries import compiling, tallies
    from workers.bench.processes import megabytes

    tallies.compile_scheme(at=timezone.now(), force=True)
    of_scheme = megabytes()
    largest = Round.objects.annotate(size=Count("deadlines")).order_by("-size", "-pk")[0]
    compiling.compile_round(largest.pk, at=timezone.now(), force=True)
    print(json.dumps({"peak_mb": max(of_scheme, megabytes()), "peak_mb_of_scheme": of_scheme}))


if __name__ == "__main__":
    main()
