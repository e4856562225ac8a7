"""The dates of a round's grants, changed for several at once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import DeskRequest, actor
from minori.audit.trail import Actor
from minori.programmes import deadlines as rules
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.ui.keeping import saved
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.setup import queries
from reporting.setup.forms.dates import Change, ManyForm
from reporting.setup.queries import DeadlineLine
from reporting.setup.views import staying
from reporting.setup.views.errors import errors_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def dates(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Every grant's dates in one round; a POST changes those that were ticked, all of them or none."""
    shown = programme_or_404(request, code)
    round_ = get_object_or_404(shown.rounds, number=number)
    lines = queries.deadlines_in(round_, today=shown.distributor.local_date(timezone.now()))
    open_ones = [one.deadline for one in lines if one.deadline.state == DeadlineState.AWAITING]
    ticked = [str(one.pk) for one in open_ones] if "all" in request.GET else []
    form = ManyForm(open_ones=open_ones, chosen=ticked)
    if request.method == "POST":
        must_decide(request, shown.distributor_id)
        form = ManyForm(request.POST, open_ones=open_ones, chosen=request.POST.getlist("deadline"))
        changed = _change(form, by=actor(request.person), at=timezone.now()) if form.is_valid() else None
        if changed is not None:
            _tell(request, changed)
            staying.tell(request, _left_out(lines, ticked=form.ticked, form=form))
            return saved(request, redirect("setup:dates", code=code, number=number), form="dates")
    context = {
        "programme": shown,
        "round": round_,
        "open_lines": [one for one in lines if one.deadline in open_ones],
        "other_lines": [one for one in lines if one.deadline not in open_ones],
        "form": form,
        "chosen": {one.pk for one in form.chosen},
        "errors": errors_of(form),
        "may_decide": request.desk.may_decide(shown.distributor_id),
    }
    return render(request, "setup/dates.html", context, status=422 if form.errors else 200)


def _left_out(lines: Sequence[DeadlineLine], *, ticked: Collection[str], form: ManyForm) -> list[Deadline]:
    """Those that cannot change: where all open ones were ticked, every other grant; else what came in meanwhile."""
    closed = [one.deadline for one in lines if one.deadline.state != DeadlineState.AWAITING]
    if len(form.chosen) == len(lines) - len(closed):
        return closed
    return [one for one in closed if str(one.pk) in ticked]


def _change(form: ManyForm, *, by: Actor, at: datetime) -> int | None:
    """Make the change, and of how many it was one; None where it does not fit a grant: the form says so, and nothing is
    changed."""
    day: date | None = form.cleaned_data["day"]
    reason: str = form.cleaned_data["reason"]
    chosen: list[Deadline] = form.chosen
    act: dict[str, Any] = {"reason": reason, "by": by, "at": at}
    act |= {"seen": form.seen, "sure": form.cleaned_data["sure"]}
    before = {one.pk: (one.due_version, one.closes_on) for one in chosen}
    after: Sequence[Deadline] = ()
    try:
        match Change(form.cleaned_data["what"]):
            case Change.MOVE if day:
                after = rules.move_many(chosen, due_on=day, **act)
            case Change.EXTEND if day:
                after = rules.extend_many(chosen, to=day, **act)
            case Change.CLOSE:
                after = rules.close_many(chosen, closes_on=day, **act)
            case Change.LIFT:
                after = rules.close_many(chosen, closes_on=None, **act)
    except rules.AskAgain as problem:
        form.ask(str(problem))
        return None
    except rules.DeadlineProblem as problem:
        form.add_error(None, str(problem))
        return None
    return sum((one.due_version, one.closes_on) != before[one.pk] for one in after)


def _tell(request: DeskRequest, changed: int) -> None:
    if changed:
        messages.success(request, _changed(changed))
    else:
        messages.info(request, _("These were the dates already: nothing has changed, and nobody is told."))


def _changed(count: int) -> str:
    return ngettext(
        "The dates of %(count)s grant are saved. The organization is told by mail.",
        "The dates of %(count)s grants are saved. The organizations are told by mail.",
        count,
    ) % {"count": count}
