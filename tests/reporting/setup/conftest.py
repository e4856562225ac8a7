"""A distributor with an officer signed in, its programme, Hikari's grant in it; another distributor beside it."""

import pytest

from minori.accounts.enums import StaffRole
from tests.factories import people, programmes


@pytest.fixture
def distributor(db):
    return programmes.distributor()


@pytest.fixture
def programme(distributor):
    return programmes.programme(of=distributor, code="ours")


@pytest.fixture
def officer(client, distributor):
    """Signed in as an officer of the distributor."""
    return people.officer(distributor)


@pytest.fixture
def desk(client, officer):
    return people.sign_in(client, officer)


@pytest.fixture
def reader(client, distributor):
    """Signed in as somebody who only reads at the distributor."""
    return people.sign_in(client, people.officer(distributor, StaffRole.READER))


@pytest.fixture
def grant(programme, hikari, officer):
    return programmes.grant(organization=hikari, of=programme, code="hikari-1", lead_officer=officer)


@pytest.fixture
def theirs(kibou):
    """Kibou's grant in another distributor's programme."""
    return programmes.grant(organization=kibou, code="kibou-1")
