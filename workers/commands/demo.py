"""Load the demo: the real report of 2022, and a current programme with eight invented organizations.

With --organizations N an invented scheme of that size is made besides, to see how things look and run when they are
large: one programme unless --per-programme says otherwise, each with a distributor and an officer of its own.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.scheme.size import Size

NEEDS_SERVERS = True
NEEDS_OWNER = True  # organizations get their rooms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--if-empty", action="store_true", help="a database with other data is left alone without complaint"
    )
    large = parser.add_argument_group("an invented scheme besides")
    large.add_argument("--organizations", type=int, metavar="N", help="how many organizations it has")
    large.add_argument(
        "--per-programme", type=int, metavar="N", default=0, help="how many in a programme (all)"
    )
    large.add_argument("--rounds", type=int, metavar="N", default=6, help="how many rounds have been due (6)")
    large.add_argument("--indicators", type=int, metavar="N", default=20, help="indicators in a plan (20)")
    large.add_argument(
        "--seed", type=int, metavar="N", default=1, help="another number makes another scheme (1)"
    )
    large.add_argument(
        "--plans", type=Path, metavar="FILE", help="take the plans from this file, a JSON object a line"
    )


def run(options: argparse.Namespace) -> int:
    """Load it once; on a database that holds it, say so and do nothing."""
    size = _size(options)
    code = _load_demo(options)
    return code or (_load_scheme(size) if size else 0)


def _load_demo(options: argparse.Namespace) -> int:
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


MOST = {
    "organizations": 100_000,
    "per_programme": 100_000,
    "rounds": 20,
    "indicators": 200,
    "seed": 1_000_000,
}


def _size(options: argparse.Namespace) -> "Size | None":
    """The scheme that is asked for; what it cannot be is told before anything is loaded."""
    from minori.problems import Problem
    from workers.scheme import loading
    from workers.scheme.size import Size

    if getattr(options, "organizations", None) is None:
        return None
    given = {name: getattr(options, name) for name in MOST}
    for name, value in given.items():
        if not (name in ("per_programme", "seed") and value == 0) and not 1 <= value <= MOST[name]:
            msg = f"--{name.replace('_', '-')} lies between 1 and {MOST[name]}."
            raise Problem(msg, exit_code=2)
    try:
        plans = loading.plans_from(options.plans) if options.plans else ()
    except loading.PlansUnreadable as error:
        msg = f"{options.plans} holds no plans: {error}."
        raise Problem(
            msg, "Each line is a JSON object with `rows`; docs/benches.md tells of them.", exit_code=2
        ) from error
    return Size(**given, plans=plans)


def _load_scheme(size: "Size") -> int:
    from django.utils import timezone

    from workers.demo.people import DEMO_PASSWORD
    from workers.scheme import loading
    from workers.scheme.setting import officer_address

    made = loading.load(size, at=timezone.now(), say=lambda line: print(line, flush=True))
    first, last = officer_address(size, 0), officer_address(size, size.programmes - 1)
    print(f"an invented scheme of {size.organizations} organizations in {len(made)} programmes")
    print(f"its officers: {first}" + (f" … {last}" if last != first else "") + f", password {DEMO_PASSWORD}")
    return 0
