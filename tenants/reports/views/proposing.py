"""Taking over answers from elsewhere: from last time, from another report, from Excel. Looked at first, then saved."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import RoomRequest, actor
from minori.documents import sheets
from minori.registry.words import why_no_table
from minori.report_forms.edition import Section
from minori.report_forms.pasted import NotATable
from minori.report_forms.pasted_rows import NoColumns
from minori.ui.keeping import saved
from minori.ui.templatetags.ui_tags import listed
from tenants.access import writers_only
from tenants.reports import copying, drafts, forms, pasting, proposing, queries
from tenants.reports.drafts import WorkingCopy
from tenants.reports.pasting import Pasted
from tenants.reports.proposing import Proposed
from tenants.reports.sections import language_in_force
from tenants.reports.views.section import section_or_404
from tenants.reports.views.shared import address, help_contact, may_write
from tenants.writing import NotOpen

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def copy_from(request: RoomRequest, organization: str, deadline: int, section: str) -> HttpResponse:
    """What the last report, or that of another grant, would put into a section; a POST takes what is ticked."""
    del organization
    copy, asked = _asked(deadline, section)
    sources = copying.sources_of(copy, asked)
    if not _may_write(request, copy) or not sources:
        if not sources:
            nothing = _("There is nothing to copy here: no other report says anything to this section yet.")
            messages.info(request, nothing)
        return redirect(address(request, "section", deadline=deadline, section=section))
    wanted = request.POST.get("from") or request.GET.get("from")
    telling = [one for one in sources if copying.proposals(copy, asked, one)]
    source = next((one for one in sources if one.key == wanted), None) if wanted else [*telling, *sources][0]
    if source is None:
        raise Http404
    proposed = _open(copy, copying.proposals(copy, asked, source))
    if request.method == "POST":
        return _take(request, copy, asked, proposed)
    context = {"sources": sources, "source": source, "proposed": proposed, "ticked": "empty"}
    return _draw(request, "reports/copy.html", copy, asked, context)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def paste(request: RoomRequest, organization: str, deadline: int, section: str) -> HttpResponse:
    """A table from Excel: what it would change is shown first; a second press takes what is ticked."""
    del organization
    copy, asked = _asked(deadline, section)
    field = pasting.results_of(asked)
    if field is None:
        raise Http404
    if not _may_write(request, copy):
        return redirect(address(request, "section", deadline=deadline, section=section))
    text, errors = request.POST.get("text", ""), []
    pasted: Pasted | None = None
    if text.strip():
        try:
            found = pasting.read(copy, field, text)
            open_ones = _open(copy, found.proposed)
            closed = [one for one in found.proposed if one not in open_ones]
            pasted = replace(
                found, proposed=open_ones, untaken=(*found.untaken, *(_not_sent_back(one) for one in closed))
            )
        except (NotATable, NoColumns) as problem:
            errors.append(_why(problem))
    elif request.method == "POST":
        errors.append(_("Please paste the cells from Excel first."))
    if pasted and "confirm" in request.POST:
        return _take(request, copy, asked, pasted.proposed)
    context = {
        "text": text,
        "pasted": pasted,
        "proposed": pasted.proposed if pasted else (),
        "ticked": "all",
        "errors": [{"href": "#id_text", "text": one} for one in errors],
        "rows": len(copy.draft.rows_of(field)),
        "cells": pasting.as_cells(pasting.table_of(copy, field)),
    }
    return _draw(request, "reports/paste.html", copy, asked, context, status=422 if errors else 200)


@require_safe
@writers_only
def table(request: RoomRequest, organization: str, deadline: int, section: str) -> HttpResponse:
    """The rows as a workbook, to be filled in there and pasted back."""
    del organization
    copy, asked = _asked(deadline, section)
    field = pasting.results_of(asked)
    if field is None:
        raise Http404
    cells = pasting.table_of(copy, field)
    widths = [10, 40, *[30] * (len(cells[0]) - 5), 60, 24, 30]
    data = sheets.one_sheet(cells, name=asked.title.say(language_in_force()), widths=widths)
    headers = {"Content-Disposition": f'attachment; filename="report-{deadline}-{asked.key}.xlsx"'}
    return HttpResponse(data, content_type=_XLSX, headers=headers)


def _asked(deadline: int, section: str) -> tuple[WorkingCopy, Section]:
    copy = drafts.read(queries.deadline_or_404(deadline))
    return copy, section_or_404(copy, section)


def _open(copy: WorkingCopy, proposed: Iterable[Proposed]) -> tuple[Proposed, ...]:
    """What may be taken over: a return leaves other parts as they were handed in."""
    return tuple(one for one in proposed if one.key in copy.opened)


def _not_sent_back(one: Proposed) -> str:
    return _("%(row)s: not sent back, so it stays as it was handed in") % {"row": one.name}


def _may_write(request: RoomRequest, copy: WorkingCopy) -> bool:
    return may_write(request, queries.standing(copy.deadline, at=timezone.now()))


def _take(
    request: RoomRequest, copy: WorkingCopy, asked: Section, proposed: Sequence[Proposed]
) -> HttpResponse:
    by, at = actor(request.person), timezone.now()
    chosen, seen = forms.taken_in(request.POST)
    there = address(request, "section", deadline=copy.deadline.pk, section=asked.key)
    try:
        taken = proposing.take(copy.deadline.pk, proposed=proposed, chosen=chosen, seen=seen, by=by, at=at)
    except NotOpen as refusal:
        messages.error(request, str(refusal))
        return redirect(there)
    count = len(taken.saved)
    if count:
        said = ngettext("Taken over: %(count)s answer.", "Taken over: %(count)s answers.", count)
        messages.success(request, said % {"count": count})
    if taken.left:
        names = listed(one.name for one in proposed if one.key in taken.left)
        messages.warning(
            request,
            _("Somebody has changed this meanwhile, so it was left as it is: %(names)s") % {"names": names},
        )
    if not chosen:
        messages.info(request, _("Nothing was ticked, so nothing was changed."))
    return saved(request, redirect(there), form="take")


def _why(problem: NotATable | NoColumns) -> str:
    if isinstance(problem, NotATable):
        words = {"line": problem.line, "sentence": why_no_table(problem)}
        return _("Line %(line)s: %(sentence)s") % words
    return _(
        "It cannot be told which column is which. Please copy the line of headings too, and a column that names the"
        " rows (code or statement)."
    )


def _draw(
    request: RoomRequest,
    template: str,
    copy: WorkingCopy,
    asked: Section,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    shared = {
        "deadline": copy.deadline,
        "section": asked,
        "title": asked.title.say(language_in_force()),
        "help_contact": help_contact(copy.deadline),
    }
    return render(request, template, {**shared, **context}, status=status)
