"""What a report's change boxes are about, as the officer reads it: linked change requests, or a wish to consult."""

from dataclasses import dataclass

from minori.programmes.models import Deadline
from minori.registry import change_links
from minori.registry.change_models import ChangeRequest
from minori.report_forms import change_boxes
from minori.report_forms.contents import Contents


@dataclass(frozen=True)
class Boxes:
    """Whether a change is said, whether the organization wishes to consult, and the requests it points at."""

    says_change: bool
    consults: bool
    requests: list[ChangeRequest]


def of(deadline: Deadline, contents: Contents) -> Boxes | None:
    """The change boxes of a report; None where nothing is said and nothing is linked. One query."""
    found = Boxes(
        says_change=change_boxes.says_change(contents.answers),
        consults=change_boxes.wishes_to_consult(contents.answers),
        requests=change_links.requests_of(deadline),
    )
    return found if found.says_change or found.requests else None
