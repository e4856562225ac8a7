"""Drafts that organizations show to consult (下書き相談), and the notes that only the distributor sees."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.documents.attached import PhotoUrl
from minori.documents.consultation import page_of
from minori.filings import consulting
from minori.filings.enums import Side
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Consultation
from minori.programmes.models import Deadline
from minori.report_forms.texts import clean
from minori.ui.attachments import send
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, must_decide
from reporting.review import notes


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def consultation(request: DeskRequest, deadline: int, number: int) -> HttpResponse:
    """A draft as it was shown, with what was said about it; a POST says more. One no longer shown is not there."""
    one = deadline_or_404(request, deadline)
    found = _shown_or_404(one, number)
    if request.method == "POST":
        must_decide(request, one.grant.programme.distributor_id)
        return _say(request, one, found)
    return _show(request, one, found)


@require_safe
@desk_only
def shown_file(request: DeskRequest, deadline: int, number: int, uuid: UUID) -> HttpResponseBase:
    """A file of a draft as it was shown; gone once the draft is no longer shown, and no browser keeps it."""
    found = _shown_or_404(deadline_or_404(request, deadline), number)
    one = consulting.file_of(found, uuid)
    if one is None:
        raise Http404
    return send(
        request,
        found.organization_id,
        one.sha256,
        filename=one.filename,
        content_type=one.content_type,
        may_be_kept=False,
    )


def _shown_or_404(deadline: Deadline, number: int) -> Consultation:
    shown = Consultation.objects.filter(deadline=deadline, withdrawn_at=None).select_related("deadline")
    found = shown.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _say(request: DeskRequest, one: Deadline, found: Consultation) -> HttpResponse:
    body, anchor = clean(request.POST.get("body", "")), request.POST.get("anchor", "")
    page = page_of(found, language=get_language() or "ja")
    try:
        consulting.say(
            found,
            side=Side.DESK,
            body=body,
            anchor=anchor if page.knows(anchor) else "",
            by=actor(request.person),
            at=timezone.now(),
        )
    except NotPossibleNow as refusal:
        return _show(request, one, found, body=body, anchor=anchor, error=str(refusal), status=422)
    messages.success(request, _("Your words have been sent to the organization."))
    there = reverse("review:consultation", kwargs={"deadline": one.pk, "number": found.number})
    return saved(request, redirect(f"{there}#remarks"), form="remark")


def _show(
    request: DeskRequest,
    one: Deadline,
    found: Consultation,
    *,
    body: str = "",
    anchor: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = vars(request).get("kept")
    context = {
        "deadline": one,
        "programme": one.grant.programme,
        "page": page_of(found, language=get_language() or "ja", file_url=_addresses(one, found)),
        "speaks": request.desk.may_decide(one.grant.programme.distributor_id),
        "action": reverse("review:consultation", kwargs={"deadline": one.pk, "number": found.number}),
        "body": body or (kept.get("body", "") if kept else ""),
        "anchor": anchor or (kept.get("anchor", "") if kept else ""),
        "error": error,
        "kept": kept,
    }
    return render(request, "review/consultation.html", context, status=status)


def _addresses(deadline: Deadline, found: Consultation) -> PhotoUrl:
    place = {"deadline": deadline.pk, "number": found.number}
    return lambda file: reverse("review:shown_file", kwargs={**place, "uuid": file.uuid})


@require_POST
@desk_only
def note(request: DeskRequest, deadline: int) -> HttpResponse:
    """Write a note that only the distributor's own staff see."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    body = clean(request.POST.get("note", ""))
    there = reverse("review:deadline", kwargs={"deadline": found.pk}) + "#notes"
    if not body.strip():
        messages.error(request, _("Write the note."))
        return redirect(there)
    notes.write(found, body=body, by=actor(request.person), at=timezone.now())
    messages.success(request, _("The note has been kept. Only your own staff see it."))
    return saved(request, redirect(there), form="note")


@require_POST
@desk_only
def drop_note(request: DeskRequest, deadline: int, note: int) -> HttpResponse:
    """Take one's own note away."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    if notes.drop(found, note, by=actor(request.person)):
        messages.success(request, _("The note has been taken away."))
    else:
        messages.error(request, _("Only who wrote a note takes it away."))
    return redirect(reverse("review:deadline", kwargs={"deadline": found.pk}) + "#notes")
