"""Make figures and summaries again from what was handed in, and compare."""

import argparse
import json
from itertools import chain

NEEDS_SERVERS = True
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when nothing differs, 1 with a sentence for every difference."""
    from minori.filings import verifying as papers
    from minori.filings.models import Filing
    from reporting.reading import verifying as searched
    from reporting.summaries import verifying as summaries
    from reporting.summaries.models import Summary

    found = list(chain(papers.differences(), summaries.differences(), searched.differences()))
    counted = {"filings": Filing.objects.count(), "summaries": Summary.objects.exclude(contents=None).count()}
    if options.json:
        print(json.dumps({**counted, "differences": found}, ensure_ascii=False))
    else:
        print(
            "\n".join(found) or "no differences",
            f"({counted['filings']} filings, {counted['summaries']} summaries)",
        )
    return 1 if found else 0
