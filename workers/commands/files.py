"""Look whether every attached file is there as it was added; with --clean remove bytes that nobody needs.

Bytes without a file are left by a crash between storing them and writing down what they are, and by a store that was
away when something was removed. They harm nobody, and the worker removes them every night.
"""

import argparse
import sys

NEEDS_SERVERS = True
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori files`."""
    parser.add_argument(
        "--clean", action="store_true", help="remove bytes that neither a draft nor a filing needs"
    )


def run(options: argparse.Namespace) -> int:
    """Tell what is missing or changed; 1 when something is, or when the store cannot be reached."""
    from minori.filings.files import Unavailable
    from workers import keeping

    try:
        kept = keeping.look_through(clean=options.clean)
    except Unavailable as away:
        print(f"minori: the store of files cannot be reached: {away}", file=sys.stderr)
        return 1
    print(
        *kept.wrong,
        f"{kept.looked_at} files looked at, {len(kept.wrong)} missing or changed"
        + (f", {kept.removed} removed" if options.clean else ""),
        sep="\n",
    )
    return 1 if kept.wrong else 0
