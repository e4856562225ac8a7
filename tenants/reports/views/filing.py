"""What was handed in, as it is read for ever."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.documents import paper, transcription
from minori.filings.approvals import approved_revision
from minori.filings.revisions import recalled
from minori.filings.unreadable import contents_of, reading
from minori.programmes import labels
from minori.report_forms.contents import Attachment, Contents
from tenants.reports import following, queries
from tenants.reports.sections import language_in_force
from tenants.reports.views.addresses import filed_address
from tenants.reports.views.shared import help_contact


@require_safe
def filing(request: RoomRequest, organization: str, deadline: int, revision: int) -> HttpResponse:
    """One revision of a report: the paper, its hash, who handed it in and who approved, the other revisions."""
    del organization
    one = queries.deadline_or_404(deadline)
    filed = queries.filing_or_404(one, revision)
    filings = queries.filings_of(one)
    contents = contents_of(filed)

    def url(attachment: Attachment) -> str:
        return filed_address(request, filed, attachment)

    with reading(filed):
        whole = paper.of(
            contents,
            edition=labels.edition_of(
                one.grant.programme.distributor, contents.edition, contents.edition_version
            ),
            language=language_in_force(),
            photo_url=url,
        )
    context = {
        "deadline": one,
        "stand": queries.standing(one, at=timezone.now()),
        "filing": filed,
        "counts": one.current_filing_id == filed.pk,
        "approved_revision": approved_revision(filed),
        "filings": filings,
        "recalled": recalled(one) if len(filings) > 1 or queries.was_recalled(one, filings) else (),
        "paper": whole,
        "help_contact": help_contact(one),
    }
    return render(request, "reports/filing.html", context)


@require_safe
def own(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """What the organization had written itself when an officer filed on its behalf; handed in nowhere."""
    del organization
    one = queries.deadline_or_404(deadline)
    kept = following.own_draft(one)
    if kept is None:
        raise Http404
    contents = Contents.from_json(kept.contents)
    context = {
        "deadline": one,
        "kept": kept,
        "paper": paper.of(
            contents,
            edition=labels.edition_of(
                one.grant.programme.distributor, contents.edition, contents.edition_version
            ),
            language=language_in_force(),
            draft=True,
        ),
        "help_contact": help_contact(one),
    }
    return render(request, "reports/own_draft.html", context)


@require_safe
def transcribe(request: RoomRequest, organization: str, deadline: int, revision: int) -> HttpResponse:
    """What was handed in, field by field, to be copied into the official system (転記モード)."""
    del organization
    one = queries.deadline_or_404(deadline)
    filed = queries.filing_or_404(one, revision)
    contents = contents_of(filed)
    language = language_in_force()
    with reading(filed):
        whole = paper.of(
            contents,
            edition=labels.edition_of(
                one.grant.programme.distributor, contents.edition, contents.edition_version
            ),
            language=language,
        )
        groups = transcription.of(whole, language=language)
    context = {
        "deadline": one,
        "filing": filed,
        "newest": queries.filings_of(one)[0].revision,
        "groups": groups,
        "count": sum(len(group.entries) for group in groups),
        "help_contact": help_contact(one),
    }
    return render(request, "reports/transcription.html", context)
