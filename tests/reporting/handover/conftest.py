"""An officer with a led and a stood-in-for grant, colleagues, and an organization's people."""

from typing import Any

import pytest

from minori.accounts.enums import StaffRole
from minori.accounts.models import Person
from minori.programmes.models import Grant
from tests.factories import people, programmes
from tests.reporting.setup.conftest import distributor, programme  # noqa: F401 - fixtures


@pytest.fixture
def leaving(distributor: Any) -> Person:  # noqa: F811
    return people.officer(distributor, name="異動 一郎")


@pytest.fixture
def successor(distributor: Any) -> Person:  # noqa: F811
    return people.officer(distributor, name="後任 花子")


@pytest.fixture
def manager(distributor: Any) -> Person:  # noqa: F811
    return people.officer(distributor, StaffRole.MANAGER, name="責任 八子")


@pytest.fixture
def led(programme: Any, hikari: Any, leaving: Person, manager: Person) -> Grant:  # noqa: F811
    """Hikari's, with the manager as deputy; one person there hears mails."""
    people.member(hikari, name="田中 恵", email="tanaka@hikari.example")
    return programmes.grant(organization=hikari, of=programme, lead_officer=leaving, deputy_officer=manager)


@pytest.fixture
def stood_in(programme: Any, kibou: Any, leaving: Person, successor: Person) -> Grant:  # noqa: F811
    """Kibou's, led by the successor; the leaving one stands in."""
    return programmes.grant(organization=kibou, of=programme, lead_officer=successor, deputy_officer=leaving)


@pytest.fixture
def theirs(hikari: Any, leaving: Person) -> Grant:
    """Of another distributor, where the same person looks after Hikari too."""
    return programmes.grant(organization=hikari, lead_officer=leaving)
