"""What both ways of making a scheme share: distributors, programmes, officers, and organizations with their rooms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from minori.accounts import memberships, users
from minori.accounts.enums import Role, StaffRole
from minori.accounts.models import Person
from minori.administration import distributors
from minori.audit.trail import MINORI, Actor
from minori.filings import reviewing
from minori.filings.enums import Aspect
from minori.filings.models import Filing
from minori.filings.readings import Given
from minori.filings.reviewing import Remark
from minori.organizations.models import Organization
from minori.programmes import deadlines
from minori.programmes.models import Deadline, Programme
from minori.registry.models import FrameworkVersion, RegisteredIndicator
from reporting.setup import programmes
from reporting.setup.grants import GrantFacts
from reporting.setup.programmes import RoundFacts
from workers.demo.dates import moment
from workers.demo.houses import organization
from workers.scheme import words
from workers.scheme.invented import Invented
from workers.scheme.size import Dates, Size

EDITION = ("2020", 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Setting:
    """One programme with its officer, and the days of the scheme."""

    programme: Programme
    officer: Person
    size: Size
    dates: Dates

    @property
    def officer_acting(self) -> Actor:
        """The officer as the one who takes a step."""
        return Actor(person_id=self.officer.pk, name=self.officer.name)


@dataclass(frozen=True)
class House:
    """One organization with its room and who writes in it, made from what was invented."""

    invented: Invented
    organization: Organization
    writer: Actor


@dataclass(frozen=True)
class When:
    """When each step of an organization is taken. Days and hours differ between organizations."""

    invented: Invented
    dates: Dates

    @property
    def created(self) -> datetime:
        """The grant is set up."""
        return moment(self.dates.starts_on, 11)

    @property
    def planned(self) -> datetime:
        """The plan is registered."""
        return moment(self.dates.starts_on + 10 * _DAY)

    @property
    def read(self) -> datetime:
        """The officer confirms the plan's numbers."""
        return moment(self.dates.starts_on + 12 * _DAY, 16)

    @property
    def confirmed(self) -> datetime:
        """The organization confirms the plan."""
        return moment(self.dates.starts_on + 14 * _DAY, 15, 20)

    def written(self, number: int) -> datetime:
        """The report is written, the day before it is handed in."""
        return self.handed_in(number) - _DAY

    def handed_in(self, number: int) -> datetime:
        """The report of a round is handed in."""
        day = self.dates.due_on(number) + self.invented.days(number) * _DAY
        day = min(day, self.dates.last_due_on + 3 * _DAY)
        return moment(day, 9 + self.invented.number % 9, self.invented.number % 60)

    def opened(self, number: int) -> datetime:
        """The officer begins to read."""
        return self.handed_in(number) + timedelta(hours=20)

    def decided(self, number: int) -> datetime:
        """The officer accepts, or sends back."""
        return self.opened(number) + timedelta(minutes=50)


def programme(size: Size, dates: Dates, number: int) -> Setting:
    """A programme (from 0) with a distributor and an officer of its own."""
    at = moment(dates.starts_on)
    name = f"{words.PLACES[number % len(words.PLACES)]}地域基金{number + 1}"
    distributor = distributors.create(
        name=f"一般財団法人 {name}",
        slug=f"fund{size.seed}-{number + 1}",
        name_kana=f"{number + 1:05d}",
        by=MINORI,
        at=at,
    )
    officer = users.find_or_create(
        email=officer_address(size, number), name=f"{words.SURNAMES[number % 12]} 章子"
    )
    memberships.add(person=officer, distributor=distributor, role=StaffRole.MANAGER, by=MINORI, at=at)
    made = programmes.create(
        distributor=distributor,
        code=f"scheme{size.seed}-{number + 1}",
        title=f"{name} 地域の力応援事業",
        window=f"{dates.starts_on.year}年度通常枠",
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        rounds=list(_rounds(dates)),
        by=Actor(person_id=officer.pk, name=officer.name),
        at=at,
    )
    return Setting(made, officer, size, dates)


def officer_address(size: Size, number: int) -> str:
    """The sign-in of a programme's officer."""
    return f"officer{number + 1}@fund{size.seed}.example"


def settings(size: Size) -> list[Programme]:
    """The programmes of a scheme that are there, whole or not."""
    codes = [f"scheme{size.seed}-{number + 1}" for number in range(size.programmes)]
    return list(Programme.objects.filter(code__in=codes).annotate(grants_made=Count("grants")).order_by("pk"))


def house(invented: Invented, *, at: datetime) -> House:
    """The organization with its room, and its one person, who writes and approves. As owner, outside transactions."""
    made = organization(slug=invented.slug, name=invented.name, name_kana=invented.name_kana, at=at)
    person = users.find_or_create(email=f"{invented.slug}@example.org", name=invented.writer)
    memberships.add(person=person, organization=made, role=Role.APPROVER, by=MINORI, at=at)
    return House(invented, made, Actor(person_id=person.pk, name=person.name))


def grant_facts(setting: Setting, invented: Invented) -> GrantFacts:
    """The organization's project."""
    return GrantFacts(
        title=invented.title,
        code=invented.slug,
        starts_on=setting.dates.starts_on,
        ends_on=setting.dates.ends_on,
        lead=setting.officer,
        deputy=None,
    )


def plan_readings(
    invented: Invented, version: FrameworkVersion
) -> Iterator[tuple[RegisteredIndicator, Aspect, Given]]:
    """What the officer confirms of a plan, in its order."""
    found = RegisteredIndicator.objects.filter(row__version=version).select_related("row__version")
    for indicator in found.order_by("row__position", "position"):
        for aspect in (Aspect.TARGET, Aspect.BASELINE):
            measure = invented.plan_measures.get((indicator.uuid, aspect.value))
            if measure is not None:
                yield indicator, aspect, Given(measure=measure)


def waive(setting: Setting, deadline: Deadline) -> None:
    """Nothing is required."""
    at = moment(setting.dates.rounds[-1].opens_on + 2 * _DAY, 14)
    deadlines.waive(deadline, reason=words.WAIVED, by=setting.officer_acting, at=at)


def send_back(setting: Setting, deadline: Deadline, filing: Filing, when: When, number: int) -> None:
    """Return a report that is being read, with a comment at its first row and one on the whole."""
    row = when.invented.rows(number)[0].row
    reviewing.send_back(
        deadline,
        filing=filing,
        remarks=[
            Remark(body=words.RETURNED, anchor=str(row)),
            Remark(body="確認のうえ、もう一度ご提出ください。"),
        ],
        due_on=setting.dates.last_due_on + 30 * _DAY,
        by=setting.officer_acting,
        at=when.decided(number),
    )


def deadlines_of(grant_ids: list[int]) -> Any:
    """Deadlines with all that handing in asks for."""
    related = Deadline.objects.select_related("grant__programme__distributor", "round", "organization")
    return related.filter(grant__in=grant_ids).order_by("grant_id", "round__number")


def _rounds(dates: Dates) -> Iterator[RoundFacts]:
    edition, version = EDITION
    for one in dates.rounds:
        yield RoundFacts(
            kind=one.kind,
            title=one.title,
            period_starts_on=one.starts_on,
            period_ends_on=one.ends_on,
            opens_on=one.opens_on,
            due_on=dates.due_on(one.number),
            edition=edition,
            edition_version=version,
            closes_on=None,
        )
