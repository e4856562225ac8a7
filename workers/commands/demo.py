"""Load the demo: the real report of 2022, and a current programme with eight invented organizations."""

import argparse

NEEDS_SERVERS = True
NEEDS_OWNER = True  # organizations get their rooms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--if-empty", action="store_true", help="a database with other data is left alone without complaint"
    )


def run(options: argparse.Namespace) -> int:
    """Load it once; on a database that holds it, say so and do nothing."""
    from django.utils import timezone

    from minori.accounts.models import User
    from minori.problems import Problem
    from workers.demo import sign_ins_told
    from workers.demo.loading import NotEmpty, load

    try:
        loaded = load(at=timezone.now())
    except NotEmpty as refusal:
        if options.if_empty:
            print("the database holds other data: the demo is not loaded")
            return 0
        wrong = f"The database holds other data: {refusal}."
        raise Problem(wrong, "Use another MINORI_HOME, or another database, for the demo.") from refusal
    print("the demo is loaded" if loaded else "the demo was loaded already; nothing was done")
    # a demo of an earlier version knows fewer people
    print(sign_ins_told(known=set(User.objects.order_by().values_list("email", flat=True))))
    return 0
