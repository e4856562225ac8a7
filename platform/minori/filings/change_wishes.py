"""Reports that wait for review and say in their change boxes that the organization wishes to talk about a change first."""

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.registry.change_models import ChangeLink
from minori.report_forms.change_boxes import AGREEMENT, BOXES, CONSULT, NO_CHANGE

_WISHES = f'$.answers.*.{AGREEMENT} ? (@.value == "{CONSULT}")'
_SAYS_CHANGE = " || ".join(
    f'exists(@.answers.*.{box} ? (@.said == true)) || exists(@.answers.*.{box}.values[*] ? (@ != "{NO_CHANGE}"))'
    for box in BOXES
)


def _holds(path: str) -> Func:
    contents = F("current_filing__contents")
    return Func(
        contents,
        Value(path),
        template="jsonb_path_exists(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )


def wishing(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Those whose latest revision waits for review and wishes to talk, as `change_boxes` reads it, with no request named.

    It ends with the report's review, or once the boxes are linked with a change request.
    """
    linked = ChangeLink.objects.filter(deadline=OuterRef("pk"), removed_at=None)
    return deadlines.filter(
        Q(_holds(_WISHES)), Q(_holds(f"$ ? ({_SAYS_CHANGE})")), ~Exists(linked), state=DeadlineState.HANDED_IN
    )
