"""A desk with a report on it, for the tests of the review pages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from minori.accounts.enums import StaffRole
from minori.accounts.models import Person
from minori.accounts.requests import actor
from minori.filings import reviewing
from minori.filings.models import Filing
from minori.filings.reviewing import Remark
from minori.organizations.models import Organization
from minori.programmes.models import Deadline, Distributor, Programme, Round
from tests.factories import filings, people, programmes

AT = filings.AT


@dataclass
class Desk:
    """A distributor with its officer, a programme and a round."""

    distributor: Distributor
    officer: Person
    programme: Programme
    round: Round

    def deadline(self, organization: Organization, **fields: Any) -> Deadline:
        """A deadline of a new grant of the organization, led by the officer."""
        grant = programmes.grant(
            of=self.programme, organization=organization, **({"lead_officer": self.officer} | fields)
        )
        return programmes.deadline(of=grant, round=self.round)

    def colleague(self, role: StaffRole = StaffRole.OFFICER) -> Person:
        """Somebody else of the same distributor."""
        return people.officer(self.distributor, role, name="大野 健")


def desk() -> Desk:
    """A distributor's desk."""
    distributor = programmes.distributor()
    programme = programmes.programme(of=distributor)
    return Desk(distributor, people.officer(distributor), programme, programmes.round_(of=programme))


def begun(deadline: Deadline, by: Person) -> Deadline:
    """The deadline once the officer has begun to read."""
    reviewing.begin_reading(deadline, by=actor(by), at=AT)
    deadline.refresh_from_db()
    return deadline


def sent_back(deadline: Deadline, by: Person, *remarks: Remark) -> Deadline:
    """The deadline once the current revision has been sent back."""
    filing = deadline.current_filing
    assert filing is not None
    asked = remarks or (Remark("時期を書き足してください。", anchor="activities"),)
    if all(one.anchor for one in asked):
        asked = (*asked, Remark("コメントのところを直してください。"))
    reviewing.send_back(
        deadline,
        filing=filing,
        remarks=asked,
        everything=True,
        due_on=date(2026, 10, 20),
        by=actor(by),
        at=AT,
    )
    deadline.refresh_from_db()
    return deadline


def signed_in(person: Person) -> Client:
    """A browser of the person."""
    return people.sign_in(Client(), person)


def url(deadline: Deadline, tail: str = "") -> str:
    """The address of a report's page."""
    return f"/desk/review/{deadline.pk}/{tail}"


def posted(filing: Filing, decide: str, **more: Any) -> dict[str, Any]:
    """What the decision form posts."""
    return {
        "filing": filing.pk,
        "decide": decide,
        "due_on": "2099-10-20",
        "comment-whole": "",
        "words": "コメントのところを直して、もう一度ご提出ください。",
        **more,
    }
