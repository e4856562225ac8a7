"""An organization's profile, and the log of talks with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.organizations.models import Organization
from minori.programmes.models import Distributor
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting.access import desk_only, grants_or_404, must_decide, organization_or_404
from reporting.profiles import forms, papers, queries, talks
from reporting.profiles.models import Talk


@require_safe
@desk_only
def profile(request: DeskRequest, slug: str) -> HttpResponse:
    """Everything the distributor knows of one organization, on one page."""
    shown = grants_or_404(request, slug)
    organization, now = shown[0].organization, timezone.now()
    context = {
        "organization": organization,
        "may_decide": request.desk.may_decide(_distributor(request).pk),
        "today": _distributor(request).local_date(now),
        "parts": queries.with_signals(queries.parts(shown, at=now), language=request.LANGUAGE_CODE),
        "here": request.get_full_path(),
        "several": len(shown) > 1,
        "papers": papers.of(organization, [one.pk for one in shown]),
        "talks": talks.of(organization.pk, distributor_ids=request.desk.distributor_ids),
    }
    return render(request, "profiles/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def new_talk(request: DeskRequest, slug: str) -> HttpResponse:
    """Note a talk with an organization."""
    organization = organization_or_404(request, slug)
    distributor = _distributor(request)
    must_decide(request, distributor.pk)
    ours = queries.grants(organization, [distributor.pk])
    first = {"talked_on": distributor.local_date(timezone.now()), "grant": _asked_grant(request)}
    form = forms.TalkForm(request.POST or None, grants=ours, initial=first)
    if request.method == "POST" and form.is_valid():
        by, at = actor(request.person), timezone.now()
        try:
            talks.write(organization, distributor=distributor, facts=form.facts(), by=by, at=at)
        except talks.TalkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The talk has been noted. Only your own staff see it."))
            return saved(request, redirect(_log(slug)), form="talk")
    context = {"organization": organization, "form": form}
    return render(request, "profiles/talk.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def talk(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """One talk with what stood of it before; whoever may decide corrects it here."""
    organization, one = _talk(request, slug, pk)
    may_decide = request.desk.may_decide(one.distributor_id)
    if request.method == "POST":
        must_decide(request, one.distributor_id)
    ours = queries.grants(organization, [one.distributor_id])
    form = forms.CorrectedTalkForm(request.POST or None, grants=ours, initial=forms.first_words(one))
    if request.method == "POST" and form.is_valid():
        by, at, why = actor(request.person), timezone.now(), form.cleaned_data["why"]
        try:
            talks.must_be_newest(one, addresses.number(request.POST.get("seen")))
            talks.correct(one, facts=form.facts(), why=why, by=by, at=at)
        except talks.TalkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. What stood before stays in the history."))
            return saved(request, redirect(_log(slug)), form="talk")
    return _show(request, organization, one, form=form, may_decide=may_decide)


@require_http_methods(["POST"])
@desk_only
def strike(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Strike a talk out, with the reason."""
    organization, one = _talk(request, slug, pk)
    must_decide(request, one.distributor_id)
    form = forms.StrikeForm(request.POST)
    if form.is_valid():
        try:
            talks.must_be_newest(one, addresses.number(request.POST.get("seen")))
            talks.strike(one, why=form.cleaned_data["reason"], by=actor(request.person), at=timezone.now())
        except talks.TalkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The talk has been struck out."))
            return redirect(_log(slug))
    ours = queries.grants(organization, [one.distributor_id])
    blank = forms.CorrectedTalkForm(grants=ours, initial=forms.first_words(one))
    return _show(request, organization, one, form=blank, may_decide=True, striking=form)


def _show(
    request: DeskRequest,
    organization: Organization,
    one: Talk,
    *,
    form: forms.TalkForm,
    may_decide: bool,
    striking: forms.StrikeForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "organization": organization,
        "talk": one,
        "standing": not one.struck,
        "history": talks.history(one),
        "may_decide": may_decide,
        "form": form,
        "striking": striking or forms.StrikeForm(),
        "errors_of": striking if striking and striking.errors else form,
    }
    wrong = form.errors or (striking and striking.errors)
    return render(request, "profiles/talk.html", context, status=422 if wrong else 200)


def _talk(request: DeskRequest, slug: str, pk: int) -> tuple[Organization, Talk]:
    """The organization and what stands now of a talk of the person's own distributors; an older one leads to it."""
    organization = organization_or_404(request, slug)
    ours = Talk.objects.filter(
        organization=organization, distributor__in=request.desk.distributor_ids
    ).select_related("grant", "distributor", "replaces")
    one = get_object_or_404(ours, pk=pk)
    while newer := ours.filter(replaces=one).first():
        one = newer
    return organization, one


def _distributor(request: DeskRequest) -> Distributor:
    """Whose desk the page is, as `access` found it."""
    found = vars(request)["distributor"]
    assert isinstance(found, Distributor)
    return found


def _asked_grant(request: DeskRequest) -> str:
    return request.GET.get("grant", "")


def _log(slug: str) -> str:
    return reverse("profiles:profile", kwargs={"slug": slug}) + "#talks"
