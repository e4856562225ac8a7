"""What an officer decides about a plan that was found in a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from minori.programmes.models import Grant, Programme
from minori.registry import plan_words
from minori.registry.plan_columns import Part
from minori.report_forms.pairing import Answer
from reporting.setup.intake import Shown


@dataclass(frozen=True)
class Decision:
    """The grant, whether words of the form are left out, and an answer for each question that has one."""

    grant: Grant | None
    leave_guidance_out: bool
    answers: Mapping[tuple[str, Part], Answer]


def read_decision(data: QueryDict, shown: Shown, programme: Programme) -> Decision:
    """What was sent; answers to questions that are no longer asked are kept, made-up ones are passed over."""
    code = data.get("grant", "")
    answers: dict[tuple[str, Part], Answer] = {}
    for question in shown.read.questions:
        said = data.get(plan_words.ask(question, shown.grids).name, "")
        if said in {answer.value for answer in Answer}:
            answers[question.line, question.part] = Answer(said)
    return Decision(
        grant=programme.grants.filter(code=code).first() if code else None,
        leave_guidance_out="guidance" in data,
        answers=answers,
    )
