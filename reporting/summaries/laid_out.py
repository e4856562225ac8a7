"""What pages read of a summary, said a second time: the database lays it out by triggers, `minori verify` compares. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from reporting.summaries import standing

_OF_A_CELL = ("text", "remark", "statement", "parent", "position")
"""What the strip leaves out of the map's cells."""


def brief_of(contents: Mapping[str, Any], numbers: Mapping[str, Any] | None) -> dict[str, Any]:
    """A summary without its lines, and its numbers without who adds what (`Summary.brief`)."""
    found = {key: value for key, value in contents.items() if key not in ("board", "map")}
    if numbers is None:
        return found | {"numbers": None}
    commons = [
        common
        | {
            "contributions": [],
            "carried": sum(
                one["carried_from"] is not None and one["amount"] is not None and one["refused"] == ""
                for one in common["contributions"]
            ),
        }
        for common in numbers["common"]
    ]
    rest = {key: value for key, value in numbers.items() if key not in ("grants", "lines")}
    return found | {"numbers": rest | {"common": commons}}


def lines_of(
    contents: Mapping[str, Any], signals: Sequence[Mapping[str, Any]] | None
) -> dict[int, dict[str, Any]]:
    """The lines of a summary by grant, with the columns of `GrantLine` but for its round."""
    maps = {line["grant"]: line for line in contents["map"]}
    keys: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in signals or ():
        keys[one["grant"]].append({name: one[name] for name in ("kind", "place", "cause")})
    return {
        line["grant"]: _line(place, line, maps.get(line["grant"]), keys[line["grant"]])
        for place, line in enumerate(contents["board"], start=1)
    }


def _line(
    place: int, line: Mapping[str, Any], found: Mapping[str, Any] | None, keys: list[dict[str, Any]]
) -> dict[str, Any]:
    cells = found["cells"] if found else ()
    counts = found["counts"] if found else {}
    named = (line["organization_name"], line["grant_title"], line["grant_code"])
    at = line["handed_in_at"]
    return {
        "place": place,
        "lead": line["lead"] or "",
        "deputy": line["deputy"] or "",
        "words": "\n".join(one for one in named if one is not None).lower(),
        "state": line["state"],
        "due_on": standing.effective_due_on(line),  # type: ignore[arg-type]  # as stored
        "handed_in_at": datetime.fromisoformat(at) if at else None,
        "days_late": line["days_late"],
        "worse": found["worse"] if found else 0,
        "behind": counts.get("3", 0),
        "other": counts.get("4", 0),
        "nothing": counts.get("nothing", 0),
        "blank": counts.get("blank", 0),
        "signal_count": len(keys),
        "board": dict(line),
        "strip": found
        and {**found, "cells": [{key: one[key] for key in one if key not in _OF_A_CELL} for one in cells]},
        "texts": {
            one["row"]: {"statement": one["statement"], "text": one["text"], "remark": one["remark"]}
            for one in cells
        },
        "signals": keys,
    }


def counts_of(short: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many of a grant's lines of numbers pages and charts count as what (`GrantNumbers`)."""
    lines = list(short)
    valued = [one for one in lines if one["achievement"]["value"] is not None]
    under = [one for one in valued if one["met"] is not True]
    return {
        "figures": len(lines),
        "behind": sum(_is_negative(one["ahead"]) for one in lines),
        "reached": sum(one["met"] is True for one in lines),
        "worse": sum(_is_negative(one["achievement"]["value"]) for one in lines),
        "carried": sum(one["carried_from"] is not None for one in lines),
        "without": len(lines) - len(valued),
        "at_target": sum(one["met"] is True for one in valued),
        "ahead": sum(one["ahead"] is not None and not _is_negative(one["ahead"]) for one in under),
        "late": sum(_is_negative(one["ahead"]) for one in under),
        "undated": sum(one["ahead"] is None for one in under),
    }


def _is_negative(value: str | None) -> bool:
    return value is not None and value.startswith("-")
