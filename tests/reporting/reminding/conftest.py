"""An officer at a desk, and reports a week overdue there and at another distributor."""

from datetime import datetime
from typing import Any

import pytest

from minori.mail import reminders
from minori.programmes.models import Deadline
from tests.factories import people, programmes
from tests.reporting.setup.conftest import (  # noqa: F401 - fixtures
    desk,
    distributor,
    grant,
    officer,
    programme,
    reader,
    theirs,
)

WEEK_LATE = datetime.fromisoformat("2026-10-21T09:00:00+09:00")


@pytest.fixture
def overdue(grant: Any, hikari: Any) -> Deadline:  # noqa: F811
    """Hikari's report a week after its due date, with one person to be reminded."""
    people.member(hikari, name="田中 恵", email="tanaka@hikari.example")
    return programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))


@pytest.fixture
def their_overdue(theirs: Any, kibou: Any) -> Deadline:  # noqa: F811
    """Kibou's, of another distributor."""
    people.member(kibou, name="別団体 太郎", email="taro@kibou.example")
    return programmes.deadline(of=theirs, round=programmes.round_(of=theirs.programme))


@pytest.fixture
def swept(overdue: Deadline, their_overdue: Deadline) -> datetime:
    """The sweep has asked both officers."""
    reminders.sweep(at=WEEK_LATE)
    return WEEK_LATE
