"""Make somebody an administrator, by their address: they sign in with a mailed code.

For the first administrator of an installation; later ones are made on the administration's pages.
"""

import argparse

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from minori.accounts import users
from minori.audit.trail import MINORI
from minori.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be said."""
    parser.add_argument("email", metavar="EMAIL", help="the address they sign in with")
    parser.add_argument("--name", default="", help="their name, where they are new (else the address)")


def run(options: argparse.Namespace) -> int:
    """Make the administrator; running it twice changes nothing. Raises Problem for an address that is none."""
    try:
        validate_email(options.email.strip())
    except ValidationError as error:
        msg = f"“{options.email}” is not an e-mail address."
        raise Problem(msg, "Write it in full, like name@example.jp.", exit_code=2) from error
    person = users.find_or_create(email=options.email, name=options.name)
    assert person.user is not None
    users.reopen(person.user, by=MINORI, at=timezone.now())
    users.make_administrator(person.user, by=MINORI, at=timezone.now())
    print(f"{person.name} ({person.email}) is an administrator. Sign in at /sign-in/ with a mailed code.")
    return 0
