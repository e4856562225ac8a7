"""Whom to ask: the officers of a grant, as the footer of an organization's pages shows them."""

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


def of_organizations(organization_ids: list[int]) -> HelpContact | None:
    """The officers of the newest grant of these organizations; None without one. One query."""
    newest = (
        Grant.objects.filter(organization__in=organization_ids)
        .select_related("programme__distributor", "lead_officer", "deputy_officer")
        .order_by("-starts_on", "-pk")
        .first()
    )
    return None if newest is None else of_grant(newest)
