"""What is left of a report, for the reminder mails: asked from outside, so it enters the room itself."""

from django.db import transaction

from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tenants.reports import drafts
from tenants.reports.sections import left_in


def left_of(deadline: Deadline) -> list[str]:
    """Titles of the sections still to be filled in, in the language in force; empty when nothing is left.

    Enters the organization's room (harmless when it is there already). Setting MAIL_LEFT_OF names it.
    """
    whole = Deadline.objects.select_related("grant__programme__distributor", "round", "organization")
    known = whole.get(pk=deadline.pk)
    with entering(known.organization), transaction.atomic():
        return left_in(drafts.read(known))
