"""Lets something happen that people are told of: three more reports, whose dates change one after the other.

Runs in a process of its own on the installation's servers, and prints the events that notices are written for.
"""

import json
from datetime import date, timedelta


def happen() -> list[int]:
    """The events, each of which concerns the organization's approver."""
    from django.utils import timezone

    from minori.audit.models import Event
    from minori.audit.trail import MINORI
    from minori.organizations.models import Organization
    from minori.programmes import deadlines
    from minori.programmes.models import Programme
    from tests.factories import programmes

    at = timezone.now()
    programme = Programme.objects.get(code="ibasho")
    grant = programmes.grant(
        of=programme,
        organization=Organization.objects.get(slug="hikari"),
        code=f"news-{programme.grants.count()}",  # the factory counts anew in every process
    )
    reports = []
    for number in range(3):
        round_ = programmes.round_(of=programme, opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14))
        reports.append(programmes.deadline(of=grant, round=round_))
        deadlines.close_on(
            reports[-1],
            closes_on=date(2099, 11, 1) + timedelta(days=number),
            reason="決算",
            by=MINORI,
            at=at + timedelta(seconds=number),
        )
    found = Event.objects.filter(deadline_id__in=[one.pk for one in reports])
    return list(found.order_by("pk").values_list("pk", flat=True))


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(happen()))
