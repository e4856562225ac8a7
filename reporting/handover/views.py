"""One page on which an officer's grants, and what waits in them, go to a successor: choose, see what moves, hand over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from minori.accounts.models import Person
from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Distributor
from reporting.access import desk_only, distributors, must_decide
from reporting.handover import handing, queries
from reporting.handover.enums import Part
from reporting.handover.queries import Held


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def index(request: DeskRequest, slug: str) -> HttpResponse:
    """Managers hand over anybody's grants, officers their own. A POST shows what moves, or (`step` move) moves it."""
    distributor = get_object_or_404(distributors(request), slug=slug)
    must_decide(request, distributor.pk)
    vars(request)["distributor"] = distributor
    people = queries.holders(distributor) if request.desk.may_manage(distributor.pk) else [request.person]
    person = _person(request, people)
    held = queries.held_by(person, distributor) if person else []
    if request.method != "POST" or person is None:
        return _choose(request, distributor, people, person, held, ticked={one.key for one in held})
    keys = set(request.POST.getlist("held"))
    chosen = [one for one in held if one.key in keys]
    successor = next(
        (one for one in queries.staff_of(distributor) if str(one.pk) == request.POST.get("to", "")), None
    )
    step = request.POST.get("step")
    if step == "move":
        return _move(request, distributor, person, keys)
    if step == "back":
        return _choose(request, distributor, people, person, held, ticked=keys, successor=successor)
    problems = _problems(person, chosen, successor)
    if problems or successor is None:
        return _choose(
            request, distributor, people, person, held, ticked=keys, successor=successor, problems=problems
        )
    context = {
        "of": distributor,
        "person": person,
        "successor": successor,
        "moving": queries.moving(chosen, person=person, at=timezone.now()),
        "chosen": [(one, one.leaves_no_deputy(successor)) for one in chosen],
    }
    return render(request, "handover/preview.html", context)


def _person(request: DeskRequest, people: list[Person]) -> Person | None:
    asked = request.POST.get("from") if request.method == "POST" else request.GET.get("from")
    if asked:
        found = next((one for one in people if str(one.pk) == asked), None)
        if found is None and not any(request.desk.may_manage(pk) for pk in request.desk.distributor_ids):
            raise PermissionDenied
        return found
    return next((one for one in people if one == request.person), people[0] if people else None)


def _problems(person: Person, chosen: list[Held], successor: Person | None) -> list[dict[str, str]]:
    found = []
    if not chosen:
        found.append({"text": _("Tick at least one grant."), "href": "#grants"})
    if successor is None:
        found.append({"text": _("Choose who takes over."), "href": "#id_to"})
    elif successor == person:
        found.append({"text": _("Choose somebody else as successor."), "href": "#id_to"})
    return found


def _move(request: DeskRequest, distributor: Distributor, person: Person, keys: set[str]) -> HttpResponse:
    try:
        chosen = {int(pk): Part(part) for part, _dash, pk in (key.partition("-") for key in keys)}
        successor = int(request.POST.get("to", ""))
    except ValueError as error:
        raise Http404 from error
    here = f"{reverse('handover:index', kwargs={'slug': distributor.slug})}?from={person.pk}"
    try:
        done = handing.hand_over(
            distributor,
            person=person,
            successor_id=successor,
            chosen=chosen.items(),
            by=actor(request.person),
            at=timezone.now(),
        )
    except handing.NotHandedOver as problem:
        messages.error(request, str(problem))
        return redirect(here)
    said = ngettext(
        "%(count)s grant was handed over. Both officers have a mail; the organization hears of its new contact.",
        "%(count)s grants were handed over. Both officers have a mail; the organizations hear of their new contact.",
        len(done.grants),
    )
    messages.success(request, said % {"count": len(done.grants)})
    if done.gone:
        gone = ngettext(
            "%(count)s had been given to somebody else meanwhile and stays there.",
            "%(count)s had been given to somebody else meanwhile and stay there.",
            done.gone,
        )
        messages.info(request, gone % {"count": done.gone})
    return redirect(here)


def _choose(
    request: DeskRequest,
    distributor: Distributor,
    people: list[Person],
    person: Person | None,
    held: list[Held],
    *,
    ticked: set[str],
    successor: Person | None = None,
    problems: list[dict[str, str]] | None = None,
) -> HttpResponse:
    staff = [one for one in queries.staff_of(distributor) if one != person]
    context: dict[str, Any] = {
        "of": distributor,
        "people": [(one.pk, one.name) for one in people],
        "person": person,
        "held": [(one, one.key in ticked) for one in held],
        "staff": [("", _("Please choose")), *((one.pk, one.name) for one in staff)],
        "alone": not staff,
        "successor": successor.pk if successor else "",
        "errors": problems or [],
        "may_manage": request.desk.may_manage(distributor.pk),
    }
    return render(request, "handover/index.html", context, status=422 if problems else 200)
