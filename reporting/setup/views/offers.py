"""Proposing a change of the registered plan to the organization, with a reason for every change."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import DeskRequest, actor
from minori.registry import change_forms, change_units, change_words, changes, frameworks, words
from minori.registry.change_forms import RemarkForm
from minori.registry.frameworks import FrameworkNotPossible
from minori.ui.keeping import saved
from reporting.access import desk_only, grant_or_404, must_decide
from reporting.setup import plans as rules

FORM = "change"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def offer(request: DeskRequest, code: str) -> HttpResponse:
    """What was entered against the registered plan, each change with its reason; and proposing it."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    newest, new = changes.newest_version(grant), rules.read(grant)
    if newest is None or new is None:
        return redirect("setup:plan", code=code)
    old = frameworks.read(newest)
    units = change_units.units(old, new)
    data = request.POST if request.method == "POST" else None
    forms = change_forms.reason_forms(units, old, data=data, known={})
    remark = RemarkForm(data)
    problem = ""
    if data is not None and change_forms.all_say_why(forms) and remark.is_valid():
        try:
            sent = rules.offer(
                grant,
                reasons={one.unit.key: one.result() for one in forms},
                remark=remark.cleaned_data["remark"],
                seen=data.get("seen", ""),
                by=actor(request.person),
                at=timezone.now(),
            )
        except FrameworkNotPossible as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The change is proposed. The organization is told by mail."))
            there = redirect("setup:change_request", code=code, number=sent.number)
            return saved(request, there, form=FORM)
    said = change_words.say_units(units, old)
    by_key = {one.unit.key: one for one in forms}
    for change in said:
        change.form = by_key[change.key]
    errors = change_forms.errors_of([*forms, remark], units)
    context: dict[str, Any] = {
        "grant": grant,
        "programme": grant.programme,
        "newest": newest,
        "said": said,
        "remark": remark,
        "seen": rules.seal(new),
        "mistakes": words.problems(new),
        "problem": problem,
        "errors": errors,
    }
    return render(request, "setup/offer_change.html", context, status=422 if errors or problem else 200)
