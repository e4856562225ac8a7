"""One section of a report: shown, filled in, saved."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import RoomRequest, actor
from minori.filings import parts
from minori.filings.stepping import NotPossibleNow
from minori.programmes.models import Deadline
from minori.report_forms.answers import RowAnswer
from minori.report_forms.edition import Kind, Section
from minori.report_forms.texts import clean
from minori.ui.keeping import saved
from tenants.access import writers_only
from tenants.evidence import attachments
from tenants.reports import drafts, forms, queries, saving, sentences
from tenants.reports.drafts import WorkingCopy
from tenants.reports.saving import Conflict, Saved
from tenants.reports.sections import language_in_force
from tenants.reports.views import reading
from tenants.reports.views.report import reply
from tenants.reports.views.shared import address, help_contact, may_write
from tenants.writing import NotOpen


def section_or_404(copy: WorkingCopy, key: str) -> Section:
    """A section of the report's form; Http404 when the form has none of this name."""
    try:
        return copy.edition.section(key)
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: RoomRequest, organization: str, deadline: int, section: str) -> HttpResponse:
    """The page of a section; a POST saves what was changed in it."""
    del organization
    one = queries.deadline_or_404(deadline)
    copy = drafts.read(one)
    asked = section_or_404(copy, section)
    if request.method == "POST":
        return _save(request, copy, asked)
    stand = queries.standing(one, at=timezone.now())
    if not may_write(request, stand):
        return reading.show(request, copy, asked, stand)
    kept: QueryDict | None = vars(request).get("kept")
    typed = _given(copy, asked, kept) if kept else {}
    bodies = forms.bodies_in(kept) if kept else {}
    page = reading.page_of(copy, asked, typed=typed, bodies=bodies, check="check" in request.GET)
    said = forms.described_in(kept) if kept else {}
    return reading.draw(request, copy, asked, page, kept=kept, captions=said)


def _given(copy: WorkingCopy, asked: Section, posted: QueryDict) -> dict[str, saving.Given]:
    try:
        return forms.given_in(copy, asked, posted)
    except forms.NotOurPage as error:
        raise SuspiciousOperation from error


@writers_only
def _save(request: RoomRequest, copy: WorkingCopy, asked: Section) -> HttpResponse:
    deadline = copy.deadline
    given = _given(copy, asked, request.POST)
    by, at = actor(request.person), timezone.now()
    try:
        sender = forms.sender_in(request.POST)
        outcome = saving.save_answers(deadline.pk, given=given, by=by, at=at, sender=sender)
        captions = _save_files(copy, asked, request.POST)
    except NotOpen as refusal:
        page = reading.page_of(copy, asked, typed=given, bodies=forms.bodies_in(request.POST))
        said = forms.described_in(request.POST)
        return reading.draw(request, copy, asked, page, refusal=str(refusal), captions=said, status=409)
    reply(request, deadline.pk)
    if "open" in request.POST:
        return _open_part(request, deadline, asked)
    if outcome.conflicts or captions:
        return _ask(request, asked, given, outcome, captions)
    if outcome.written or not (forms.mark_in(request.POST) or "move" in request.POST):
        messages.success(request, _("Saved."))
    if outcome.merged:
        messages.info(request, _("This was also saved elsewhere; both changes were put together."))
    return saved(request, redirect(_next(request, deadline.pk, asked)), form="section")


def _open_part(request: RoomRequest, deadline: Deadline, asked: Section) -> HttpResponse:
    """Open another part of a returned report: what was typed beside it has been saved already."""
    anchor = request.POST["open"]
    reason = clean(request.POST.get(f"reason-{anchor}", ""))
    try:
        parts.open_another(
            deadline, anchor=anchor, reason=reason, by=actor(request.person), at=timezone.now()
        )
    except NotPossibleNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You can correct this part now. The officer sees your reason."))
    here = address(request, "section", deadline=deadline.pk, section=asked.key)
    return saved(request, redirect(f"{here}#part-{anchor}"), form="section")


def _save_files(copy: WorkingCopy, asked: Section, posted: QueryDict) -> dict[UUID, str]:
    if not any(field.kind == Kind.PHOTOS for field in asked.fields):
        return {}
    at = timezone.now()
    conflicts = attachments.describe(copy.deadline.pk, said=forms.described_in(posted), at=at)
    move = forms.move_in(posted)
    if move is not None:
        attachments.move(copy.deadline.pk, move[0], up=move[1], at=at)
    return conflicts


