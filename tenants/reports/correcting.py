"""Taking over corrections that the officer proposes: as the next revision, and in the working copy."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from minori.audit.trail import Actor
from minori.filings import correcting as hatch
from minori.filings.correcting import Taken
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.report_forms import answers as answer_values
from minori.report_forms.shapes import Json
from tenants.reports import saving


def take(deadline: Deadline, *, pks: Collection[int], by: Actor, at: datetime) -> Filing | None:
    """Take corrections over (`minori.filings.correcting.take`), in the working copy as well: a later return goes on
    from what was handed in last. None where they were settled meanwhile; raises `NotPossibleNow` as it does."""
    with transaction.atomic():
        taken = hatch.take(deadline, pks=pks, by=by, at=at)
        if taken is None:
            return None
        saving.take_over(deadline.pk, values=_values(taken), by=by, at=at)
    return taken.filing


def _values(taken: Taken) -> dict[str, Json]:
    """What stands now at the corrected places, by the keys of the working copy."""
    contents = taken.contents
    places = {one.anchor for one in taken.corrections}
    rows = {str(answer.row): answer.to_json() for answer in contents.rows}
    fields = {key: answer_values.to_json(answer) for key, answer in contents.answers.items()}
    return {anchor: value for anchor, value in (rows | fields).items() if anchor in places}
