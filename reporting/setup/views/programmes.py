"""Programmes and rounds: proposed from the calendar, changed line by line, saved in one go."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.deadlines import AskAgain
from minori.programmes.holiday_lists import works_in
from minori.programmes.holidays import is_in_japan
from minori.programmes.models import Distributor, Programme
from minori.programmes.proposing import ProposedRound, propose_rounds
from minori.ui.keeping import saved
from reporting import paging
from reporting.access import desk_only, distributors, funding_programmes, must_decide, programme_or_404
from reporting.setup import programmes as rules
from reporting.setup import queries
from reporting.setup.forms.dates import ChangedRoundForm
from reporting.setup.forms.programmes import (
    MOST_ROUNDS,
    ProgrammeForm,
    ProposalForm,
    RoundForm,
    RoundForms,
    facts_of,
    first_edition,
    initial_of,
    is_going,
)
from reporting.setup.views import staying
from reporting.setup.views.errors import errors_of


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """What can be set up: the programmes of the person's own distributors."""
    ours = list(distributors(request).order_by("pk"))
    if len(ours) == 1:
        vars(request)["distributor"] = ours[0]
    context = {
        "programmes": queries.with_counts(funding_programmes(request)).order_by("-starts_on", "title", "pk"),
        "may_decide": any(request.desk.may_decide(one.pk) for one in ours),
        "deciding": [one for one in ours if request.desk.may_decide(one.pk)],
        "managed": [one for one in ours if request.desk.may_manage(one.pk)],
    }
    return render(request, "setup/index.html", context)


@require_safe
@desk_only
def programme(request: DeskRequest, code: str) -> HttpResponse:
    """One programme: its facts, rounds and grants."""
    shown = programme_or_404(request, code)
    words = request.GET.get("q", "").replace("\0", "").strip()
    grants = queries.grants_of(shown, words=words)
    asked, count = paging.asked_for(request.GET, "page", per_page=paging.ROWS), grants.count()
    of = asked.among(count)
    context = {
        "programme": shown,
        "rounds": shown.rounds.order_by("number"),
        "words": words,
        "searchable": bool(words) or count > paging.ROWS,
        "page": of.window(list(grants[of.start : of.stop]), count=count),
        "may_decide": request.desk.may_decide(shown.distributor_id),
    }
    return render(request, "setup/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def new_programme(request: DeskRequest) -> HttpResponse:
    """A new programme: its facts, then the rounds that the calendar proposes, then everything saved at once."""
    ours = _deciding(request)
    if request.method != "POST":
        return _programme_page(request, ProgrammeForm(distributors=ours), None, ProposalForm())
    form, how = ProgrammeForm(request.POST, distributors=ours), ProposalForm(request.POST)
    rounds = RoundForms(request.POST, prefix="rounds") if "rounds-TOTAL_FORMS" in request.POST else None
    if "propose" in request.POST or rounds is None:
        # what else is wrong can be mended beside the rounds
        sound = how.is_valid() and not form.errors.keys() & {"starts_on", "ends_on"}
        return _programme_page(request, form, _proposed(form, how, ours[0]) if sound else rounds, how)
    if "add" in request.POST:
        lines = _typed(request)
        further = {"edition": lines[-1]["edition"]} if lines else {}
        return _programme_page(request, form, RoundForms(prefix="rounds", initial=[*lines, further]), how)
    if form.is_valid() & rounds.is_valid():  # both, so that every problem is told
        facts: dict[str, Any] = dict(form.cleaned_data)
        facts.setdefault("distributor", ours[0])
        try:
            made = rules.create(**facts, rounds=facts_of(rounds), by=actor(request.person), at=timezone.now())
        except rules.CodeTaken as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, _("The programme has been set up. Add organizations and grants now."))
            return saved(request, redirect("setup:programme", code=made.code), form="programme")
    return _programme_page(request, form, rounds, how)


def _proposed(form: ProgrammeForm, how: ProposalForm, usual: Distributor) -> Any:
    """The rounds of the calendar to be looked through, or an empty one for own dates; None where they are too many."""
    distributor = form.cleaned_data.get("distributor") or usual
    rhythm, due = how.rhythm_and_rule()
    found = propose_rounds(
        starts_on=form.cleaned_data["starts_on"],
        ends_on=form.cleaned_data["ends_on"],
        works=works_in(Programme(distributor=distributor, holidays=form.cleaned_data.get("holidays"))),
        calendar=distributor.fiscal_calendar,
        rhythm=rhythm,
        due=due,
    )
    if len(found) > MOST_ROUNDS:
        how.add_error(
            "rhythm",
            _("That makes %(count)s rounds, and %(most)s fit at once. Choose longer periods.")
            % {"count": len(found), "most": MOST_ROUNDS},
        )
        return None
    edition = queries.last_edition(of=distributor) or first_edition()
    language = _language_of(distributor)
    initial = [initial_of(one, edition=edition, language=language) for one in found]
    return RoundForms(prefix="rounds", initial=initial or [{"edition": edition}])