def _ask(
    request: RoomRequest,
    asked: Section,
    given: dict[str, saving.Given],
    outcome: Saved,
    captions: dict[UUID, str],
) -> HttpResponse:
    """Both texts side by side where two people wrote differently; everything else has been saved."""
    copy = drafts.read(queries.deadline_or_404(int(request.resolver_match.kwargs["deadline"])))  # type: ignore[union-attr]  # resolved: we are in its view
    torn: dict[str, Conflict] = dict(outcome.conflicts)
    typed = {key: one for key, one in given.items() if key in torn}
    page = reading.page_of(copy, asked, typed=typed, conflicts=torn)
    said = forms.described_in(request.POST)
    typed_captions = {uuid: said[uuid] for uuid in captions}
    return reading.draw(request, copy, asked, page, captions=typed_captions, status=422)


def _next(request: RoomRequest, deadline: int, asked: Section) -> str:
    """Where to go after saving: to the row or comment that was worked on, else on or back as the button says."""
    here = address(request, "section", deadline=deadline, section=asked.key)
    if (row := forms.row_in(request.POST, "covers")) is not None:
        return address(request, "covers", deadline=deadline, section=asked.key, row=row)
    for name, prefix in (("row", "row-"), ("dealt", "comment-"), ("undealt", "comment-"), ("choose", "")):
        if name in request.POST:
            return f"{here}#{prefix}{request.POST[name]}"
    if any(name.startswith("choose-") for name in request.POST) or "move" in request.POST:
        return here
    copy = drafts.read(queries.deadline_or_404(deadline))
    wrong = [
        one
        for one in copy.findings.problems
        if one.section == asked.key and one.code in sentences.CONTRADICTIONS
    ]
    if wrong:
        return f"{here}?check=1"
    if request.POST.get("then") == "stay":
        return here
    return address(request, "report", deadline=deadline)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def covers(request: RoomRequest, organization: str, deadline: int, section: str, row: UUID) -> HttpResponse:
    """Which other rows the code of this row also stands for: chosen on a page of its own, for long plans too."""
    del organization
    copy = drafts.read(queries.deadline_or_404(deadline))
    asked = section_or_404(copy, section)
    rows = [one for field in asked.fields if field.kind == Kind.RESULTS for one in copy.draft.rows_of(field)]
    mine = next((one for one in rows if one.uuid == row), None)
    if mine is None:
        raise Http404
    answer = copy.draft.row_answer(mine)
    if request.method == "POST":
        chosen = [
            one.uuid for one in rows if one.uuid != row and str(one.uuid) in request.POST.getlist("covers")
        ]
        return _save_covers(request, copy, asked, answer, tuple(chosen))
    if (
        not may_write(request, queries.standing(copy.deadline, at=timezone.now()))
        or str(row) not in copy.opened
    ):
        return redirect(address(request, "section", deadline=deadline, section=section))
    context = {
        "deadline": copy.deadline,
        "title": asked.title.say(language_in_force()),
        "section": asked,
        "row": mine,
        "answer": answer,
        "choices": [(str(one.uuid), one.statement) for one in rows if one.uuid != row],
        "values": [str(one) for one in answer.covers],
        "help_contact": help_contact(copy.deadline),
    }
    return render(request, "reports/covers.html", context)


def _save_covers(
    request: RoomRequest, copy: WorkingCopy, asked: Section, answer: RowAnswer, chosen: tuple[UUID, ...]
) -> HttpResponse:
    key = str(answer.row)
    stored = copy.stored.get(key)
    given = saving.Given(
        value={**answer.to_json(), "covers": [str(uuid) for uuid in chosen]},
        blank=RowAnswer(answer.row).to_json(),
        version=stored.version if stored else 0,
    )
    try:
        saving.save_answers(copy.deadline.pk, given={key: given}, by=actor(request.person), at=timezone.now())
    except NotOpen as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    here = address(request, "section", deadline=copy.deadline.pk, section=asked.key)
    return redirect(f"{here}#row-{key}")
