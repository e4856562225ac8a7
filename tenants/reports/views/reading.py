"""Drawing a section: to be filled in, or only to be read."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.requests import RoomRequest
from minori.documents import paper
from minori.registry import successions
from minori.report_forms.contents import Attachment, Contents
from minori.report_forms.edition import Kind, Section
from tenants.evidence.attachments import Described, Refused
from tenants.reports import (
    comments,
    controls,
    copying,
    corrections,
    drafts,
    number_words,
    numbers,
    queries,
    sections,
    sentences,
)
from tenants.reports.controls import Page
from tenants.reports.drafts import WorkingCopy
from tenants.reports.queries import Stand
from tenants.reports.saving import Conflict, Given
from tenants.reports.sections import language_in_force
from tenants.reports.sentences import Sentence
from tenants.reports.views import change_links, listing
from tenants.reports.views.addresses import file_address
from tenants.reports.views.shared import Problem, address, help_contact


def page_of(
    copy: WorkingCopy,
    asked: Section,
    *,
    typed: Mapping[str, Given] | None = None,
    conflicts: Mapping[str, Conflict] | None = None,
    bodies: Mapping[int, str] | None = None,
    check: bool = False,
) -> Page:
    """What the page shows beside what is stored; `check` shows everything that stands in the way of handing in.

    Otherwise only contradictions are shown: nothing is demanded while somebody writes.
    """
    return Page(
        typed=typed or {},
        conflicts=conflicts or {},
        errors={one.control: one.text for one in found_in(copy, asked, check=check)},
        threads=comments.with_typed(comments.threads_of([copy.deadline.pk])[copy.deadline.pk], bodies or {}),
        previous=drafts.previous_of(copy.deadline),
        around=numbers.around_of(copy) if any(one.kind == Kind.RESULTS for one in asked.fields) else None,
    )


def found_in(copy: WorkingCopy, asked: Section, *, check: bool) -> list[Sentence]:
    """What is to be mended in a section."""
    findings = [
        one
        for one in copy.findings.problems
        if one.section == asked.key and (check or one.code in sentences.CONTRADICTIONS)
    ]
    return sentences.sentences(copy, findings)


def draw(
    request: RoomRequest,
    copy: WorkingCopy,
    asked: Section,
    page: Page,
    *,
    kept: QueryDict | None = None,
    refusal: str = "",
    captions: Mapping[UUID, Described] | None = None,
    refused: list[Refused] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a section to be filled in. `refusal` says why nothing could be saved; what was typed stays in it."""
    language = language_in_force()
    check = "check" in request.GET
    # conflicts and refusals are said at the top; while writing, contradictions too
    errors = [Problem(f"#{one.control}", one.text, "") for one in found_in(copy, asked, check=check)]
    takes_files = any(field.kind == Kind.PHOTOS for field in asked.fields)
    before, after = sections.neighbours(copy.edition, asked)
    context = {
        "copy": copy,
        "deadline": copy.deadline,
        "section": asked,
        "title": asked.title.say(language),
        "part": copy.edition.part_of(asked.key).title.say(language),
        "controls": controls.controls_of(copy, asked, page),
        "may_copy": copying.offered(copy, asked, previous=page.previous),
        "head": paper.of(copy.contents(), edition=copy.edition, language=language, draft=True).head
        if any(field.kind == Kind.HEAD for field in asked.fields)
        else (),
        "files": listing.of_section(request, copy, asked, captions or {}),
        "rights": listing.rights_choices(),
        "accept": listing.accepted(copy),
        "upload_url": address(request, "upload", deadline=copy.deadline.pk) if takes_files else "",
        "progress_choices": controls.progress_choices(),
        "span_choices": number_words.span_choices(),
        "errors": errors,
        "refusal": refusal,
        "refused": refused or [],
        "conflicts": page.conflicts,
        "torn": [Problem(f"#conflict-{key}", _who_changed(one), "") for key, one in page.conflicts.items()],
        "kept": kept,
        "change": change_links.context_of(copy, asked),
        "cuts": _cuts(copy, page.previous),
        "previous_title": page.previous.head.round_title if page.previous else "",
        "before": before,
        "after": after,
        "closed": sections.is_closed(copy, asked),
        "wide": any(field.kind == Kind.RESULTS for field in asked.fields),
        "help_contact": help_contact(copy.deadline),
        "stage": queries.last_revision(copy.deadline),
        "days": copy.deadline.days_left(_today(copy)),
    }
    return render(request, "reports/section.html", context, status=status)


def _cuts(copy: WorkingCopy, previous: Contents | None) -> frozenset[str]:
    """Rows with an indicator that measures something else than in the previous report."""
    if previous is None or copy.version is None:
        return frozenset()
    return successions.cut_rows(
        copy.deadline.grant_id, after=previous.framework_number, upto=copy.version.number
    )


def _who_changed(one: Conflict) -> str:
    if one.own:
        return _("You have changed the same in another window.")
    return _("%(who)s has changed the same.") % {"who": one.who}


def _today(copy: WorkingCopy) -> date:
    return copy.deadline.grant.programme.distributor.local_date(timezone.now())


def show(request: RoomRequest, copy: WorkingCopy, asked: Section, stand: Stand) -> HttpResponse:
    """The section to be read only: for readers, and for reports that are not open."""
    language = language_in_force()

    def url(attachment: Attachment) -> str:
        return file_address(request, attachment)

    whole = paper.of(copy.contents(), edition=copy.edition, language=language, photo_url=url, draft=True)
    here = set(sections.anchors_of(copy, asked))
    proposed = corrections.open_of([copy.deadline.pk])[copy.deadline.pk]
    part = [one for part in whole.parts for one in part.sections if one.key == asked.key]
    context = {
        "deadline": copy.deadline,
        "stand": stand,
        "title": asked.title.say(language),
        "paper_section": part[0] if part else None,
        "head": whole.head if any(field.kind == Kind.HEAD for field in asked.fields) else (),
        "threads": comments.at(comments.threads_of([copy.deadline.pk])[copy.deadline.pk], here),
        "proposed": corrections.named(copy, [one for one in proposed if one.anchor in here]),
        "may_settle": bool(request.roles & WRITING_ROLES),
        "help_contact": help_contact(copy.deadline),
    }
    return render(request, "reports/section_read.html", context)
