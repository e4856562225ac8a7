"""Reading across, searching, and the list of what to ask."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.requests import DeskRequest
from minori.programmes.models import Round
from minori.ui import addresses
from reporting.access import (
    deadline_or_404,
    desk_only,
    distributors,
    funding_programmes,
    must_decide,
    programme_or_404,
)
from reporting.reading import across, asking, forms, places, search
from reporting.reading.enums import Part
from reporting.reading.models import ToAsk
from reporting.reading.naming import Names


@require_safe
@desk_only
def search_all(request: DeskRequest) -> HttpResponse:
    """Search over everything that was handed in to the person's distributors."""
    known = list(funding_programmes(request).order_by("-starts_on", "title"))
    ours = list({one.distributor_id: one.distributor for one in known}.values())
    if len(request.desk.distributor_ids) == 1 and ours:
        vars(request)["distributor"] = ours[0]
    asked = forms.asked(request.GET, programmes={one.code: one.pk for one in known})
    page = addresses.number(request.GET.get("page")) or 1
    waiting, unread = search.not_taken_in(ours)
    context = {
        "typed": request.GET.get("q", ""),
        "asked": asked,
        "programmes": known,
        "several": len(known) > 1,
        "parts": Part.choices,
        "found": search.search(asked, distributors=ours, language=request.LANGUAGE_CODE, page=page),
        "grants": search.organizations(asked, distributors=ours) if page == 1 else [],
        "waiting": waiting,
        "unread": unread,
        "address": _address(request),
    }
    return render(request, "reading/search.html", context)


@require_safe
@desk_only
def across_round(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One question of a round with all answers and the answers before."""
    programme = programme_or_404(request, code)
    round_ = get_object_or_404(Round, programme=programme, number=number)
    names = Names([programme.distributor], request.LANGUAGE_CODE)
    edition = names.edition(programme.distributor_id, round_)
    listed = across.questions(edition, names)
    results = across.has_results(edition)
    keys = [*((across.BEHIND, across.ROWS) if results else ()), *(one.key for one in listed)]
    question = request.GET.get("question", "")
    question = question if question in keys else (keys[0] if keys else "")
    asked = addresses.number(request.GET.get("page")) or 1
    page = places.page(round_, officer=request.GET.get("officer", ""), number=asked)
    rounds = across.rounds(programme, today=programme.distributor.local_date(timezone.now()))
    context = {
        "programme": programme,
        "round": round_,
        "may_decide": request.desk.may_decide(programme.distributor_id),
        "rounds": rounds,
        "results": results,
        "questions": listed,
        "question": question,
        "place": names.field(edition, question),
        "found": page,
        "page": page.page,
        "pages": page.pages,
        "answers": across.answers(
            page.places, question=question, edition=edition, names=names, rounds=rounds
        ),
        "address": _address(request),
        "here": request.get_full_path(),
    }
    return render(request, "reading/across.html", context)


@require_POST
@desk_only
def ask(request: DeskRequest, deadline: int) -> HttpResponse:
    """Put a place of a report on the person's own list."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    try:
        asking.put_down(
            found,
            anchor=request.POST.get("anchor", ""),
            words=request.POST.get("words", ""),
            by=request.person,
            at=timezone.now(),
        )
    except asking.CannotBeKept as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is on your list of things to ask."))
    return redirect(_back(request))


@require_safe
@desk_only
def to_ask(request: DeskRequest) -> HttpResponse:
    """The person's list, by organization."""
    ours = list(distributors(request))
    if len(ours) == 1:
        vars(request)["distributor"] = ours[0]
    names = Names(ours, request.LANGUAGE_CODE)
    waiting = list(asking.open_of(request.person, request.desk.distributor_ids))
    done = asking.done_of(request.person, request.desk.distributor_ids)
    places = names.places((one.deadline, one.anchor) for one in [*waiting, *done])
    context = {
        "items": list(zip(waiting, places, strict=False)),
        "done": list(zip(done, places[len(waiting) :], strict=True)),
    }
    return render(request, "reading/to_ask.html", context)


@require_POST
@desk_only
def change(request: DeskRequest, deadline: int, pk: int) -> HttpResponse:
    """Tick something off one's own list, put it back, or take it away. What is not there any more stays away."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    one = ToAsk.objects.filter(person=request.person, deadline=found, pk=pk).first()
    if one is not None:
        match request.POST.get("step"):
            case "done":
                asking.tick(one, at=timezone.now())
            case "again":
                asking.put_back(one)
            case "drop":
                one.delete()
    return redirect("reading:to_ask")


def _address(request: DeskRequest) -> str:
    """The page's address without the number of its part, ready for another one."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}&page=" if query else "?page="


def _back(request: DeskRequest) -> str:
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("reading:to_ask")
