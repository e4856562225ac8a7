"""The mails about one report, or to one person; and one of them sent again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.models import Membership
from minori.accounts.requests import DeskRequest, actor
from minori.mail import addresses, resending
from reporting.access import deadline_or_404, desk_only, must_decide, organization_or_404, programmes
from reporting.reminding import ledger, person_ledger


@require_safe
@desk_only
def deadline(request: DeskRequest, pk: int) -> HttpResponse:
    """Every planned, sent, skipped, refused and uncertain mail about a report."""
    shown = deadline_or_404(request, pk)
    context = {
        "deadline": shown,
        "programme": shown.grant.programme,
        "coming": ledger.coming(shown, at=timezone.now(), language=get_language() or "ja"),
        "entries": ledger.entries_of(shown, at=timezone.now()),
        "notices": ledger.notices_of(shown),
        "again": resending.AGAIN,
        "may_decide": request.desk.may_decide(shown.grant.programme.distributor_id),
    }
    return render(request, "reminding/deadline.html", context)


@require_safe
@desk_only
def person(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Every mail to one person of an organization that the distributor funds."""
    organization = organization_or_404(request, slug)
    members = Membership.objects.select_related("person").filter(organization=organization)
    (member,) = addresses.with_flags([get_object_or_404(members, pk=pk)])
    ours = list(programmes(request))
    coming = person_ledger.coming(member, programmes=ours, at=timezone.now())
    context = {
        "organization": organization,
        "member": member,
        "coming": coming[: person_ledger.MOST_COMING],
        "more_coming": len(coming) > person_ledger.MOST_COMING,
        "lines": person_ledger.of(member, programmes=ours, at=timezone.now()),
    }
    return render(request, "reminding/person.html", context)


@require_POST
@desk_only
def again(request: DeskRequest, pk: int, mail: int) -> HttpResponse:
    """Send a refused or uncertain mail again."""
    shown = deadline_or_404(request, pk)
    must_decide(request, shown.grant.programme.distributor_id)
    known = [one.message for one in ledger.entries_of(shown, at=timezone.now())] + list(
        ledger.notices_of(shown)
    )
    message = next((one for one in known if one is not None and one.pk == mail), None)
    if message is None:
        raise Http404
    try:
        resending.send_again(message, about=shown, by=actor(request.person), at=timezone.now())
    except resending.NotAgain as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The mail goes out again within minutes."))
    return redirect("reminding:deadline", pk=pk)
