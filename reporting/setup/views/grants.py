"""Organizations with their grants: one by one, or pasted from Excel; and each grant's own page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.houses import queries as houses
from minori.programmes.models import Programme
from minori.registry import frameworks
from minori.ui.keeping import saved
from reporting.access import desk_only, grant_or_404, must_decide, programme_or_404
from reporting.setup import grants as rules
from reporting.setup import plans, queries
from reporting.setup.forms.grants import GrantForm, InviteeForms, OfficersForm, OrganizationForm
from reporting.setup.pasting import ORDER, PastedGrants, heading, read_grants, set_up_all
from reporting.setup.views.errors import errors_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def new_grant(request: DeskRequest, code: str) -> HttpResponse:
    """An organization, its grant and the people to invite, in one form."""
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    data = request.POST if request.method == "POST" else None
    officers = queries.officers_of(programme.distributor)
    funded = queries.funded_by(programme.distributor)
    first = {
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "lead": request.person.pk,
    }
    organization = OrganizationForm(data, funded=funded)
    grant = GrantForm(data, officers=officers, initial=first)
    people = InviteeForms(data, prefix="people")
    if data is not None and organization.is_valid() & grant.is_valid() & people.is_valid():
        try:
            made = rules.set_up(
                programme,
                organization=organization.organization(),
                facts=grant.facts(),
                people=[form.invitee() for form in people.forms if form.has_changed()],
                consent=organization.cleaned_data["consent"],
                by=actor(request.person),
                at=timezone.now(),
            )
        except rules.Taken as problem:
            form = grant if problem.field == "code" else organization
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _set_up_words(invited=sum(form.has_changed() for form in people.forms)))
            return saved(request, redirect("setup:grant", code=made.code), form="grant")
    errors = errors_of(organization, grant, *people.forms)
    context = {"programme": programme, "organization": organization, "grant": grant, "people": people}
    return render(
        request, "setup/new_grant.html", context | {"errors": errors}, status=422 if errors else 200
    )


def _set_up_words(*, invited: int) -> str:
    if not invited:
        return _("The grant has been set up.")
    words = ngettext(
        "The grant has been set up. A mail with the invitation is on its way to %(count)s person.",
        "The grant has been set up. Mails with the invitations are on their way to %(count)s people.",
        invited,
    )
    return words % {"count": invited}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def paste_grants(request: DeskRequest, code: str) -> HttpResponse:
    """Many grants at once from Excel: first a preview with every problem, then all of it or nothing."""
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    officers = queries.officers_of(programme.distributor)
    if request.method != "POST":
        form = OfficersForm(officers=officers, initial={"lead": request.person.pk})
        return _paste_page(request, programme, form)
    form, text = OfficersForm(request.POST, officers=officers), request.POST.get("text", "")
    pasted = read_grants(text, programme=programme)
    if "save" in request.POST and form.is_valid() and not pasted.problems:
        try:
            made = set_up_all(
                programme,
                pasted=pasted,
                lead=form.cleaned_data["lead"],
                deputy=form.cleaned_data["deputy"],
                by=actor(request.person),
                at=timezone.now(),
            )
        except rules.Taken as problem:
            messages.error(request, str(problem))
            pasted = read_grants(text, programme=programme)
        else:
            words = ngettext(
                "%(count)s grant has been set up.", "%(count)s grants have been set up.", len(made)
            )
            messages.success(request, words % {"count": len(made)})
            return saved(request, redirect("setup:programme", code=code), form="paste")
    return _paste_page(request, programme, form, text=text, pasted=pasted)


def _paste_page(
    request: DeskRequest,
    programme: Programme,
    form: OfficersForm,
    *,
    text: str = "",
    pasted: PastedGrants | None = None,
) -> HttpResponse:
    problems = [] if pasted is None else list(pasted.problems)
    context: dict[str, Any] = {
        "programme": programme,
        "form": form,
        "text": text,
        "pasted": pasted,
        "columns": [heading(column, request.LANGUAGE_CODE) for column in ORDER],
        "errors": [*errors_of(form), *({"text": one.text, "where": one.where} for one in problems)],
    }
    status = 422 if context["errors"] else 200
    return render(request, "setup/paste_grants.html", context, status=status)


@require_safe
@desk_only
def grant(request: DeskRequest, code: str) -> HttpResponse:
    """One grant: facts, officers, deadlines, plans."""
    shown = grant_or_404(request, code)
    today = shown.programme.distributor.local_date(timezone.now())
    may_decide = request.desk.may_decide(shown.programme.distributor_id)
    context = {
        "grant": shown,
        "programme": shown.programme,
        "today": today,
        "deadlines": queries.deadlines_of(shown, today=today),
        "missing": queries.rounds_without_deadline(shown),
        "versions": frameworks.with_round(shown.framework_versions.order_by("-number")),
        "proposals": shown.proposals.defer("contents").order_by("-pk"),
        "requests": queries.change_requests_of(shown),
        "prepared": plans.read(shown) if may_decide else None,
        "has_people": houses.members(shown.organization).exists(),
        "may_decide": may_decide,
    }
    return render(request, "setup/grant.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def edit_grant(request: DeskRequest, code: str) -> HttpResponse:
    """Change a grant's title, dates and officers."""
    shown = grant_or_404(request, code)
    must_decide(request, shown.programme.distributor_id)
    officers = queries.officers_of(shown.programme.distributor)
    facts = {
        "title": shown.title,
        "starts_on": shown.starts_on,
        "ends_on": shown.ends_on,
        "mid_term_on": shown.mid_term_on,
        "ex_post_on": shown.ex_post_on,
        "lead": shown.lead_officer_id,
        "deputy": shown.deputy_officer_id,
    }
    form = GrantForm(request.POST or None, officers=officers, grant=shown, initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            changed = rules.change(shown, facts=form.facts(), by=actor(request.person), at=timezone.now())
        except rules.Taken as problem:
            form.add_error(problem.field, str(problem))
        else:
            led_by_others = changed.lead_officer_id != shown.lead_officer_id
            messages.success(
                request,
                _("Saved. Both officers have a mail; the organization hears of its new contact.")
                if led_by_others
                else _("Saved."),
            )
            return saved(request, redirect("setup:grant", code=code), form="grant")
    context = {"grant": shown, "programme": shown.programme, "form": form, "errors": errors_of(form)}
    return render(request, "setup/edit_grant.html", context, status=422 if form.errors else 200)
