"""The page of due dates, the address of the feed, the feed itself."""

from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.access import signed_in_only
from minori.accounts.requests import PersonRequest
from minori.calendars import due, feeds
from minori.programmes import contacts

SHOWN_ONCE = "calendar_feed"
"""The session's key of an address that was just made: it is shown on the next page, and then forgotten."""


@require_safe
@signed_in_only
def calendar(request: PersonRequest) -> HttpResponse:
    """What is overdue, however old; due dates from this month on, month by month; and the feed for one's own calendar."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = today.replace(day=1)
    every = due.of(request.person, at=now, since=first)
    overdue = [one for one in every if one.days_late]
    coming = [
        one
        for one in every
        if one.on >= first and not one.days_late and (one.name == "deadline" or not one.is_off)
    ]
    told = due.told_together(coming)
    months = [(month, list(group)) for month, group in groupby(told, key=lambda one: one.on.replace(day=1))]
    context = {
        "overdue": due.told_together(overdue),
        "months": months,
        "today": today,
        "help_contact": contacts.of_organizations(
            [one.deadline.organization_id for one in [*overdue, *coming] if not one.as_officer]
        ),
        "feed": feeds.working(request.person),
        "address": request.session.pop(SHOWN_ONCE, ""),
    }
    return render(request, "calendars/calendar.html", context)


@require_POST
@signed_in_only
def change_feed(request: PersonRequest) -> HttpResponse:
    """Make a new address for the feed, or let the one there is stop working."""
    if request.POST.get("action") == "revoke":
        feeds.revoke(request.person, at=timezone.now())
        messages.success(request, _("The address no longer works."))
    else:
        token = feeds.make(request.person, at=timezone.now())
        request.session[SHOWN_ONCE] = settings.BASE_URL + reverse("calendars:feed", args=[token])
    return redirect(reverse("calendars:calendar") + "#feed")


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed of whoever holds the address, in their language: calendars cannot sign in."""
    now = timezone.now()
    person = feeds.reader(token)
    if person is None:
        raise Http404
    with translation.override(person.language):
        written = feeds.write(due.of(person, at=now), at=now)
    etag = quote_etag(feeds.mark(written))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="minori.ics"'
    response.headers["ETag"] = etag
    return response
