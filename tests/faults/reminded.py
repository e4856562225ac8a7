"""Lets reminders become due now: a new organization with so many people to write to, and three reports in its room.

Runs in a process of its own on the installation's servers (`python -m tests.faults.reminded NAME PEOPLE`), and prints the
people's keys.
"""

import json
import sys
from datetime import datetime, timedelta

NOON = 12


def begin(name: str, number: int) -> list[int]:
    """The people, each of whom is to have one mail about three reports."""
    from django.utils import timezone

    from minori.audit.trail import MINORI
    from minori.organizations import provisioning
    from tests.factories import people, programmes

    at = timezone.now()
    house = provisioning.register(slug=name, name=f"特定非営利活動法人 {name}", by=MINORI, at=at)
    provisioning.provision(house.pk, at=at)
    house.refresh_from_db()
    distributor = programmes.distributor(slug=f"of-{name}", time_zone=where_it_is_noon(at))
    today = distributor.local_date(at)
    works = programmes.holidays(distributor, {}, weekend="fri" if today.weekday() != FRIDAY else "sat")
    programme = programmes.programme(of=distributor, code=f"of-{name}", holidays=works)
    for report in range(3):
        round_ = programmes.round_(
            of=programme, opens_on=today - timedelta(days=30), due_on=today + timedelta(days=1 + report)
        )
        grant = programmes.grant(of=programme, organization=house, code=f"{name}-{report}")
        programmes.deadline(of=grant, round=round_)
    return [
        people.member(house, name=f"担当 {one}", email=f"{name}-{one}@minori.example").pk
        for one in range(number)
    ]


FRIDAY = 4


def where_it_is_noon(at: datetime) -> str:
    """A time zone in which it is about noon: mails go out there for hours to come."""
    ahead = NOON - at.hour
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"  # its names count the other way round


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(begin(sys.argv[1], int(sys.argv[2]))))
