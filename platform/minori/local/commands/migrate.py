"""Bring the database up to date: public tables, every organization's room, roles and row security."""

import argparse

NEEDS_OWNER = True

# Two at once would trip over each other; the second waits. Any number, only ours.
_LOCK = 5_046_001


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Migrate as the owner. Safe to run at any time, twice, and in parallel."""
    from django.core.management import call_command

    from minori.tenancy import roles
    from minori.tenancy.rooms import as_owner

    with as_owner() as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        print("public tables", flush=True)
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=1)
        # before the rooms: their migrations point at public tables through these grants
        roles.rebuild()
        print("rooms", flush=True)
        call_command("migrate_schemas", tenant=True, interactive=False, verbosity=1)
        rooms = roles.rebuild()
    print(f"up to date, with {len(rooms)} rooms")
    return 0
