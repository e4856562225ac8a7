"""A distributor, its programme, a round, a grant and a deadline, each with sensible defaults around October 2026."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from minori.accounts.models import Person
from minori.audit.trail import Actor
from minori.organizations.models import Organization
from minori.programmes import holiday_lists
from minori.programmes.enums import RoundKind
from minori.programmes.models import Deadline, Distributor, Grant, HolidayList, Programme, Round

_numbers = count(1)


def distributor(**fields: Any) -> Distributor:
    """A fund distributor in Tokyo."""
    number = next(_numbers)
    defaults = {
        "name": f"一般財団法人 みのり財団{number}",
        "name_kana": "みのりざいだん",
        "slug": f"minori-{number}",
        "time_zone": "Asia/Tokyo",
        "funder_name": "一般財団法人 日本民間公益活動連携機構",
    }
    return Distributor.objects.create(**(defaults | fields))


def holidays(
    of: Distributor, days: Mapping[date, str] | None = None, *, name: str = "", weekend: str = "sat-sun"
) -> HolidayList:
    """A list of holidays `of` a distributor: New Year's Day, where no days are given."""
    return holiday_lists.create(
        of,
        name=name or f"Holidays {next(_numbers)}",
        weekend=weekend,
        days={date(2026, 1, 1): "New Year's Day"} if days is None else days,
        filename="holidays.csv",
        by=Actor(person_id=None, name="佐藤 花子"),
        at=datetime(2026, 10, 1, tzinfo=UTC),
    )


def programme(*, of: Distributor | None = None, **fields: Any) -> Programme:
    """A three-year programme that began in April 2025, `of` a distributor."""
    number = next(_numbers)
    defaults = {
        "distributor": of or distributor(),
        "code": f"programme-{number}",
        "title": "地域で育つ子どもの居場所づくり事業",
        "window": "2024年度通常枠",
        "starts_on": date(2025, 4, 1),
        "ends_on": date(2028, 3, 31),
    }
    return Programme.objects.create(**(defaults | fields))


def round_(*, of: Programme | None = None, **fields: Any) -> Round:
    """The next round `of` a programme: April to September 2026, open from 1 October, due on Wednesday 14 October."""
    owner = of or programme()
    defaults = {
        "programme": owner,
        "number": owner.rounds.count() + 1,
        "kind": RoundKind.PROGRESS,
        "title": "進捗報告（2年度目上期）",
        "period_starts_on": date(2026, 4, 1),
        "period_ends_on": date(2026, 9, 30),
        "opens_on": date(2026, 10, 1),
        "due_on": date(2026, 10, 14),
        "edition": "2020",
        "edition_version": 1,
    }
    return Round.objects.create(**(defaults | fields))


def officer_person(**fields: Any) -> Person:
    """A person to be a grant's lead officer; signs in nowhere (`tests.factories.people` makes those who do)."""
    number = next(_numbers)
    defaults = {"name": "佐藤 花子", "name_kana": "さとう はなこ", "email": f"officer-{number}@example.org"}
    return Person.objects.create(**(defaults | fields))


def grant(*, organization: Organization, of: Programme | None = None, **fields: Any) -> Grant:
    """A grant of the organization in a programme (`of`), with a lead officer."""
    number = next(_numbers)
    owner = of or programme()
    defaults: dict[str, Any] = {
        "programme": owner,
        "organization": organization,
        "code": f"grant-{number}",
        "title": "ひとり親家庭の学びと居場所の支援",
        "starts_on": owner.starts_on,
        "ends_on": owner.ends_on,
    }
    if "lead_officer" not in fields:
        defaults["lead_officer"] = officer_person()
    return Grant.objects.create(**(defaults | fields))


def deadline(*, organization: Organization | None = None, of: Grant | None = None, **fields: Any) -> Deadline:
    """A deadline `of` a grant (else of a new one of the organization), in a new round, due with it, nothing handed in."""
    owner = of or grant(organization=_named(organization))
    at = fields.pop("round", None) or round_(of=owner.programme)
    defaults = {"grant": owner, "round": at, "organization": owner.organization, "due_on": at.due_on}
    return Deadline.objects.create(**(defaults | fields))


def framework_version(*, grant: Grant, **fields: Any) -> Any:
    """A small framework registered for the grant (`tests.factories.registry`)."""
    from tests.factories import registry

    return registry.registered(grant, **fields)


def _named(organization: Organization | None) -> Organization:
    return organization or Organization.objects.get(slug="hikari")
