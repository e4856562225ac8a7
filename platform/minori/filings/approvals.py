"""Which revision the approval inside the organization (団体内承認) was given for."""

from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState
from minori.filings.models import Filing


def approved_revision(filing: Filing) -> int:
    """The revision that was approved inside the organization; its own, unless it takes over small corrections.

    Those change a revision that was approved, and nobody approves anew. At most one query, none for a first revision.
    """
    if filing.revision == 1:
        return 1
    taken = Correction.objects.filter(deadline_id=filing.deadline_id, state=CorrectionState.TAKEN)
    proposed_on = dict(taken.order_by("pk").values_list("taken_in__revision", "filing__revision"))
    revision = filing.revision
    while revision in proposed_on:
        revision = proposed_on[revision]
    return revision
