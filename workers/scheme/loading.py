"""Loading an invented scheme: into an empty database, or beside the demo."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password

from minori.accounts.models import User
from minori.programmes.models import Programme
from workers.demo.dates import TOKYO
from workers.demo.people import DEMO_PASSWORD
from workers.scheme import by_rules, in_bulk
from workers.scheme import setting as shared
from workers.scheme.invented import Invented
from workers.scheme.size import Plan, Size, dates

BY_RULES_UP_TO = 20
"""So many organizations are made step by step; more of them at once, which is equal."""


class PlansUnreadable(ValueError):  # noqa: N818 - a state of the file
    """The file of plans is none; `str()` says why."""


def plans_from(path: Path) -> tuple[Plan, ...]:
    """Plans from a file with one JSON object a line; those that no report could be made of are left out.

    Raises `PlansUnreadable` where the file holds no plan.
    """
    try:
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        sound = tuple(one for one in found if _is_usable(one))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlansUnreadable(str(error)) from error
    if not sound:
        message = "no line holds a plan with outputs"
        raise PlansUnreadable(message)
    return sound


def _is_usable(plan: Plan) -> bool:
    framework = Invented(0, Size(organizations=1, plans=(plan,))).framework
    return not framework.problems() and any(row.level.value == "output" for row in framework)


def load(
    size: Size,
    *,
    at: datetime,
    by_rules_only: bool | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> list[Programme]:
    """Make what of the scheme is not there yet, programme by programme. As owner, outside transactions.

    A programme that was broken off is refused by the database's unique names: start again in an empty database.
    """
    days = dates(at.astimezone(TOKYO).date(), rounds=size.rounds)
    known = {one.code for one in shared.settings(size)}
    careful = size.organizations <= BY_RULES_UP_TO if by_rules_only is None else by_rules_only
    made = 0
    for number in range(size.programmes):
        if f"scheme{size.seed}-{number + 1}" not in known:
            setting = shared.programme(size, days, number)
            (by_rules if careful else in_bulk).make(setting, at=at)
        made += len(size.numbers(number))
        say(f"{made} of {size.organizations} organizations")
    password = make_password(DEMO_PASSWORD)  # once: slow on purpose, and the same for everybody
    User.objects.filter(email__endswith=f"@fund{size.seed}.example").update(password=password)
    User.objects.filter(email__startswith=f"s{size.seed}-", email__endswith="@example.org").update(
        password=password
    )
    return shared.settings(size)
