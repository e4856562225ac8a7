"""Taking or declining the small corrections that the officer proposes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minori.accounts.requests import RoomRequest, actor
from minori.filings import correcting
from minori.filings.correction import Correction
from minori.filings.stepping import NotPossibleNow
from minori.programmes.models import Deadline
from minori.report_forms.texts import clean
from tenants.access import writers_only
from tenants.reports import corrections, queries
from tenants.reports.views.shared import address

_MOST = 200


@require_POST
@writers_only
def settle(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Take the proposals that the pressed button names, or decline one with a word."""
    del organization
    one = queries.deadline_or_404(deadline)
    try:
        if "decline" in request.POST:
            _decline(request, one)
        else:
            _take(request, one)
    except NotPossibleNow as refusal:
        messages.error(request, str(refusal))
    return redirect(address(request, "report", deadline=deadline))


def _take(request: RoomRequest, one: Deadline) -> None:
    wanted = _numbers(request.POST.get("take", ""))
    filing = corrections.take(one, wanted=wanted, by=actor(request.person), at=timezone.now())
    said = ngettext(
        "Corrected and handed in as revision %(revision)s. The officer is told.",
        "Corrected in %(count)s places and handed in as revision %(revision)s. The officer is told.",
        len(wanted),
    )
    messages.success(request, said % {"count": len(wanted), "revision": filing.revision})


def _decline(request: RoomRequest, one: Deadline) -> None:
    pressed = _numbers(request.POST["decline"])
    pk = pressed[0] if len(pressed) == 1 else 0
    found = Correction.objects.filter(deadline=one, pk=pk).select_related("deadline", "filing").first()
    if found is None:
        raise Http404
    word = clean(request.POST.get(f"word-{pk}", ""))
    correcting.decline(found, word=word, by=actor(request.person), at=timezone.now())
    messages.success(request, _("The officer is told that you do not correct this."))


def _numbers(text: str) -> list[int]:
    """The primary keys in a button's value: "3 4"."""
    return [int(one) for one in text.split()[:_MOST] if one.isascii() and one.isdigit() and len(one) < 16]  # noqa: PLR2004 - fits
