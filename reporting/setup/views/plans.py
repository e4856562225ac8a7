"""The contracted plan, entered by an officer row by row or pasted, then registered."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Grant
from minori.registry import nesting, words
from minori.registry.forms import row_page
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.pasting import EXAMPLE, EXAMPLE_EN, ORDER, PastedPlan, heading, read_plan
from minori.report_forms.framework import Framework, Row
from minori.ui.keeping import saved
from reporting.access import desk_only, grant_or_404, must_decide
from reporting.setup import plans as rules
from reporting.setup import queries
from reporting.setup.forms.plans import RegisterForm

P = ParamSpec("P")
Preparing = Callable[Concatenate[DeskRequest, Grant, P], HttpResponse]


def _preparing(view: Preparing[P]) -> Callable[..., HttpResponseBase]:
    """Only officers and managers of the grant's distributor."""

    @wraps(view)
    @desk_only
    def guarded(request: DeskRequest, /, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        grant = grant_or_404(request, code)
        must_decide(request, grant.programme.distributor_id)
        return view(request, grant, *args, **kwargs)

    return guarded


@require_safe
@_preparing
def plan(request: DeskRequest, grant: Grant) -> HttpResponse:
    """What has been entered so far, what is still wrong, and the way to register it."""
    return _plan_page(request, grant, _form(grant, None))


def _plan_page(request: DeskRequest, grant: Grant, form: RegisterForm, *, problem: str = "") -> HttpResponse:
    prepared = rules.read(grant)
    framework = prepared or Framework()
    context = {
        "grant": grant,
        "programme": grant.programme,
        "begun": prepared is not None,
        "newest": grant.framework_versions.order_by("-number").first(),
        "lines": words.lines(framework, address=lambda page, uuid: _address(grant, page, uuid)),
        "problems": words.problems(framework),
        "problem": problem,
        "form": form,
    }
    return render(request, "setup/plan.html", context, status=422 if problem or form.errors else 200)


def _form(grant: Grant, data: QueryDict | None) -> RegisterForm:
    is_first = not grant.framework_versions.exists()
    first = 1 if is_first else queries.first_round_open(grant)
    own = grant.programme.answers_for_id is not None
    initial = {"effective_from_round": first}
    return RegisterForm(data, programme=grant.programme, is_first=is_first, own=own, initial=initial)


@require_POST
@_preparing
def begin(request: DeskRequest, grant: Grant) -> HttpResponse:
    """Begin from the newest registered version."""
    rules.begin(grant, by=actor(request.person), at=timezone.now())
    return redirect("setup:plan", code=grant.code)


@require_POST
@_preparing
def discard(request: DeskRequest, grant: Grant) -> HttpResponse:
    """Throw away what has been entered."""
    rules.discard(grant)
    messages.success(request, _("What had been entered is gone. Registered versions stay."))
    return redirect("setup:grant", code=grant.code)


@require_POST
@_preparing
def register(request: DeskRequest, grant: Grant) -> HttpResponse:
    """Register what has been entered; the organization confirms it."""
    if rules.read(grant) is None:  # sent twice: the first one registered it
        return redirect("setup:grant", code=grant.code)
    form = _form(grant, request.POST)
    if not form.is_valid():
        return _plan_page(request, grant, form)
    try:
        version = rules.register(
            grant,
            effective_from_round=form.cleaned_data["effective_from_round"],
            reason=form.cleaned_data.get("reason", ""),
            by=actor(request.person),
            at=timezone.now(),
        )
    except FrameworkNotPossible as problem:
        return _plan_page(request, grant, form, problem=str(problem))
    messages.success(request, rules.say_registered(version))
    return redirect("setup:version", code=grant.code, number=version.number)


@require_http_methods(["GET", "HEAD", "POST"])
@_preparing
def row(request: DeskRequest, grant: Grant, uuid: UUID | None = None) -> HttpResponse:
    """A row of what is being entered, or a new one."""
    framework = rules.read(grant) or Framework()
    known = None if uuid is None else framework.find_row(uuid)
    if uuid is not None and known is None and request.method != "POST":
        raise Http404
    data = request.POST if request.method == "POST" else None
    page = row_page(
        data, framework, known, _under(request, framework), own=grant.programme.answers_for_id is not None
    )
    if page.row is None:
        context = {"grant": grant, "programme": grant.programme, "page": page, "row": known}
        status = 422 if page.errors or page.theirs else 200
        return render(request, "setup/row.html", context | {"errors": page.errors}, status=status)
    typed: Row = page.row
    put = nesting.add if known is None else nesting.put
    rules.change(grant, lambda current: put(current, typed), by=actor(request.person), at=timezone.now())
    messages.success(request, _("Saved: %(row)s") % {"row": words.name_of(typed)})
    new = reverse("setup:new_row", kwargs={"code": grant.code})
    there = new if "again" in request.POST else _address(grant, "plan", typed.uuid)
    return saved(request, redirect(there), form="plan-row")


def _under(request: DeskRequest, framework: Framework) -> Row | None:
    try:
        return framework.find_row(UUID(request.GET.get("under", "")))
    except ValueError:
        return None


@require_POST
@_preparing
def move(request: DeskRequest, grant: Grant, uuid: UUID) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("direction") == "up"
    rules.change(
        grant,
        lambda current: nesting.move(current, uuid, up=up) if current.find_row(uuid) else current,
        by=actor(request.person),
        at=timezone.now(),
    )
    return redirect(_address(grant, "plan", uuid))


@require_http_methods(["GET", "HEAD", "POST"])
@_preparing
def remove(request: DeskRequest, grant: Grant, uuid: UUID) -> HttpResponse:
    """Ask, then remove a row; what stands under it moves up."""
    framework = rules.read(grant) or Framework()
    known = framework.find_row(uuid)
    if request.method != "POST":
        if known is None:
            raise Http404
        shown = next(one for one in words.shown(framework) if one.row.uuid == uuid)
        context = {"grant": grant, "programme": grant.programme, "shown": shown, "row": known}
        return render(request, "setup/remove_row.html", context | {"below": framework.children(uuid)})
    if known is not None:
        rules.change(
            grant,
            lambda current: nesting.remove(current, uuid) if current.find_row(uuid) else current,
            by=actor(request.person),
            at=timezone.now(),
        )
        messages.success(request, _("Removed: %(row)s") % {"row": words.name_of(known)})
    return redirect("setup:plan", code=grant.code)


@require_http_methods(["GET", "HEAD", "POST"])
@_preparing
def paste(request: DeskRequest, grant: Grant) -> HttpResponse:
    """A whole plan from Excel: first a preview with every problem, then it takes the place of what was entered."""
    before = rules.read(grant)
    text = request.POST.get("text", "")
    pasted = read_plan(text) if request.method == "POST" else None
    if pasted is not None and not pasted.problems and "save" in request.POST:
        newest = grant.framework_versions.order_by("-number").first()
        taken = pasted.framework if newest is None else rules.with_identities_of(newest, pasted.framework)
        rules.change(grant, lambda _current: taken, by=actor(request.person), at=timezone.now())
        messages.success(request, _("The plan has been taken over. Look it through, then register it."))
        return saved(request, redirect("setup:plan", code=grant.code), form="paste")
    return _paste_page(request, grant, text, pasted, before)


def _paste_page(
    request: DeskRequest, grant: Grant, text: str, pasted: PastedPlan | None, before: Framework | None
) -> HttpResponse:
    problems = [] if pasted is None else words.say_pasted(pasted.problems)
    context = {
        "grant": grant,
        "programme": grant.programme,
        "text": text,
        "pasted": pasted,
        "rows": [] if pasted is None else words.shown(pasted.framework),
        "errors": problems,
        "example": EXAMPLE if request.LANGUAGE_CODE.startswith("ja") else EXAMPLE_EN,
        "columns": [heading(column, request.LANGUAGE_CODE) for column in ORDER],
        "entered": 0 if before is None else len(before),
    }
    return render(request, "setup/paste_plan.html", context, status=422 if problems else 200)


def _address(grant: Grant, page: str, uuid: UUID) -> str:
    if page == "plan":
        return f"{reverse('setup:plan', kwargs={'code': grant.code})}#row-{uuid}"
    if page == "under":
        return f"{reverse('setup:new_row', kwargs={'code': grant.code})}?under={uuid}"
    names = {"edit": "row", "move": "move_row", "remove": "remove_row"}
    return reverse(f"setup:{names[page]}", kwargs={"code": grant.code, "uuid": uuid})
