r"""Say what target, baseline or actual phrases mean in numbers: one JSON line for each text, in order.

Needs no database. Without a text, each line of the standard input is one. In a text \n stands for a line break
and \\ for a backslash; a real line break in an argument is one too. The names are explained in docs/measures.md.
Without --field a text is read as a target: a bare number is then at_least; as a baseline or an actual it is exact.
"""

import argparse

NEEDS_SERVERS = False
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori measure`."""
    from minori.indicators.reading import Field

    parser.add_argument("text", metavar="TEXT", nargs="*", help="a phrase, e.g. 年間150人以上")
    parser.add_argument(
        "--field",
        choices=[field.value for field in Field],
        default=Field.TARGET.value,
        help="where the texts stand: target (default), state (at mid-term or the end), baseline or actual",
    )


def run(options: argparse.Namespace) -> int:
    """Print one reading a line; what is not understood is a reading too."""
    from minori.indicators import printing, records
    from minori.indicators.reading import Field, read

    field = Field(options.field)
    return printing.print_each(options.text, lambda text: records.of_measure(read(text, field=field)))
