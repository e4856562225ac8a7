"""Telling which grants keep their date, and why, after the dates of several have changed."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline

_MOST = 20
"""Names in one message; the page of the round's dates shows all of them."""


def tell(request: HttpRequest, left: Sequence[Deadline]) -> None:
    """Name those whose date did not change, each with the reason; nothing where there is none."""
    if not left:
        return
    named = [
        pgettext("a grant and why its date stays", "%(name)s (%(why)s)")
        % {"name": _name(one), "why": _why(one)}
        for one in left[:_MOST]
    ]
    if len(left) > _MOST:
        named.append(_("and %(count)s more") % {"count": len(left) - _MOST})
    names = pgettext("between items of a list", ", ").join(named)
    messages.warning(request, _("These keep their date: %(names)s") % {"names": names})


def _name(deadline: Deadline) -> str:
    return f"{deadline.grant.organization.name}　{deadline.grant.title}"


def _why(deadline: Deadline) -> str:
    if deadline.state == DeadlineState.AWAITING:
        return _("has a date of its own")
    if deadline.state == DeadlineState.WAIVED:
        return _("no report is required")
    return _("has been handed in")
