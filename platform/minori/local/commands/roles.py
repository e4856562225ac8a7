"""Make roles, grants and row security again; needed after restoring a dump, harmless at any time."""

import argparse

NEEDS_OWNER = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Rebuild them as the owner."""
    from minori.tenancy import roles

    rooms = roles.rebuild()
    print(f"roles, grants and row security are as they should be, for {len(rooms)} rooms")
    return 0