def _programme_page(
    request: DeskRequest, form: ProgrammeForm, rounds: Any, how: ProposalForm
) -> HttpResponse:
    staying = [] if rounds is None else [one for one in rounds.forms if not is_going(one)]
    errors = errors_of(form, how, *staying)
    context = {"form": form, "rounds": rounds, "how": how, "errors": errors}
    return render(request, "setup/new_programme.html", context, status=422 if errors else 200)


def _typed(request: DeskRequest) -> list[dict[str, str]]:
    """The rounds as they stand in the form, unchecked: so that adding a line loses nothing."""
    try:
        count = min(int(request.POST.get("rounds-TOTAL_FORMS", "")), MOST_ROUNDS)
    except ValueError:
        count = 0
    names = [*RoundForm.base_fields, "DELETE"]
    lines = [
        {name: request.POST.get(f"rounds-{place}-{name}", "") for name in names} for place in range(count)
    ]
    return [line for line in lines if not line.pop("DELETE")]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def edit_programme(request: DeskRequest, code: str) -> HttpResponse:
    """Change a programme's facts."""
    shown = programme_or_404(request, code)
    must_decide(request, shown.distributor_id)
    facts = {name: getattr(shown, name) for name in ("title", "window", "starts_on", "ends_on", "holidays")}
    form = ProgrammeForm(request.POST or None, programme=shown, initial=facts)
    if request.method == "POST" and form.is_valid():
        rules.change(shown, **form.cleaned_data, by=actor(request.person), at=timezone.now())
        messages.success(request, _("Saved."))
        return saved(request, redirect("setup:programme", code=code), form="programme")
    context = {"form": form, "programme": shown, "errors": errors_of(form)}
    return render(request, "setup/edit_programme.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def new_round(request: DeskRequest, code: str) -> HttpResponse:
    """A further round, such as a mid-term evaluation."""
    shown = programme_or_404(request, code)
    must_decide(request, shown.distributor_id)
    proposed = None if request.method == "POST" else queries.next_round(shown)
    form = RoundForm(request.POST or None, initial=_initial_of_next(shown, proposed))
    if request.method == "POST" and form.is_valid():
        rules.add_round(shown, facts=form.facts(), by=actor(request.person), at=timezone.now())
        messages.success(request, _("The round has been added."))
        return saved(request, redirect("setup:programme", code=code), form="round")
    return _round_page(request, shown, form, proposed=proposed)


def _initial_of_next(shown: Programme, proposed: ProposedRound | None) -> dict[str, Any]:
    """What the form of a further round begins with: the round that follows by the calendar, and the last one's form."""
    edition = queries.last_edition(of=shown) or first_edition()
    if proposed is None:
        return {"edition": edition}
    return initial_of(proposed, edition=edition, language=_language_of(shown.distributor))


def _language_of(distributor: Distributor) -> str:
    """The language that proposed titles are in: Japan's rounds have official names."""
    return "ja" if is_in_japan(distributor.time_zone) else get_language() or "en"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def round_(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Change a round; where somebody has handed in, its kind, period and form stay."""
    shown = programme_or_404(request, code)
    must_decide(request, shown.distributor_id)
    one = get_object_or_404(shown.rounds, number=number)
    pinned = rules.is_in_use(one)
    form = ChangedRoundForm(request.POST or None, initial=initial_of(one), pinned=pinned)
    seen = rules.stamp(one)
    if request.method == "POST" and form.is_valid() and request.POST.get("seen", seen) != seen:
        form.add_error(None, rules.CHANGED_MEANWHILE)
    if request.method == "POST" and form.is_valid():
        sure: bool = form.cleaned_data["sure"]
        try:
            changed = rules.change_round(
                one, facts=form.facts(), sure=sure, by=actor(request.person), at=timezone.now()
            )
        except AskAgain as problem:
            form.ask(str(problem))
        except ValueError as problem:  # handed in meanwhile, or a date that does not fit a deadline
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            if changed.due_on != one.due_on:
                staying.tell(request, queries.staying_behind(changed))
            return saved(request, redirect("setup:programme", code=code), form="round")
    return _round_page(request, shown, form, number=number, pinned=pinned, seen=seen, now=one)


def _round_page(request: DeskRequest, shown: Programme, form: RoundForm, **more: Any) -> HttpResponse:
    context = {"form": form, "programme": shown, "errors": errors_of(form)} | more
    return render(request, "setup/round.html", context, status=422 if form.errors else 200)


def _deciding(request: DeskRequest) -> QuerySet[Distributor]:
    """The distributors the person may set up programmes for; PermissionDenied where there is none."""
    deciding = [pk for pk in request.desk.distributor_ids if request.desk.may_decide(pk)]
    found = distributors(request).filter(pk__in=deciding).order_by("name_kana", "name", "pk")
    if not deciding:
        raise PermissionDenied
    if len(deciding) == 1:
        vars(request)["distributor"] = found[0]
    return found
