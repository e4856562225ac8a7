"""Fills a migrated installation with one organization, two reports ready to be handed in, and two people signed in.

Runs in a process of its own on that installation's servers, and prints what the tests need to know.
"""

import json
from datetime import date, timedelta
from typing import Any

APPROVED = {"approved_by": "施設長", "manner": "printed", "approved_on": "2026-10-08"}


def fill() -> dict[str, Any]:
    """Make it all through the rules; ids, addresses and session keys by name."""
    from django.test import Client
    from django.utils import timezone

    from minori.accounts.enums import Role
    from minori.audit.trail import MINORI
    from minori.mail.models import Sweep
    from minori.organizations import provisioning
    from reporting.summaries import compiling
    from tests.factories import people, programmes
    from tests.tenants.reports.conftest import open_deadline
    from tests.tenants.reports.test_handing_in import fill as write
    from workers.tasks import nightly

    at = timezone.now()
    hikari = provisioning.register(slug="hikari", name="特定非営利活動法人 ひかり", by=MINORI, at=at)
    provisioning.provision(hikari.pk, at=at)
    hikari.refresh_from_db()
    programme = programmes.programme(code="ibasho")
    round_ = programmes.round_(of=programme, opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14))
    deadlines = [
        open_deadline(hikari, of=programmes.grant(of=programme, organization=hikari), round=round_)
        for _ in range(2)
    ]
    for deadline in deadlines:
        write(deadline)
    compiling.compile_round(round_.pk, at=at)
    for name in nightly.STEPS:  # the night's work reads every figure, and these tests hold them for a while
        Sweep.objects.create(name=name, began_at=at + timedelta(days=1), ended_at=at, succeeded_at=at)

    def session(person: Any) -> str:
        client = Client()
        client.force_login(person.user)
        return client.cookies["sessionid"].value

    return {
        "programme": programme.pk,
        "round": round_.pk,
        "reports": [f"/o/hikari/reports/{deadline.pk}/check/" for deadline in deadlines],
        "approver": session(people.member(hikari, Role.APPROVER, name="承認 太郎")),
        "officer": session(people.officer(programme.distributor)),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(fill()))
