"""The stamp of a field on a page: which save the page shows, and the marks of what stood in the field then.

Most saves of a person who types leave no revision behind (docs/decisions/0006-autosave.md), so a page cannot be
asked for by its number alone what it was loaded with. The marks tell what is needed: whether an aspect still holds it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = Mapping[str, Any]
Marks = Mapping[str, str]

_FIXED = frozenset({"kind", "row"})  # they name the answer and never change
_MARK = re.compile(r"(?P<aspect>[a-z_]{1,40})=(?P<mark>[0-9a-f]{12})")
_NUMBER = re.compile(r"[0-9]{1,9}")  # fits an integer column
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Stamp:
    """`version` counts the saves of the field (0: nothing had been saved); `marks` are None where none were sent."""

    version: int = 0
    marks: Marks | None = None

    def __str__(self) -> str:
        said = (f"{aspect}={mark}" for aspect, mark in sorted((self.marks or {}).items()))
        return ";".join((str(self.version), *said))


def stamp(version: int, value: Value) -> Stamp:
    """The stamp of a field that shows this save."""
    return Stamp(version, marks_of(value))


def read_stamp(text: str) -> Stamp:
    """The stamp that a page posts; anything else is "nothing was there", so that the person is asked."""
    number, *said = text[:_LONGEST].split(";")
    if not _NUMBER.fullmatch(number):
        return Stamp()
    found = [_MARK.fullmatch(one) for one in said]
    return Stamp(int(number), {one["aspect"]: one["mark"] for one in found if one} if said else None)


def marks_of(value: Value) -> Marks:
    """Short marks of an answer's aspects: equal marks, equal contents."""
    return {aspect: _mark(one) for aspect, one in value.items() if aspect not in _FIXED}


def base_of(marks: Marks, *, mine: Value, theirs: Value, posted: Marks) -> Value:
    """What both changes started from, as far as the marks can tell.

    `posted` are the marks of what the same page posted last, where the standing text came from that: what nobody
    touched since then is no change of somebody else's. An aspect that equals neither side is a value of its own.
    """
    base: dict[str, Any] = {}
    own, other = marks_of(mine), marks_of(theirs)
    for aspect in {*marks, *own, *other}:
        mark = marks.get(aspect)
        if aspect in posted and other.get(aspect) == posted[aspect]:
            base[aspect] = theirs[aspect]
        elif mark == own.get(aspect):
            base[aspect] = mine.get(aspect)
        elif mark == other.get(aspect):
            base[aspect] = theirs.get(aspect)
        else:
            base[aspect] = object()
    return base


def _mark(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
