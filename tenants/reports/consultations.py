"""Showing a draft to consult, from the room: the working copy as it stands, read under the report's lock."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.trail import Actor
from minori.filings import consulting
from minori.filings import handing_in as hatch
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Consultation
from minori.programmes.models import Deadline
from tenants.reports import drafts
from tenants.writing import hold_open


def show_draft(deadline: Deadline, *, question: str, by: Actor, at: datetime) -> Consultation:
    """Show the working copy as it stands to the officer (`minori.filings.consulting.show`).

    Holds the deadline's row lock while it reads. Raises `tenants.writing.NotOpen` when the report cannot be
    written, and `NotPossibleNow` when the very same draft with the same question is the last that was shown.
    """
    with transaction.atomic():
        locked = hatch.lock(deadline)
        hold_open(locked.pk, at=at)
        contents = drafts.read(locked).contents()
        last = locked.consultations.order_by("-number").first()
        same = last is not None and (last.contents, last.question) == (contents.to_json(), question.strip())
        if same and last is not None and last.withdrawn_at is None:
            raise NotPossibleNow(
                _("This very draft is shown already. Write a question, or change the draft first.")
            )
        return consulting.show(locked, contents=contents, question=question, by=by, at=at)
