"""Look whether every attached file is there as it was added; with --clean remove bytes that nobody needs.

Bytes without a file are left by a crash between storing them and writing down what they are, and by a store that was
away when something was removed. They harm nobody; once a month is enough.
"""

import argparse
import sys

NEEDS_SERVERS = True
NEEDS_OWNER = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori files`."""
    parser.add_argument(
        "--clean", action="store_true", help="remove bytes that neither a draft nor a filing needs"
    )


def run(options: argparse.Namespace) -> int:
    """Tell what is missing or changed; 1 when something is, or when the store cannot be reached."""
    from minori.filings.files import Unavailable
    from minori.organizations.enums import OrganizationState
    from minori.organizations.models import Organization
    from minori.tenancy.rooms import entering
    from tenants.evidence import attachments

    looked, wrong, removed = 0, 0, 0
    for organization in Organization.objects.filter(state=OrganizationState.ACTIVE).order_by("pk"):
        with entering(organization):
            try:
                for sha256, sound in attachments.look_through():
                    looked += 1
                    if not sound:
                        wrong += 1
                        print(f"{organization.slug}: {sha256} is missing or changed")
                if options.clean:
                    removed += attachments.forget_orphans()
            except Unavailable as away:
                print(f"minori: the store of files cannot be reached: {away}", file=sys.stderr)
                return 1
    print(
        f"{looked} files looked at, {wrong} missing or changed"
        + (f", {removed} removed" if options.clean else "")
    )
    return 1 if wrong else 0
