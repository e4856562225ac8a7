"""Compiled numbers that were read lately, as Python has them: read again only when their row in the database is another."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

MOST = 15_000_000
"""So many letters of JSON are kept in a process; each takes some bytes. Six rounds of a thousand organizations fit."""


class Remembered:
    """Values by their version, up to a size; those not used for longest go first. Whoever reads one leaves it as it is."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size = most, 0
        self._values: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def held(self) -> Mapping[str, Any]:
        """What is remembered now; it stays with whoever asked, though it be forgotten meanwhile."""
        with self._lock:
            return {version: value for version, (_size, value) in self._values.items()}

    def used(self, version: str) -> None:
        """It was of use: keep it longer."""
        with self._lock:
            if version in self._values:
                self._values.move_to_end(version)

    def put(self, version: str, value: Any, *, size: int) -> None:
        """Remember it, unless it is larger than everything may be."""
        with self._lock:
            if version in self._values or size > self._most:
                return
            self._values[version] = (size, value)
            self._size += size
            while self._size > self._most:
                _version, (less, _value) = self._values.popitem(last=False)
                self._size -= less
