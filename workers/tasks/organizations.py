"""Making the rooms of organizations: the one task that takes the owner's login."""

from datetime import datetime

from django.utils import timezone

from minori.jobs import Job
from minori.organizations import provisioning
from workers.app import app


@app.task(name=Job.PROVISION)
def provision_organization(organization_id: int) -> bool:
    """Make the room of an organization, unless it is there."""
    return provisioning.provision(organization_id, at=timezone.now())


def provision_waiting(at: datetime) -> int:
    """Make the rooms that are still waited for; how many. What a killed worker left is found here."""
    return sum(provisioning.provision(pk, at=at) for pk in provisioning.waiting())
