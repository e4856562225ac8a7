"""The log of the regular sweeps: when each last ran, and what came of it."""

import logging
from collections.abc import Callable
from datetime import datetime

from minori.mail.models import Sweep

log = logging.getLogger(__name__)


def run(name: str, work: Callable[[datetime], object], *, clock: Callable[[], datetime]) -> bool:
    """Do one step of a sweep and note its beginning, its end, and its result or problem; True when it succeeded.

    A problem is logged and not raised: one step's trouble must not keep the others from running. A result is
    kept as JSON if it is a number, or has `as_json`.
    """
    began = clock()
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


def _as_json(result: object) -> object:
    described = getattr(result, "as_json", None)
    if callable(described):
        return described()
    return {"count": result} if isinstance(result, int) else {}
