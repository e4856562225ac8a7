"""What waits for an officer's yes, the very mails, and the answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.mail import asking, laddering
from minori.mail.enums import Ladder
from minori.mail.models import LedgerEntry
from minori.ui.templatetags.ui_tags import day_full
from reporting.access import desk_only, funding_programmes, must_decide, programmes
from reporting.reminding import queries, saying


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """Reminders that wait for a word; a POST answers those that were ticked: `answer` yes or no."""
    found = asking.waiting_for_a_word(programmes(request))
    if request.method == "POST":
        if not any(request.desk.may_decide(pk) for pk in request.desk.distributor_ids):
            raise PermissionDenied
        ticked = set(request.POST.getlist("mail"))
        chosen = [entry for entry in found if str(entry.pk) in ticked]
        for distributor_id in {entry.deadline.grant.programme.distributor_id for entry in chosen}:
            must_decide(request, distributor_id)
        if chosen:
            _answer(request, chosen)
        elif ticked:
            messages.info(request, _("Nothing of what you ticked waits any more."))
        else:
            messages.error(request, _("Tick the reminders you mean first."))
        return redirect("reminding:index")
    now, ours = timezone.now(), list(funding_programmes(request))
    lines, in_force = queries.lines_of(found, at=now), laddering.of_all(ours)
    context = {
        "lines": lines,
        "ladders": [
            (programme, saying.steps(in_force[programme.pk].rungs[Ladder.DUE])) for programme in ours
        ],
        "of_nobody": queries.of_nobody(ours, at=now),
        "flagged": queries.flagged(ours),
        "troubled": queries.troubled(ours, at=now),
        "may_decide": any(request.desk.may_decide(one.distributor_id) for one in lines),
        "ticked": "all" in request.GET,
    }
    return render(request, "reminding/index.html", context)


@require_safe
@desk_only
def waiting(request: DeskRequest, pk: int) -> HttpResponse:
    """One mail that waits, as it would go out now."""
    found = asking.waiting_for_a_word(programmes(request))
    entry = next((one for one in found if one.pk == pk), None)
    if entry is None:
        raise Http404
    context = {
        "entry": entry,
        "letter": asking.the_mail(entry, at=timezone.now()),
        "line": queries.lines_of([entry], at=timezone.now())[0],
        "may_decide": request.desk.may_decide(entry.deadline.grant.programme.distributor_id),
    }
    return render(request, "reminding/waiting.html", context)


def _answer(request: DeskRequest, chosen: list[LedgerEntry]) -> None:
    by, at = actor(request.person), timezone.now()
    if request.POST.get("answer") == "yes":
        answered = asking.allow(chosen, by=by, at=at)
        said = ngettext(
            "%(count)s reminder goes out with the next mail: on a working day from 09:00, within minutes if it is one.",
            "%(count)s reminders go out with the next mail: on a working day from 09:00, within minutes if it is one.",
            answered.done,
        )
    else:
        answered = asking.decline(chosen, by=by, at=at)
        said = ngettext(
            "%(count)s reminder does not go out.", "%(count)s reminders do not go out.", answered.done
        )
    if answered.done:
        messages.success(request, said % {"count": answered.done})
    for day, names in queries.moved(chosen, at=at):
        messages.info(
            request,
            _("%(names)s had a mail today already, and get one a day: theirs goes out on %(day)s.")
            % {"names": pgettext("between names in a list", ", ").join(names), "day": day_full(day)},
        )
    if answered.gone:
        gone = ngettext(
            "%(count)s was answered or no longer needed meanwhile.",
            "%(count)s were answered or no longer needed meanwhile.",
            answered.gone,
        )
        messages.info(request, gone % {"count": answered.gone})
