"""Whom to ask: the officers of a grant, as the footer of every page in a room shows them."""

from dataclasses import dataclass

from minori.programmes.models import Grant


@dataclass(frozen=True, slots=True)
class HelpContact:
    """The officer to ask, with the deputy's name."""

    organization: str
    name: str
    deputy: str
    phone: str
    email: str
    hours: str = ""


def of_grant(grant: Grant) -> HelpContact:
    """The officers of a grant; reads its programme's distributor and both officers."""
    lead, deputy = grant.lead_officer, grant.deputy_officer
    return HelpContact(
        organization=grant.programme.distributor.name,
        name=lead.name,
        deputy=deputy.name if deputy else "",
        phone=lead.phone,
        email=lead.email,
    )
