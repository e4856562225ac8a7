"""What an address says, read without trusting it."""

import re

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)  # fits an integer column


def number(text: str | None) -> int | None:
    """A plain number of an address or a hidden input; None for anything else."""
    return int(text) if text and _NUMBER.fullmatch(text) else None
