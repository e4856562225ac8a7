"""Make the rooms of organizations that are waiting for one; the worker does the same by itself."""

import argparse

NEEDS_OWNER = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Make them as the owner."""
    from django.utils import timezone

    from minori.organizations import provisioning

    made = [provisioning.provision(pk, at=timezone.now()) for pk in provisioning.waiting()]
    print(f"made {sum(made)} rooms" if any(made) else "no organization is waiting for its room")
    return 0
