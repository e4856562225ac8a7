"""The boxes of a report that say the plan is to change (事業設計の変更), in every edition that has them. Pure."""

from collections.abc import Mapping

from minori.report_forms.answers import Answer, Chosen, Ticked, YesNo
from minori.report_forms.edition import Section

BOXES = ("changes", "change_wished")
"""Keys of the fields: ticks, of which "none" means no change, or a plain yes or no."""
AGREEMENT = "changes_agreement"
NO_CHANGE = "none"
CONSULT = "consult"


def has_boxes(section: Section) -> bool:
    """Whether the boxes stand in a section."""
    return any(field.key in BOXES for field in section.fields)


def says_change(answers: Mapping[str, Answer]) -> bool:
    """Whether any box but "no change" is ticked."""
    return any(_says_change(answers.get(key)) for key in BOXES)


def wishes_to_consult(answers: Mapping[str, Answer]) -> bool:
    """Whether the organization wishes to talk about it first."""
    return answers.get(AGREEMENT) == Chosen(CONSULT)


def _says_change(answer: Answer | None) -> bool:
    if isinstance(answer, Ticked):
        return bool(set(answer.values) - {NO_CHANGE})
    return isinstance(answer, YesNo) and bool(answer.said)
