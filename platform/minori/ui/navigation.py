"""The two navigations: routes by name, so that one that does not exist is simply not shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Item:
    """One entry: `routes` are tried in order; it is current in the URL namespaces `areas`."""

    key: str
    label: str | Promise
    routes: tuple[str, ...]
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An entry that can be shown: its address is known."""

    label: str | Promise
    url: str
    current: bool


ROOM = (
    Item("home", pgettext_lazy("navigation", "Home"), ("reports:home", "room_home"), ("home",)),
    Item(
        "reports",
        pgettext_lazy("navigation", "Reports"),
        ("reports:index", "reports:list"),
        ("reports", "evidence"),
    ),
    Item(
        "frameworks",
        pgettext_lazy("navigation", "Project plan"),
        ("frameworks:index", "frameworks:list"),
        ("frameworks",),
    ),
)

DESK = (
    Item(
        "programmes",
        pgettext_lazy("navigation", "Programmes"),
        ("portfolio:index", "portfolio:programmes", "setup:programmes"),
        ("portfolio", "profiles", "signals"),
    ),
    Item("review", pgettext_lazy("navigation", "Review"), ("review:index", "review:queue"), ("review",)),
    Item("reading", pgettext_lazy("navigation", "Search"), ("reading:search",), ("reading",)),
    Item("summaries", pgettext_lazy("navigation", "Summaries"), ("remarks:index",), ("remarks", "exports")),
    Item("reminders", pgettext_lazy("navigation", "Reminders"), ("reminding:index",), ("reminding",)),
    Item("setup", pgettext_lazy("navigation", "Setting up"), ("setup:index",), ("setup",)),
)

NAVIGATIONS = {"room": ROOM, "desk": DESK}


def address(request: HttpRequest | None, *names: str) -> str:
    """Return the address of the first of these routes that exists, else "".

    Names are tried without arguments, then with the slug of the request's organization, then with the
    arguments of the page that is shown.
    """
    match = getattr(request, "resolver_match", None)
    slug = getattr(getattr(request, "organization", None), "slug", None)
    tries: list[dict[str, Any]] = [{}]
    if slug:
        tries.append({"organization": slug})
    if match is not None and match.kwargs:
        tries.append(dict(match.kwargs))
    where = getattr(request, "urlconf", None) or get_urlconf() or settings.ROOT_URLCONF
    for name in names:
        for kwargs in tries:
            if found := _known(name, where, get_script_prefix(), tuple(kwargs.items())):
                return found
    return ""


@lru_cache(maxsize=2000)
def _known(name: str, urlconf: Any, _prefix: str, kwargs: tuple[tuple[str, Any], ...]) -> str:
    """The address of a route, "" where there is none: every page asks for the same ones, and for some that are missing."""
    try:
        return reverse(name, kwargs=dict(kwargs), urlconf=urlconf)
    except NoReverseMatch:
        return ""


def links(request: HttpRequest | None, items: Iterable[Item], *, current: str = "") -> list[Link]:
    """Return the entries that exist, with the current one marked.

    The current one is the one named `current`, else the one whose route or else whose area is shown.
    """
    match = getattr(request, "resolver_match", None)
    shown = getattr(match, "view_name", "") or ""
    known = [(item, address(request, *item.routes)) for item in items]
    reachable = [(item, url) for item, url in known if url]
    exact = next((item.key for item, _url in reachable if shown in item.routes), "")
    area = next((item.key for item, _url in reachable if shown.split(":")[0] in item.areas), "")
    marked = current or exact or area
    return [Link(label=item.label, url=url, current=item.key == marked) for item, url in reachable]
