"""Writing a plan: the draft, its rows one page each, and handing it in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import RoomRequest, actor
from minori.programmes import contacts
from minori.registry import nesting, words
from minori.registry.forms import row_page
from minori.registry.frameworks import FrameworkNotPossible
from minori.report_forms.framework import Framework, Row
from minori.ui.keeping import saved
from tenants.access import writers_only
from tenants.frameworks import drafts
from tenants.frameworks.forms import HandInForm
from tenants.frameworks.queries import Plan, plan_or_404

P = ParamSpec("P")
Writing = Callable[Concatenate[RoomRequest, Plan, P], HttpResponse]


def writing(view: Writing[P]) -> Callable[..., HttpResponse]:
    """Only writers, and only while nothing waits for an answer: people are led to where it can be taken back."""

    @wraps(view)
    @writers_only
    def guarded(
        request: RoomRequest, /, organization: str, grant: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        plan = plan_or_404(request.organization, grant)
        if plan.is_waiting:
            messages.error(
                request, _("The plan waits for your officer. Take it back first if you want to change it.")
            )
            return redirect("frameworks:plan", organization=organization, grant=grant)
        if plan.is_held and plan.open_request is not None:
            messages.error(
                request, _("A change request is open. Nothing else is written until it is settled.")
            )
            number = plan.open_request.number
            return redirect(
                "frameworks:change_request", organization=organization, grant=grant, number=number
            )
        return view(request, plan, *args, **kwargs)

    return guarded


@require_safe
@writing
def draft(request: RoomRequest, plan: Plan) -> HttpResponse:
    """The draft with all its rows, what is still wrong, and the way to hand it in."""
    return _draft_page(request, plan, HandInForm())


def _draft_page(request: RoomRequest, plan: Plan, form: HandInForm, *, problem: str = "") -> HttpResponse:
    framework = drafts.read(plan.grant.pk) or Framework()
    context = {
        "plan": plan,
        "grant": plan.grant,
        "lines": words.lines(framework, address=lambda page, uuid: _address(request, plan, page, uuid)),
        "problems": words.problems(framework),
        "form": form,
        "problem": problem,
        "outdated": drafts.is_outdated(plan.grant.pk, newest=plan.newest),
        "help_contact": contacts.of_grant(plan.grant),
    }
    return render(request, "frameworks/draft.html", context, status=422 if problem or form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def row(request: RoomRequest, plan: Plan, uuid: UUID | None = None) -> HttpResponse:
    """A row of the draft, or a new one. What was typed into a row that somebody removed becomes a new row."""
    framework = drafts.read(plan.grant.pk) or Framework()
    known = None if uuid is None else framework.find_row(uuid)
    if uuid is not None and known is None and request.method != "POST":
        raise Http404
    page = row_page(
        request.POST if request.method == "POST" else None, framework, known, _under(request, framework)
    )
    if page.row is None:
        context = {
            "plan": plan,
            "grant": plan.grant,
            "page": page,
            "row": known,
            "errors": page.errors,
            "help_contact": contacts.of_grant(plan.grant),
        }
        status = 422 if page.errors or page.theirs else 200
        return render(request, "frameworks/row.html", context, status=status)
    typed: Row = page.row
    put = nesting.add if known is None else nesting.put
    drafts.change(
        plan.grant, lambda current: put(current, typed), by=actor(request.person), at=timezone.now()
    )
    messages.success(request, _("Saved: %(row)s") % {"row": words.name_of(typed)})
    new = _address(request, plan, "new")
    there = new if "again" in request.POST else f"{_address(request, plan, 'draft')}#row-{typed.uuid}"
    return saved(request, redirect(there), form="plan-row")


def _under(request: RoomRequest, framework: Framework) -> Row | None:
    try:
        return framework.find_row(UUID(request.GET.get("under", "")))
    except ValueError:
        return None


@require_POST
@writing
def move(request: RoomRequest, plan: Plan, uuid: UUID) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("direction") == "up"
    drafts.change(
        plan.grant,
        lambda current: nesting.move(current, uuid, up=up) if current.find_row(uuid) else current,
        by=actor(request.person),
        at=timezone.now(),
    )
    return redirect(f"{_address(request, plan, 'draft')}#row-{uuid}")


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def remove(request: RoomRequest, plan: Plan, uuid: UUID) -> HttpResponse:
    """Ask, then remove a row; what stands under it moves up."""
    framework = drafts.read(plan.grant.pk) or Framework()
    known = framework.find_row(uuid)
    if request.method != "POST":
        if known is None:
            raise Http404
        shown = next(one for one in words.shown(framework) if one.row.uuid == uuid)
        context = {
            "plan": plan,
            "grant": plan.grant,
            "shown": shown,
            "row": known,
            "help_contact": contacts.of_grant(plan.grant),
        }
        return render(request, "frameworks/remove.html", context | {"below": framework.children(uuid)})
    if known is not None:
        drafts.change(
            plan.grant,
            lambda current: nesting.remove(current, uuid) if current.find_row(uuid) else current,
            by=actor(request.person),
            at=timezone.now(),
        )
        messages.success(request, _("Removed: %(row)s") % {"row": words.name_of(known)})
    return redirect(_address(request, plan, "draft"))


@require_POST
@writing
def discard(request: RoomRequest, plan: Plan) -> HttpResponse:
    """Throw the draft away; what is registered stays."""
    drafts.discard(plan.grant.pk)
    messages.success(request, _("The draft is gone. What is registered stays."))
    return redirect("frameworks:plan", organization=request.organization.slug, grant=plan.grant.code)


@require_POST
@writing
def hand_in(request: RoomRequest, plan: Plan) -> HttpResponse:
    """Hand the draft to the officer for registration."""
    form = HandInForm(request.POST)
    if not form.is_valid():
        return _draft_page(request, plan, form)
    if plan.newest is not None:  # what is registered changes by a request, with reasons
        return redirect(_address(request, plan, "changes"))
    try:
        drafts.hand_in(
            plan.grant, remark=form.cleaned_data["remark"], by=actor(request.person), at=timezone.now()
        )
    except FrameworkNotPossible as problem:
        return _draft_page(request, plan, form, problem=str(problem))
    messages.success(request, _("The plan is with your officer now. You will see the answer here."))
    answer = redirect("frameworks:plan", organization=request.organization.slug, grant=plan.grant.code)
    return saved(request, answer, form="hand-in")


def _address(request: RoomRequest, plan: Plan, page: str, uuid: UUID | None = None) -> str:
    place = {"organization": request.organization.slug, "grant": plan.grant.code}
    if page == "under":
        return f"{reverse('frameworks:new_row', kwargs=place)}?under={uuid}"
    names = {
        "draft": "draft",
        "changes": "draft_changes",
        "new": "new_row",
        "edit": "row",
        "move": "move_row",
        "remove": "remove_row",
    }
    if uuid is not None:
        return reverse(f"frameworks:{names[page]}", kwargs={**place, "uuid": uuid})
    return reverse(f"frameworks:{names[page]}", kwargs=place)
