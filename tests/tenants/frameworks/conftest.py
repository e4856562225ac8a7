"""A grant of Hikari with somebody who writes, and Kibou's with the same keys inside its room."""

from datetime import UTC, datetime

import pytest

from minori.accounts.enums import Role
from minori.audit.trail import Actor
from minori.tenancy.rooms import entering
from tenants.frameworks import drafts
from tests.factories import people, programmes, registry

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
KIBOU = Actor(person_id=None, name="きぼうの人")


@pytest.fixture
def grant(hikari):
    return programmes.grant(organization=hikari, code="hikari-1")


@pytest.fixture
def theirs(kibou, grant):
    """Kibou's grant in the same programme, with a draft of the same identities."""
    other = programmes.grant(organization=kibou, of=grant.programme, code="kibou-1")
    with entering(kibou):
        drafts.change(
            other,
            lambda _draft: registry.framework([{"code": "01", "statement": "きぼうの秘密"}]),
            by=KIBOU,
            at=AT,
        )
    return other


@pytest.fixture
def editor(client, hikari, grant, theirs):
    """Signed in as an editor of Hikari."""
    return people.sign_in(client, people.member(hikari, Role.EDITOR))
