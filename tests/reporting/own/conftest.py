"""A programme of two organizations with plans and a round, the officer signed in; another distributor beside it."""

from datetime import date
from typing import Any

import pytest

from minori.accounts.enums import StaffRole
from tests.factories import own as own_plans
from tests.factories import people, programmes, registry


@pytest.fixture
def programme(db: None) -> Any:
    return programmes.programme(of=programmes.distributor(slug="ours"), code="ours")


@pytest.fixture
def officer(programme: Any) -> Any:
    return people.officer(programme.distributor)


@pytest.fixture
def desk(client: Any, officer: Any) -> Any:
    return people.sign_in(client, officer)


@pytest.fixture
def reader(client: Any, programme: Any) -> Any:
    return people.sign_in(client, people.officer(programme.distributor, StaffRole.READER))


@pytest.fixture
def round_(programme: Any) -> Any:
    return programmes.round_(of=programme, period_ends_on=date(2026, 9, 30))


@pytest.fixture
def grants(programme: Any, round_: Any, hikari: Any, kibou: Any) -> Any:
    """One grant of each organization, with a plan whose rows bear the same identities, and a report to be written."""
    found = []
    for organization in (hikari, kibou):
        grant = programmes.grant(of=programme, organization=organization, code=f"{organization.slug}-1")
        registry.registered(grant)
        grant.report = programmes.deadline(of=grant, round=round_)
        found.append(grant)
    return found


@pytest.fixture
def own(programme: Any) -> Any:
    return own_plans.begun(programme)
