"""A sign of life to somebody outside: a dead machine cannot say that it is dead."""

import logging
import urllib.error
import urllib.request

from django.conf import settings

log = logging.getLogger(__name__)
SECONDS = 5


def beat() -> bool:
    """Ask for the address of the setting MINORI_HEARTBEAT_URL; whether it answered. Without one nothing is asked.

    Whoever listens there (a monitoring service, another machine) tells people when it has not heard from us.
    """
    if not settings.HEARTBEAT_URL:
        return False
    try:
        with urllib.request.urlopen(settings.HEARTBEAT_URL, timeout=SECONDS):  # noqa: S310 - the administrator's own
            return True
    except (urllib.error.URLError, OSError, ValueError) as error:
        log.warning("the heartbeat could not be sent: %s", error)
        return False
