"""What beat wakes when. The queue forgets a wake-up that nobody took before the next one: it carries no work."""

from typing import Any

from minori.jobs import Job

MINUTE = 60.0


def _every(seconds: float, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds - 5, "ignore_result": True}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": _every(5 * MINUTE, Job.SWEEP.value),
    "sweep quickly": _every(MINUTE, "workers.tasks.sweep_quickly"),
    "send waiting mail": _every(MINUTE, Job.SEND_MAIL.value),
}
