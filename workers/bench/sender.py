"""A sender of the bench: `python -m workers.bench.sender DATABASE PORT`, until nothing waits or somebody kills it."""

import os
import sys


def main(arguments: list[str]) -> int:
    """Send what waits in the bench's database to the mail server at a port of this machine."""
    database, port = arguments[0], int(arguments[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minori.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.utils import timezone

    settings.DATABASES["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_PER_SECOND, settings.MAIL_LEFT_OF = 10_000, ""

    from minori.mail import sending

    while sending.send_waiting(clock=timezone.now).more:
        pass
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
