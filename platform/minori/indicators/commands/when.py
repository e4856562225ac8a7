r"""Say which days achieve-by phrases (目標達成時期) mean: one JSON line for each text, in order.

Needs no database. Without a text, each line of the standard input is one. In a text \n stands for a line break
and \\ for a backslash; a real line break in an argument is one too. The names are explained in docs/measures.md.
"""

import argparse

NEEDS_SERVERS = False
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori when`."""
    parser.add_argument("text", metavar="TEXT", nargs="*", help="a phrase, e.g. 2024年3月末")


def run(options: argparse.Namespace) -> int:
    """Print one reading a line; what is not understood is a reading too."""
    from minori.indicators import printing, records
    from minori.indicators.whens import read_when

    return printing.print_each(options.text, lambda text: records.of_when(read_when(text)))
