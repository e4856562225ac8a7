"""A report's change boxes and the change requests they are about. Said by the organization; stands in nobody's way."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from minori.audit.trail import Actor
from minori.programmes.models import Deadline
from minori.registry.change_models import ChangeLink, ChangeRequest


def link(request: ChangeRequest, deadline: Deadline, *, by: Actor, at: datetime) -> None:
    """Say that the change boxes of a report are about a request of its grant; said twice it is said once."""
    try:
        with transaction.atomic():
            ChangeLink.objects.create(
                request=request,
                deadline=deadline,
                organization_id=deadline.organization_id,
                linked_at=at,
                linked_by_name=by.name,
            )
    except IntegrityError:
        if not ChangeLink.objects.filter(request=request, deadline=deadline, removed_at=None).exists():
            raise


def unlink(request: ChangeRequest, deadline: Deadline, *, by: Actor, at: datetime) -> None:
    """Say that they are not."""
    ChangeLink.objects.filter(request=request, deadline=deadline, removed_at=None).update(
        removed_at=at, removed_by_name=by.name
    )


def requests_of(deadline: Deadline) -> list[ChangeRequest]:
    """The requests that a report is about, in their order."""
    links = ChangeLink.objects.filter(deadline=deadline, removed_at=None)
    return [one.request for one in links.select_related("request__version").order_by("request__number")]


def others_of(deadline: Deadline, linked: Iterable[ChangeRequest]) -> list[ChangeRequest]:
    """The further requests of its grant, the newest first."""
    found = ChangeRequest.objects.filter(grant_id=deadline.grant_id).exclude(
        pk__in=[one.pk for one in linked]
    )
    return list(found.order_by("-number"))
