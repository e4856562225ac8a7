"""The page of filing on behalf, put together: what can be done now, what went out, what came back."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from minori.accounts.requests import DeskRequest
from minori.documents import paper
from minori.filings.behalf import OnBehalf
from minori.programmes.models import Deadline
from minori.report_forms.contents import Attachment, Rights
from reporting.review import returned, returned_parts, workbooks
from reporting.review.behalf_forms import FilingForm, SendForm
from reporting.review.models import SentFile
from reporting.review.returned import Looked

Addresses = Sequence[tuple[str, str]]
"""Addresses with names, the likeliest first."""


def here(found: Deadline) -> str:
    """The address of the page."""
    return reverse("review:behalf", kwargs={"deadline": found.pk})


def draw(
    request: DeskRequest,
    found: Deadline,
    *,
    sending: SendForm | None = None,
    filing: FilingForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with what was posted and could not be done."""
    at = timezone.now()
    today = found.grant.programme.distributor.local_date(at)
    refusal = workbooks.refusal(found, today=today)
    kept = returned.of(found)
    known = workbooks.known_addresses(found)
    draft = None if refusal else workbooks.draft_saved_at(found)
    looked = returned.look(kept, found) if kept and not refusal else None
    context: dict[str, Any] = {
        "deadline": found,
        "programme": found.grant.programme,
        "refusal": refusal,
        "problem": problem,
        "may_decide": request.desk.may_decide(found.grant.programme.distributor_id),
        "draft_saved_at": draft,
        "sent": workbooks.sent(found),
        "known": known,
        "send_form": sending or _sending(found, known),
        "languages": (("ja", "日本語"), ("en", "English")),
        "shown_errors": [*([{"text": problem}] if problem else []), *_errors(filing or sending)],
        "kept": vars(request).get("kept"),
    }
    if looked is not None and kept is not None:
        context |= _of_returned(looked, has_draft=draft is not None, filing=filing, known=known)
    return render(request, "review/behalf.html", context, status=status)


def _errors(form: FilingForm | SendForm | None) -> list[dict[str, str]]:
    if form is None:
        return []
    return [
        {"href": f"#{form[name].id_for_label}" if name != "__all__" else "", "text": str(error)}
        for name, errors in form.errors.items()
        for error in errors
    ]


def _sending(found: Deadline, known: Addresses) -> SendForm:
    address, name = known[0] if known else ("", "")
    initial = {"address": address, "name": name or found.organization.name, "language": "ja"}
    return SendForm(prefix="send", initial=initial)


def _of_returned(
    looked: Looked, *, has_draft: bool, filing: FilingForm | None, known: Addresses
) -> dict[str, Any]:
    language = get_language() or "ja"
    parts = returned_parts.parts_of(looked, language)

    def url(one: Attachment) -> str:
        filed = {attachment.uuid for attachment in looked.ground.asked.filled.attachments}
        if one.uuid in filed:
            place = {
                "deadline": looked.deadline.pk,
                "revision": looked.ground.asked.keys.revision,
                "uuid": one.uuid,
            }
            return reverse("review:attachment", kwargs=place)
        if not one.is_photo:
            return ""
        return reverse("review:sent_picture", kwargs={"deadline": looked.deadline.pk, "uuid": one.uuid})

    last = OnBehalf.objects.filter(organization=looked.deadline.organization_id).order_by("-pk").first()
    address, name = (last.sender_address, last.sender_name) if last else known[0] if known else ("", "")
    initial = {  # not the day it arrived: it decides for ever, so somebody looks it up
        "seen": looked.seen,
        "manner": "mail",
        "sender_name": name,
        "sender_address": address,
    }
    return {
        "looked": looked,
        "returned": looked.returned,
        "noticed": looked.noticed(),
        "filed_before": returned.filed_before(looked.returned),
        "problems": looked.problems(language),
        "warnings": looked.warnings(language),
        "filled_in": returned_parts.changed_words(parts, looked.changed),
        "filled_count": len(looked.changed),
        "parts": parts,
        "by_anchor": {part.anchor for part in parts},
        "paper": paper.of(
            looked.contents, edition=looked.ground.asked.edition, language=language, photo_url=url, draft=True
        ),
        "takes_files": looked.takes_files(),
        "files": SentFile.objects.filter(workbook=looked.returned)
        .defer("data", "preview")
        .order_by("position"),
        "rights": [(one.value, one.label.say(language)) for one in Rights],
        "file_form": filing or FilingForm(prefix="file", initial=initial, has_draft=has_draft),
        "seen": looked.seen,
    }
