"""Confirming at once what was read completely: the list is shown first, and each text can be left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import DeskRequest, actor
from minori.audit.trail import Actor
from minori.filings import plan_numbers, readings
from minori.filings.enums import Aspect
from minori.filings.measure_words import measure as measure_words
from minori.filings.readings import Given
from minori.filings.stepping import NotPossibleNow
from minori.indicators.measures import Measure
from minori.programmes.models import Grant
from minori.registry.models import FrameworkVersion, RegisteredIndicator
from minori.ui.templatetags.ui_tags import day_year
from reporting.access import desk_only, grant_or_404, must_decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Sure:
    """A registered text that was read completely and that nobody has confirmed; `key` names it in the form."""

    indicator: RegisteredIndicator
    aspect: Aspect
    text: str
    measure: Measure | None
    day: date | None

    @property
    def key(self) -> str:
        """Indicator and aspect, with what was shown: what reads differently meanwhile is not confirmed."""
        return f"{self.indicator.uuid}:{self.aspect.value}:{self.words}"

    @property
    def words(self) -> str:
        """What it will count as."""
        return day_year(self.day) if self.day else measure_words(self.measure) if self.measure else ""

    @property
    def given(self) -> Given:
        """What confirming says."""
        return Given(measure=self.measure, on=self.day)


def waiting(grant: Grant, version: FrameworkVersion) -> Iterator[Sure]:
    """The texts of a version that can be confirmed at once, in the order of the plan; two queries."""
    known = plan_numbers.confirmed(grant).readings
    indicators = RegisteredIndicator.objects.filter(row__version=version).select_related("row")
    for one in indicators.select_related("row__version").order_by("row__position", "position"):
        for aspect in plan_numbers.REGISTERED:
            text = readings.registered_text(one, aspect)
            if (one.uuid, aspect.value, text) not in known and plan_numbers.is_sure(aspect, text):
                calendar = grant.programme.distributor.fiscal_calendar
                measure, day = plan_numbers.proposed(aspect, text, calendar=calendar)
                yield Sure(indicator=one, aspect=aspect, text=text, measure=measure, day=day)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def sure(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The list of a version's texts that were read completely; a POST confirms those that are ticked."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    version = grant.framework_versions.filter(number=number).first()
    if version is None:
        raise Http404
    found = list(waiting(grant, version))
    back = reverse("setup:version", kwargs={"code": code, "number": number})
    if request.method == "POST":
        chosen = set(request.POST.getlist("pick"))
        done = _confirm(
            [one for one in found if one.key in chosen], by=actor(request.person), at=timezone.now()
        )
        said = ngettext("%(count)s number was confirmed.", "%(count)s numbers were confirmed.", done)
        messages.success(request, said % {"count": done})
        if done < len(chosen):
            messages.info(request, _("The others had been confirmed, or read differently, in the meantime."))
        return redirect(back)
    context = {"grant": grant, "programme": grant.programme, "version": version, "found": found, "back": back}
    return render(request, "portfolio/sure.html", context)


def _confirm(chosen: list[Sure], *, by: Actor, at: datetime) -> int:
    """Confirm each by itself; whatever somebody else was quicker with stays theirs."""
    done = 0
    for one in chosen:
        try:
            readings.confirm(one.indicator, aspect=one.aspect, given=one.given, by=by, at=at)
        except NotPossibleNow:
            continue
        done += 1
    return done
