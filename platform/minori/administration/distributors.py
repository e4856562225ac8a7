"""Distributors as the administration makes them."""

from datetime import datetime

from django.db import transaction

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.programmes.models import Distributor


def create(
    *,
    name: str,
    slug: str,
    by: Actor,
    at: datetime,
    name_kana: str = "",
    time_zone: str = "Asia/Tokyo",
    funder_name: str = "",
) -> Distributor:
    """Write down a new distributor; its first manager is invited next. Raises IntegrityError where the slug is taken."""
    with transaction.atomic():
        distributor = Distributor.objects.create(
            name=name, name_kana=name_kana, slug=slug, time_zone=time_zone, funder_name=funder_name
        )
        record(
            Action.DISTRIBUTOR_CREATED, by=by, at=at, distributor_id=distributor.pk, details={"slug": slug}
        )
    return distributor
