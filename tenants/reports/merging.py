"""One field, two people: what each changed since the page was loaded, put together or shown side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = Mapping[str, Any]
Side = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class Merged:
    """`value` is both people's changes together; `torn` names the aspects that both changed, differently."""

    value: dict[str, Any]
    torn: tuple[str, ...]


def merge(*, base: Value | None, mine: Value, theirs: Value, prefer: Side | None = None) -> Merged:
    """Put two changes of one answer together, aspect by aspect (text, progress, remark …).

    `base` is what both started from; None when that is not known, then every difference is torn. With `prefer`
    torn aspects take that side and nothing stays torn.
    """
    value: dict[str, Any] = {}
    torn: list[str] = []
    for aspect in dict.fromkeys((*theirs, *mine)):
        own, other = mine.get(aspect), theirs.get(aspect)
        old = None if base is None else base.get(aspect)
        if own == other or (base is not None and own == old):
            side = theirs
        elif base is not None and other == old:
            side = mine
        else:
            side = mine if prefer == "mine" else theirs
            if prefer is None:
                torn.append(aspect)
        if aspect in side:  # a flag that was taken back is absent, not null
            value[aspect] = side[aspect]
    return Merged(value=value, torn=tuple(torn))
