"""What a compiled board line means on a given day: pure, so that pages, workbooks and tests agree."""

from datetime import date

from minori.programmes.enums import DeadlineState, Standing
from reporting.summaries.shape import BoardLine, RoundFacts


def of(line: BoardLine, round_: RoundFacts, *, today: date) -> Standing:
    """The state as people see it on `today`, the distributor's date."""
    if line["state"] != DeadlineState.AWAITING:
        return Standing(line["state"])
    if today > effective_due_on(line):
        return Standing.OVERDUE
    return Standing.OPEN if today >= date.fromisoformat(round_["opens_on"]) else Standing.NOT_OPEN


def effective_due_on(line: BoardLine) -> date:
    """The date that counts: a return's own, else the extension, else the due date."""
    if line["state"] == DeadlineState.RETURNED and line["returned_due_on"]:
        return date.fromisoformat(line["returned_due_on"])
    return date.fromisoformat(line["extended_to"] or line["due_on"])


def days_left(line: BoardLine, *, today: date) -> int:
    """Days until the date that counts; negative when it has passed."""
    return (effective_due_on(line) - today).days
