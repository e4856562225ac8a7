"""The head of a report before it is handed in: from the register, the same for both sides."""

from minori.programmes.models import Deadline
from minori.report_forms.contents import Head, Signatory
from minori.report_forms.edition import Edition, Item, Kind


def head_of(deadline: Deadline, edition: Edition) -> Head:
    """The head; day, revision and signatory are filled in by the rule that hands in. Reads grant and programme."""
    grant = deadline.grant
    printed = {item.key for asked in edition.fields_of(Kind.HEAD) for item in asked.items}
    return Head(
        project_title=grant.title,
        distributor=grant.programme.distributor.name,
        organization=deadline.organization.name,
        round_title=deadline.round.title,
        handed_in_on=deadline.due_on,
        revision=1,
        handed_in_by=Signatory(id="", name=""),
        starts_on=grant.starts_on if Item.STARTS_ON in printed else None,
        ends_on=grant.ends_on if Item.ENDS_ON in printed else None,
    )
