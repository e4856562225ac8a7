"""The parts of a paper that a return can open, by their anchors: a field's key, or a row's UUID as text."""

from collections.abc import Iterable, Mapping
from typing import Any

from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition, Kind
from minori.report_forms.framework import Framework

WHOLE = ""
"""The anchor of the whole report."""

ATTACHMENTS = "attachments"
"""The anchor of the attachments that belong to no row: it opens with the field that asks for them, whatever its key."""


def known_anchors(edition: Edition, framework: Framework) -> frozenset[str]:
    """Every anchor of a report on this form about this plan."""
    fields = {field.key for field in edition.fields if field.kind != Kind.HEAD}
    return frozenset(fields | {ATTACHMENTS} | {str(row.uuid) for _, row in edition.rows_asked(framework)})


def expanded(anchors: Iterable[str], *, edition: Edition, framework: Framework) -> frozenset[str]:
    """The anchors with what has to open together with them.

    A results table opens its rows; what is asked only after another field opens with that field, since a
    changed answer there asks it anew, or no longer.
    """
    wanted = set(anchors)
    rows = {str(row.uuid) for field, row in edition.rows_asked(framework) if field.key in wanted}
    following = {field.key for field in edition.fields if field.asked_after and field.asked_after in wanted}
    files = {ATTACHMENTS} if any(field.key in wanted for field in edition.fields_of(Kind.PHOTOS)) else set()
    return frozenset(wanted | rows | following | files)


def closed_changes(old: Contents, new: Contents, *, opened: Iterable[str]) -> list[str]:
    """Anchors whose answers differ between two papers though they were not opened, in the order of the older.

    Only what both papers ask is compared: rows come and go with the plan.
    """
    allowed = set(opened)
    if WHOLE in allowed:
        return []
    before, after = values_of(old), values_of(new)
    return [
        anchor
        for anchor, value in before.items()
        if anchor not in allowed and after.get(anchor, value) != value
    ]


def values_of(contents: Contents) -> Mapping[str, Any]:
    """What stands at each anchor, as plain JSON values; attachments by their row, else under `ATTACHMENTS`."""
    data = contents.to_json()
    values: dict[str, list[Any]] = {row["row"]: [row] for row in data["rows"]}
    for section in data["answers"].values():
        values |= {key: [answer] for key, answer in section.items()}
    values[ATTACHMENTS] = []
    for attachment in data["attachments"]:
        place = attachment.get("row") or ATTACHMENTS
        values.setdefault(place, []).append(attachment)
    return values
