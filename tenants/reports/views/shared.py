"""What several pages of reports need: addresses, the person to ask, who may write."""

from dataclasses import dataclass

from django.urls import reverse

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.requests import RoomRequest
from minori.programmes import contacts
from minori.programmes.contacts import HelpContact
from minori.programmes.models import Deadline
from tenants.reports.queries import Stand
from tenants.reports.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of an error summary: the sentence, its place in words and its address."""

    href: str
    text: str
    where: str


def help_contact(deadline: Deadline) -> HelpContact:
    """The officers of a report's grant."""
    return contacts.of_grant(deadline.grant)


def address(request: RoomRequest, name: str, **kwargs: object) -> str:
    """The address of a page of this organization's reports."""
    return reverse(f"reports:{name}", kwargs={"organization": request.organization.slug, **kwargs})


def may_write(request: RoomRequest, stand: Stand) -> bool:
    """Whether this person may write this report now."""
    return stand.may_write and bool(request.roles & WRITING_ROLES)


def problem(request: RoomRequest, deadline: Deadline, said: Sentence) -> Problem:
    """A sentence with the address of the control where it is mended; the page there shows what is wrong."""
    href = address(request, "section", deadline=deadline.pk, section=said.section)
    return Problem(href=f"{href}?check=1#{said.control}", text=said.text, where=said.where)
