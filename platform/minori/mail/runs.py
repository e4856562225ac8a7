"""The log of the regular sweeps: when each last ran, and what came of it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import pgettext_lazy

from minori.mail import outbox
from minori.mail.models import Sweep

LABELS = {
    "organizations": pgettext_lazy("regular task", "preparing rooms of new organizations"),
    "notices": pgettext_lazy("regular task", "writing notices"),
    "arrivals": pgettext_lazy("regular task", "telling who joined"),
    "copies": pgettext_lazy("regular task", "writing copies of what was filed on behalf"),
    "summaries": pgettext_lazy("regular task", "finding summaries to compile"),
    "scheme": pgettext_lazy("regular task", "counting the whole scheme"),
    "reading": pgettext_lazy("regular task", "making reports searchable"),
    "exports": pgettext_lazy("regular task", "finding rounds to take along"),
    "exported": pgettext_lazy("regular task", "taking away files whose time is over"),
    "reminders": pgettext_lazy("regular task", "planning reminders"),
    "waiting": pgettext_lazy("regular task", "reminding of what waits for a word"),
    "digests": pgettext_lazy("regular task", "writing the officers' Monday digest"),
    "contacts": pgettext_lazy("regular task", "telling organizations of a new officer"),
    "night": pgettext_lazy("regular task", "waking the night's work"),
    "alarms": pgettext_lazy("regular task", "raising alarms"),
    "files": pgettext_lazy("regular task", "looking through attached files"),
    "verify": pgettext_lazy("regular task", "verifying every figure"),
}
"""The regular tasks as people read them."""

log = logging.getLogger(__name__)


def run(name: str, work: Callable[[datetime], object], *, clock: Callable[[], datetime]) -> bool:
    """Do one step of a sweep and note its beginning, its end, and its result or problem; True when it succeeded.

    A problem is logged and not raised: one step's trouble must not keep the others from running. A result is
    kept as JSON if it is a number, or has `as_json`.
    """
    began = clock()
    if before := Sweep.objects.filter(name=name, began_at__gt=began).first():
        outbox.set_back(before.began_at, at=began)
    Sweep.objects.update_or_create(name=name, defaults={"began_at": began, "ended_at": None})
    try:
        result = work(began)
    except Exception as problem:
        log.exception("the sweep %s failed", name)
        Sweep.objects.filter(name=name).update(
            ended_at=clock(), problem=f"{type(problem).__name__}: {problem}"
        )
        return False
    Sweep.objects.filter(name=name).update(
        ended_at=clock(), succeeded_at=began, problem="", result=_as_json(result)
    )
    return True


def label(name: str) -> str:
    """A regular task in the reader's language; its own name where nobody gave it another."""
    return str(LABELS.get(name, name))


def _as_json(result: object) -> object:
    described = getattr(result, "as_json", None)
    if callable(described):
        return described()
    return {"count": result} if isinstance(result, int) else {}
