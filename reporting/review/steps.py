"""The steps of a report's life in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.ui.templatetags.ui_tags import day_year, late_words


@dataclass(frozen=True)
class Step:
    """One step: what, with the facts worth knowing, and the event itself (who and when)."""

    event: Event
    what: str
    facts: tuple[str, ...]


def of(event: Event) -> Step:
    """An event in words; facts of kinds that are not known here are left out, never an error."""
    return Step(event=event, what=event.get_action_display(), facts=tuple(_facts(event)))


def _facts(event: Event) -> Iterator[str]:
    details = event.details
    if revision := details.get("revision"):
        yield _("revision %(number)s") % {"number": revision}
    if days := details.get("days_late"):
        yield late_words(days)
    if sender := details.get("on_behalf"):
        yield _("filed on behalf; sent by %(who)s, arrived on %(day)s") % {
            "who": sender,
            "day": _day(details.get("arrived_on")),
        }
    if address := details.get("address"):
        yield str(address)
    yield from _dates(event)
    if comments := details.get("comments"):
        yield ngettext("%(number)s comment", "%(number)s comments", comments) % {"number": comments}
    if reason := details.get("reason"):
        yield _("Reason: %(reason)s") % {"reason": reason}
    if words := details.get("words"):
        yield str(words)
    if content_hash := details.get("hash"):
        yield f"sha256 {str(content_hash)[:12]}…"


def _dates(event: Event) -> Iterator[str]:
    details = event.details
    if event.action in (Action.RETURNED, Action.DEADLINE_SET) and (due_on := _day(details.get("due_on"))):
        yield _("due on %(day)s") % {"day": due_on}
    if event.action == Action.DEADLINE_MOVED and (moved_to := _day(details.get("to"))):
        yield _("from %(before)s to %(after)s") % {"before": _day(details.get("from")), "after": moved_to}
    if event.action == Action.EXTENSION_GRANTED and (until := _day(details.get("to"))):
        yield _("until %(day)s") % {"day": until}
    if event.action in (Action.EXTENSION_ASKED, Action.EXTENSION_WITHDRAWN) and (
        asked := _day(details.get("until"))
    ):
        yield _("until %(day)s") % {"day": asked}
    if lapsed := _day(details.get("request_lapsed")):
        yield _("the open request for more time (until %(day)s) ended with this") % {"day": lapsed}
    if closes := _day(details.get("closes_to")):
        yield _("closes on %(day)s") % {"day": closes}


def _day(text: object) -> str:
    try:
        return day_year(date.fromisoformat(str(text)))
    except ValueError:
        return ""
