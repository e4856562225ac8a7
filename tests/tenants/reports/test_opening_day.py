"""The day a report opens is the distributor's own, whatever day it is in UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from minori.tenancy.rooms import entering
from tenants.writing import NotOpen, hold_open
from tests.factories import programmes

pytestmark = pytest.mark.django_db
OPENS = date(2026, 10, 1)
FIRST_MOMENT = {
    "Asia/Tokyo": datetime(2026, 9, 30, 15, tzinfo=UTC),
    "UTC": datetime(2026, 10, 1, tzinfo=UTC),
    "Etc/GMT+12": datetime(2026, 10, 1, 12, tzinfo=UTC),
    "Pacific/Kiritimati": datetime(2026, 9, 30, 10, tzinfo=UTC),
}


@pytest.mark.parametrize("zone", FIRST_MOMENT)
def test_a_report_opens_at_midnight_of_the_distributor(hikari, zone):
    deadline = programmes.deadline(organization=hikari)
    deadline.round.opens_on = OPENS
    deadline.round.save(update_fields=["opens_on"])
    distributor = deadline.round.programme.distributor
    distributor.time_zone = zone
    distributor.save(update_fields=["time_zone"])
    first = FIRST_MOMENT[zone]
    with entering(hikari):
        assert "everything" in hold_open(deadline.pk, at=first)
        with pytest.raises(NotOpen):
            hold_open(deadline.pk, at=first - timedelta(seconds=1))
