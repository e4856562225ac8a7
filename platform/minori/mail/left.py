"""What is still to be filled in: asked of the organization's room, which is above this app and may be out of reach."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string

from minori.programmes.models import Deadline

log = logging.getLogger(__name__)


Left = Callable[[Deadline, str], list[str]]
"""Asks what is left of a report, in a language."""


def asked_once() -> Left:
    """`left_of` that asks each room once a report and language, however many people are written to."""
    known: dict[tuple[int, str], list[str]] = {}

    def ask(deadline: Deadline, language: str) -> list[str]:
        key = (deadline.pk, language)
        if key not in known:
            known[key] = left_of(deadline, language=language)
        return known[key]

    return ask


def left_of(deadline: Deadline, *, language: str) -> list[str]:
    """Names of the sections still to be filled in, in the language; empty when nobody can say.

    Setting MAIL_LEFT_OF names the function that enters the room: it takes the deadline and gives the names as
    texts. Whatever goes wrong in there is logged, and the mail goes without: a reminder must not be lost for it.
    """
    if not settings.MAIL_LEFT_OF:
        return []
    try:
        with transaction.atomic(), translation.override(language):
            return [str(name) for name in import_string(settings.MAIL_LEFT_OF)(deadline)]
    except Exception:
        log.exception("what is left of deadline %s is not known", deadline.pk)
        return []
