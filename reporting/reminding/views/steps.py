"""A programme's ladder of reminders: what is in force, a preview of what is typed, and changing it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import DeskRequest, actor
from minori.mail import asking, laddering
from minori.mail.enums import Ladder
from minori.mail.laddering import BadLadder, ChangedMeanwhile, InForce, Wanted
from minori.mail.ladders import Rung
from minori.programmes.models import Programme
from minori.ui import addresses
from minori.ui.keeping import saved
from minori.ui.templatetags.ui_tags import gapped
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.reminding import preview, saying
from reporting.reminding.forms import LadderForm, typed


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def ladder(request: DeskRequest, code: str) -> HttpResponse:
    """The ladder of a programme; a POST saves it, shows what it would do (`preview`) or brings the default (`reset`)."""
    programme = programme_or_404(request, code)
    in_force = laddering.of(programme)
    if request.method != "POST":
        return _page(request, programme, in_force, LadderForm(initial=typed(in_force)), in_force.rungs)
    must_decide(request, programme.distributor_id)
    form = LadderForm(request.POST)
    if "reset" in request.POST:
        seen = addresses.number(form.data.get("seen")) or 0
        return _save(request, programme, in_force, form, laddering.DEFAULT, seen=seen)
    if not form.is_valid():
        return _page(request, programme, in_force, form, in_force.rungs)
    wanted = form.wanted()
    if "preview" in request.POST:
        since = laddering.counts_from(programme, at=timezone.now())
        return _page(request, programme, in_force, form, _as_saved(wanted, in_force, since=since), tried=True)
    return _save(request, programme, in_force, form, wanted, seen=form.cleaned_data["seen"])


def _as_saved(wanted: Wanted, in_force: InForce, *, since: Any) -> dict[Ladder, Sequence[Rung]]:
    """The ladder as saving it now would leave it: steps that stay count as before, new ones from `since` on."""
    held = {rung.key: rung.since for rungs in in_force.rungs.values() for rung in rungs}
    return {
        one: [
            Rung(rung.key, rung.days, rung.asks_officer, held.get(rung.key, since))
            for rung in wanted.rungs(one)
        ]
        for one in Ladder
    }


def _save(
    request: DeskRequest,
    programme: Programme,
    in_force: InForce,
    form: LadderForm,
    wanted: Wanted,
    *,
    seen: int,
) -> HttpResponse:
    try:
        changed = laddering.change(
            programme, wanted=wanted, seen=seen, by=actor(request.person), at=timezone.now()
        )
    except ChangedMeanwhile as problem:
        now = laddering.of(programme)
        again = LadderForm({**form.data.dict(), "seen": now.version})  # type: ignore[attr-defined]  # a QueryDict
        again.is_valid()
        return _page(request, programme, now, again, now.rungs, meanwhile=problem.setting)
    except BadLadder as problem:
        form.add_error(None, str(problem))
        return _page(request, programme, in_force, form, in_force.rungs)
    if changed:
        messages.success(request, _("Saved. It counts for every step that has not been decided yet."))
    else:
        messages.info(request, _("Nothing was changed."))
    return saved(request, redirect("reminding:ladder", code=programme.code), form="ladder")


def _page(
    request: DeskRequest,
    programme: Programme,
    in_force: InForce,
    form: LadderForm,
    rungs: Mapping[Ladder, Sequence[Rung]],
    **more: Any,
) -> HttpResponse:
    now = timezone.now()
    asked = request.POST if request.method == "POST" else request.GET
    today = programme.distributor.local_date(now)
    deadline = preview.chosen(
        programme, grant=asked.get("grant", ""), round_=asked.get("round", ""), today=today
    )
    grants, rounds = preview.choices(programme)
    context: dict[str, Any] = {
        "meanwhile": None,
        "tried": False,
        "programme": programme,
        "form": form,
        "in_force": in_force,
        "now": saying.whole(in_force.rungs),
        "grants": [(one.code, gapped([one.organization.name, one.title])) for one in grants],
        "rounds": [(one.number, one.title) for one in rounds],
        "deadline": deadline,
        "preview": preview.of(deadline, rungs, at=now, language=request.LANGUAGE_CODE) if deadline else None,
        "waits": asking.how_many_wait([programme]),
        "may_decide": request.desk.may_decide(programme.distributor_id),
    }
    status = 409 if "meanwhile" in more else 422 if form.errors else 200
    return render(request, "reminding/ladder.html", context | more, status=status)
