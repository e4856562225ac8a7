"""Print what was handed in, as it was frozen.

Without --round the newest round with a report is taken, without --revision the revision that counts.
The contents are printed as JSON, in the format they were filed in.
"""

import argparse
import json
import sys

NEEDS_SERVERS = True
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori filing`."""
    parser.add_argument("grant", metavar="GRANT_CODE", help="code of the grant, e.g. seishinryo")
    parser.add_argument("--round", type=int, metavar="N", help="number of the round in its programme")
    parser.add_argument("--revision", type=int, metavar="N", help="revision of the report (第N版)")
    parser.add_argument("--json", action="store_true", help="print the contents; otherwise their head only")


def run(options: argparse.Namespace) -> int:
    """Print one filing; 1 and a sentence on the error output where there is no such grant, round or revision."""
    from minori.filings import finding

    try:
        filing = finding.find(options.grant, round_number=options.round, revision=options.revision)
    except finding.NothingFound as nothing:
        print(f"minori: {nothing}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(filing.contents, ensure_ascii=False, indent=2))
    else:
        head = filing.contents["head"]
        print(f"{head['organization']}  {head['project_title']}")
        print(
            f"{head['round_title']}, revision {filing.revision}, handed in {filing.handed_in_at:%Y-%m-%d %H:%M} UTC"
        )
        print(f"sha256 {filing.hash}")
    return 0
