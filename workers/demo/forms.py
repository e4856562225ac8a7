"""Two small programmes that use the other forms: the newer one with mid-term and end states, and the plain one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from minori.accounts.models import Person
from minori.organizations.models import Organization
from minori.programmes.enums import RoundKind
from minori.programmes.models import Deadline, Grant, Programme
from minori.registry import frameworks
from minori.report_forms import editions
from minori.report_forms.answers import Answer, Chosen, Ticked, Written, YesNo
from minori.report_forms.edition import Field, Kind
from reporting.setup import grants, programmes
from reporting.setup.grants import GrantFacts
from reporting.setup.programmes import RoundFacts
from workers.demo import houses, plans, reports
from workers.demo.dates import TOKYO, Dates, moment
from workers.demo.plans import Facts

_FOLDER = Path(__file__).parent / "data" / "forms"
# code: (title, edition, title of its round)
PROGRAMMES = {
    "minori-kurashi": ("暮らしの足と住まい応援事業", "web.states", "進捗報告（1年度目上期）"),
    "minori-friends": ("Good Neighbours Fund", "plain", "Half-year report"),
}
_OPEN = timedelta(days=20)
_LEFT = timedelta(days=9)


@cache
def _said() -> tuple[Facts, ...]:
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(_FOLDER.glob("*.toml")))


def organizations(*, at: datetime) -> None:
    """The organizations with their rooms."""
    for one in _said():
        houses.organization(slug=one["slug"], name=one["name"], name_kana=one["name_kana"], at=at)


def load(people: Mapping[str, Person], *, dates: Dates, at: datetime) -> None:
    """The programmes with one open round each, their grants, plans, drafts, and one report handed in."""
    made = {code: _programme(code, people, dates, at) for code in PROGRAMMES}
    for organization in _said():
        for said in organization["grants"]:
            _grant(made[said["programme"]], organization, said, people, _When(dates=dates, at=at))


def _programme(code: str, people: Mapping[str, Person], dates: Dates, at: datetime) -> Programme:
    title, edition, round_title = PROGRAMMES[code]
    today = at.astimezone(TOKYO).date()
    opens_on = today - _OPEN
    return programmes.create(
        distributor=people["miura"].staff_memberships.get().distributor,
        code=code,
        title=title,
        window="",
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        rounds=[
            RoundFacts(
                kind=RoundKind.PROGRESS,
                title=round_title,
                period_starts_on=dates.starts_on,
                period_ends_on=opens_on - timedelta(days=1),
                opens_on=opens_on,
                due_on=today + _LEFT,
                edition=edition,
                edition_version=1,
            )
        ],
        by=houses.acting(people["miura"]),
        at=moment(dates.starts_on),
    )


@dataclass(frozen=True, kw_only=True)
class _When:
    """The days of the programmes, and now."""

    dates: Dates
    at: datetime


def _grant(
    programme: Programme, organization: Facts, said: Facts, people: Mapping[str, Person], when: _When
) -> None:
    dates, at = when.dates, when.at
    officer, writer = houses.acting(people["saeki"]), houses.acting(people[organization["slug"]])
    grant: Grant = grants.create(
        programme,
        organization=Organization.objects.get(slug=organization["slug"]),
        facts=GrantFacts(
            title=said["title"],
            code=said["code"],
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            lead=people["saeki"],
            deputy=people["ohno"],
        ),
        by=officer,
        at=moment(dates.starts_on, 11),
    )
    plan = plans.framework(said, dates.words)
    version = frameworks.load(grant, framework=plan, by=officer, at=moment(dates.starts_on, 12))
    frameworks.confirm(version, by=writer, at=moment(dates.starts_on, 13))
    related = Deadline.objects.select_related("grant__programme__distributor", "round", "organization")
    deadline = related.get(grant=grant)
    rows = plans.row_answers(said, dates.words, last=False)
    reports.write(
        deadline, rows=rows, answers=_answers(deadline, said), by=writer, at=at - timedelta(hours=30)
    )
    if said.get("handed_in"):
        reports.hand_in(deadline, approved_by=writer.name, by=writer, at=at - timedelta(hours=20))


def _answers(deadline: Deadline, said: Facts) -> dict[str, Answer]:
    edition = editions.load(deadline.round.edition, deadline.round.edition_version)
    return {key: _answer(edition.field(key), value) for key, value in said["answers"].items()}


def _answer(field: Field, value: str | bool | list[str]) -> Answer:
    match field.kind, value:
        case Kind.CHOICE, str():
            return Chosen(value)
        case Kind.TICKS, list():
            return Ticked(tuple(value))
        case Kind.YES_NO, bool():
            return YesNo(value)
        case Kind.YES_NO, str():
            return YesNo(True, value)
        case _:
            return Written(str(value))
