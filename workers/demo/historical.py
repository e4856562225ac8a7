"""The historical programme: the real report of 2022-10-14 as it was handed in, and nothing invented around it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from minori.accounts.models import Person
from minori.organizations.models import Organization
from minori.programmes.enums import RoundKind
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import RowAnswer
from minori.report_forms.framework import Framework
from reporting.setup import grants, programmes
from reporting.setup.grants import GrantFacts
from reporting.setup.programmes import RoundFacts
from workers.demo import houses, reports
from workers.demo.dates import moment

SLUG = "seishinryo"
DISTRIBUTOR = "hogo-kyokai"
PROGRAMME = "hogo-kyokai-2020"
_DATA = Path(__file__).parent / "data" / "seishinryo.json"
# The third year of a project that runs over three fiscal years, as the report's round and 達成時期 say.
_STARTS_ON, _ENDS_ON = date(2020, 4, 1), date(2023, 3, 31)
_SET_UP_AT = moment(date(2022, 4, 1))
_HANDED_IN_AT = moment(date(2022, 10, 14))


def organization(*, at: datetime) -> Organization:
    """清心寮 with its room."""
    return houses.organization(
        slug=SLUG, name=_data()["head"]["organization"], name_kana="せいしんりょう", at=at
    )


def distributor() -> None:
    """日本更生保護協会."""
    houses.distributor(
        slug=DISTRIBUTOR,
        name=_data()["head"]["distributor"],
        name_kana="にほんこうせいほごきょうかい",
        at=_SET_UP_AT,
    )


def load(people: Mapping[str, Person]) -> None:
    """The programme with its one round, the framework as registered, the report as handed in on 2022-10-14."""
    data = _data()
    officer, writer = houses.acting(people["hogo"]), houses.acting(people[SLUG])
    programme = programmes.create(
        distributor=people["hogo"].staff_memberships.get().distributor,
        code=PROGRAMME,
        title="更生保護の助成事業（公開された報告書による）",
        window="",
        starts_on=_STARTS_ON,
        ends_on=_ENDS_ON,
        rounds=[_round(data)],
        by=officer,
        at=_SET_UP_AT,
    )
    grant = grants.create(
        programme,
        organization=Organization.objects.get(slug=SLUG),
        facts=GrantFacts(
            title=data["head"]["project_title"],
            code=data["grant_code"],
            starts_on=_STARTS_ON,
            ends_on=_ENDS_ON,
            lead=people["hogo"],
            deputy=None,
        ),
        by=officer,
        at=_SET_UP_AT,
    )
    version = frameworks.load(
        grant, framework=Framework.from_json(data["framework"]), by=officer, at=_SET_UP_AT
    )
    frameworks.confirm(version, by=writer, at=_SET_UP_AT)
    deadline = Deadline.objects.get(grant=grant)
    reports.write(
        deadline,
        rows=[RowAnswer.from_json(row) for row in data["rows"]],
        answers={key: answer_values.from_json(value) for key, value in data["answers"].items()},
        by=writer,
        at=_HANDED_IN_AT,
    )
    reports.hand_in(deadline, approved_by=people[SLUG].name, by=writer, at=_HANDED_IN_AT)


def _round(data: Mapping[str, Any]) -> RoundFacts:
    return RoundFacts(
        kind=RoundKind.PROGRESS,
        title=data["round_title"],
        period_starts_on=date(2022, 4, 1),
        period_ends_on=date(2022, 9, 30),
        opens_on=date(2022, 10, 1),
        due_on=date(2022, 10, 14),
        edition=data["edition"],
        edition_version=data["edition_version"],
    )


def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return data
