"""Telling which grants keep their date, and why, after the dates of several have changed."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.marks import gapped
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline

_MOST = 20
"""Names in one message; the page of the round's dates shows all of them."""


def tell(request: HttpRequest, left: Sequence[Deadline]) -> None:
    """Name those whose date did not change, by reason; nothing where there is none."""
    if not left:
        return
    by_reason: dict[str, list[str]] = {}
    for one in left[:_MOST]:
        names = by_reason.setdefault(_why(one), [])
        if (name := one.grant.organization.name) not in names:
            names.append(name)
    comma = pgettext("between items of a list", ", ")
    named = [
        pgettext("why dates stay, and whose", "%(why)s: %(names)s") % {"why": why, "names": comma.join(names)}
        for why, names in by_reason.items()
    ]
    if len(left) > _MOST:
        named.append(_("and %(count)s more") % {"count": len(left) - _MOST})
    messages.warning(request, _("Some keep their date. %(whose)s") % {"whose": gapped(named)})


def _why(deadline: Deadline) -> str:
    if deadline.state == DeadlineState.AWAITING:
        return _("has a date of its own")
    if deadline.state == DeadlineState.WAIVED:
        return _("no report is required")
    return _("has been handed in")
