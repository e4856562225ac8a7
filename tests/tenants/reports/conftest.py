"""A grant with a small plan and a report that is open, in one organization; the same keys in the other."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from minori.accounts.enums import Role
from minori.audit.trail import Actor
from tests.factories import people, programmes, registry

AT = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)
BY = Actor(person_id=None, name="佐藤 和子")


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def deadline(hikari: Any) -> Any:
    """A report of ひかり, open for years to come, that answers to a small registered plan."""
    return open_deadline(hikari)


@pytest.fixture
def theirs(kibou: Any) -> Any:
    """A report of きぼう just like it: what must not leak."""
    return open_deadline(kibou)


@pytest.fixture
def editor(hikari: Any, client: Client) -> Any:
    """Somebody of ひかり who fills in reports, signed in with `client`."""
    who = people.member(hikari, Role.EDITOR, name="編集 花子")
    people.sign_in(client, who)
    return who


@pytest.fixture
def approver(hikari: Any, client: Client) -> Any:
    """Somebody of ひかり who hands in, signed in with `client`."""
    who = people.member(hikari, Role.APPROVER, name="承認 太郎")
    people.sign_in(client, who)
    return who


def open_deadline(organization: Any, **fields: Any) -> Any:
    """A report that opened long ago and is due in 2099, with a registered plan."""
    grant = fields.pop("of", None) or programmes.grant(organization=organization)
    round_ = fields.pop("round", None) or programmes.round_(
        of=grant.programme, opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14)
    )
    if not grant.framework_versions.exists():
        registry.registered(grant)
    return programmes.deadline(of=grant, round=round_, **fields)
