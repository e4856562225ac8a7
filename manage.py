#!/usr/bin/env python3
"""Django's own commands, with the servers of the environment or the embedded ones."""

import os
import sys


def main() -> None:
    """Run one of Django's commands. It gets the owner's login only where DATABASE_URL names it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minori.settings")
    from django.core.management import execute_from_command_line

    from minori.local.servers import given_or_running
    from minori.problems import Problem

    try:
        with given_or_running() as servers:
            os.environ.update(servers.environment())
            execute_from_command_line(sys.argv)
    except Problem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
