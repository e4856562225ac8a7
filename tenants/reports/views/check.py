"""提出前の確認: everything found, the report as it will be read, who approved, one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.enums import Role
from minori.accounts.requests import RoomRequest, actor
from minori.documents import paper
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Filing
from minori.report_forms.completeness import FindingCode
from minori.report_forms.contents import Attachment
from minori.ui.keeping import saved
from minori.ui.templatetags.ui_tags import listed
from tenants.access import approvers_only, writers_only
from tenants.reports import (
    asking,
    comments,
    drafts,
    handing_in,
    number_words,
    numbers,
    queries,
    sections,
    sentences,
    unchanged,
)
from tenants.reports.drafts import WorkingCopy
from tenants.reports.forms import ApprovalForm
from tenants.reports.queries import Stand
from tenants.reports.sections import language_in_force
from tenants.reports.views.addresses import file_address
from tenants.reports.views.shared import Problem, address, help_contact, may_write, problem
from tenants.writing import NotOpen


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """The page before handing in; a POST of an approver hands in."""
    del organization
    one = queries.deadline_or_404(deadline)
    stand = queries.standing(one, at=timezone.now())
    if request.method == "POST":
        return _hand_in(request, stand)
    if not stand.may_write:
        return redirect(address(request, "report", deadline=deadline))
    copy = drafts.read(one)
    form = ApprovalForm(today=stand.today, initial={"approved_on": stand.today})
    return _draw(request, stand, copy, form)


@require_POST
@writers_only
def ask(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Ask the approvers to check the report and to hand it in."""
    del organization
    one = queries.deadline_or_404(deadline)
    try:
        asking.ask(one, by=actor(request.person), at=timezone.now())
    except NotOpen as refusal:
        messages.error(request, str(refusal))
    else:
        names = listed(queries.approvers())
        messages.success(request, _("The approvers are asked by mail: %(names)s") % {"names": names})
    return redirect(f"{address(request, 'check', deadline=deadline)}#approval")


@approvers_only
def _hand_in(request: RoomRequest, stand: Stand) -> HttpResponse:
    form = ApprovalForm(request.POST, today=stand.today)
    refusal = ""
    if form.is_valid():
        try:
            filing = handing_in.hand_in(
                stand.deadline,
                approval=form.approval,
                seen=form.cleaned_data["seen"],
                by=actor(request.person),
                at=timezone.now(),
            )
        except NotPossibleNow as problem_:
            refusal = str(problem_)
        else:
            return _done(request, stand, filing)
    now = queries.standing(queries.deadline_or_404(stand.deadline.pk), at=timezone.now())
    if refusal and not now.may_write:  # somebody else was faster, or it was closed
        messages.error(request, refusal)
        return redirect(address(request, "report", deadline=now.deadline.pk))
    return _draw(request, now, drafts.read(now.deadline), form, refusal=refusal, status=422)


def _done(request: RoomRequest, stand: Stand, filing: Filing) -> HttpResponse:
    said = _("Handed in as revision %(revision)s.") % {"revision": filing.revision}
    messages.success(request, said)
    there = address(request, "filing", deadline=stand.deadline.pk, revision=filing.revision)
    return saved(request, redirect(there), form="hand-in")


def _draw(
    request: RoomRequest,
    stand: Stand,
    copy: WorkingCopy,
    form: ApprovalForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    language = language_in_force()
    deadline = stand.deadline

    def url(attachment: Attachment) -> str:
        return file_address(request, attachment)

    found = numbers.of_copy(copy, numbers.around_of(copy))
    filings = queries.filings_of(deadline)
    context: dict[str, Any] = {
        "deadline": deadline,
        "stand": stand,
        "copy": copy,
        "problems": [
            *(problem(request, deadline, one) for one in sentences.sentences(copy, copy.findings.problems)),
            *_without_plan(request, copy),
            *_closed(request, copy),
        ],
        "warnings": [
            *_unanswered(request, copy),
            *_unchanged(request, copy),
            *(problem(request, deadline, one) for one in sentences.sentences(copy, copy.findings.warnings)),
        ],
        "paper": paper.of(
            copy.contents(), edition=copy.edition, language=language, photo_url=url, draft=True
        ),
        "form": form,
        "fingerprint": handing_in.fingerprint(copy, found),
        "numbers": number_words.before_handing_in(copy, found),
        "refusal": refusal,
        "opened": sections.named(copy, copy.opened.by_the_organization),
        "revision": (filings[0].revision if filings else 0) + 1,
        "more_time": queries.open_requests([deadline]).get(deadline.pk),
        "may_write": may_write(request, stand),
        "is_approver": Role.APPROVER in request.roles,
        "approvers": queries.approvers(),
        "asked": asking.asked([deadline]).get(deadline.pk),
        "help_contact": help_contact(deadline),
    }
    return render(request, "reports/check.html", context, status=status)


def _without_plan(request: RoomRequest, copy: WorkingCopy) -> list[Problem]:
    """A form with a results section, required or not, is handed in against a registered plan."""
    told = any(one.code == FindingCode.FRAMEWORK_MISSING for one in copy.findings.problems)
    if not copy.lacks_plan or told:
        return []
    text = _("No plan is registered yet, and a report is handed in against one. Please ask the officer.")
    return [Problem(href=address(request, "report", deadline=copy.deadline.pk), text=text, where="")]


def _closed(request: RoomRequest, copy: WorkingCopy) -> list[Problem]:
    """Parts that a return left closed and that are not as they were handed in: they have to be opened first."""
    found = []
    for anchor in handing_in.changed_though_closed(copy):
        section = sections.section_of_anchor(copy, anchor)
        page = section and address(request, "section", deadline=copy.deadline.pk, section=section.key)
        text = _("A part that was not sent back differs from what was handed in. Open it with a reason.")
        where = section.title.say(language_in_force()) if section else ""
        found.append(Problem(href=f"{page or ''}#part-{anchor}", text=text, where=where))
    return found


def _unanswered(request: RoomRequest, copy: WorkingCopy) -> list[Problem]:
    """Comments that nobody has answered or dealt with: pointed out, never in the way."""
    threads = comments.threads_of([copy.deadline.pk])[copy.deadline.pk]
    found = []
    for thread in comments.open_ones(copy.deadline, threads):
        if thread.is_answered:
            continue
        section = sections.section_of_anchor(copy, thread.anchor)
        page = (
            address(request, "section", deadline=copy.deadline.pk, section=section.key)
            if section
            else address(request, "report", deadline=copy.deadline.pk)
        )
        where = section.title.say(language_in_force()) if section else ""
        text = _("A comment has neither been answered nor dealt with.")
        found.append(Problem(href=f"{page}#comment-{thread.comment.pk}", text=text, where=where))
    return found


def _unchanged(request: RoomRequest, copy: WorkingCopy) -> list[Problem]:
    """Texts that are those of the last report, letter by letter: pointed out once a section, never in the way."""
    found = []
    for one in unchanged.in_report(copy, drafts.previous_of(copy.deadline)):
        text = ngettext(
            "%(count)s text is the same as in the last report.",
            "%(count)s texts are the same as in the last report.",
            len(one.names),
        ) % {"count": len(one.names)}
        href = address(request, "section", deadline=copy.deadline.pk, section=one.section.key)
        where = pgettext("between items of a list", ", ").join(one.names)
        found.append(Problem(href=f"{href}#{one.control}", text=text, where=where))
    return found
