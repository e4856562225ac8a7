"""Make one export as a worker does, and say what it took: one line of JSON (`bench exports`)."""

import json
import sys
import time


def main(export_id: int) -> None:
    """Make it with everything loaded that a worker has."""
    import django

    django.setup()
    from django.utils import timezone

    import workers.tasks  # noqa: F401 - a worker has all of them
    from reporting.exports import making
    from reporting.exports.models import Export
    from workers.bench.processes import Together

    begun = time.perf_counter()
    with Together() as held:
        assert making.make(export_id, clock=timezone.now), "it was made"
    seconds = time.perf_counter() - begun
    size = Export.objects.get(pk=export_id).size or 0
    print(
        json.dumps(
            {"peak_mb": held.megabytes, "seconds": round(seconds, 1), "file_kb": size // 1024},
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
