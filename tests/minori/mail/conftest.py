"""A deadline in fourteen days, people to remind of it, and a real mail server."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from minori.local import mailbox
from minori.local.mailbox import Mail
from minori.programmes.models import Deadline
from tests.factories import people, programmes

NINE = datetime.fromisoformat("2026-09-30T09:00:00+09:00")
"""A Wednesday, fourteen days before Wednesday 14 October 2026; the report has been open since the 24th."""


@pytest.fixture
def fortnight(hikari: Any) -> Deadline:
    """hikari's report, open since 24 September, due on 14 October."""
    from datetime import date

    round_ = programmes.round_(opens_on=date(2026, 9, 24))
    grant = programmes.grant(organization=hikari, of=round_.programme)
    return programmes.deadline(of=grant, round=round_)


@pytest.fixture
def writer(hikari: Any) -> Any:
    """hikari's editor."""
    return people.member(hikari, "editor", name="田中 恵", email="tanaka@hikari.example")


class Sink:
    """The mailbox of a real mail server of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def mails(self) -> list[Mail]:
        return list(reversed(mailbox.list_mails(self.folder, limit=5000)))

    @property
    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mails]


@pytest.fixture
def sink(tmp_path: Path, settings: Any) -> Iterator[Sink]:
    """A mail server that Django's settings point at."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_PER_SECOND = 1000
    with mailbox.receiving(tmp_path / "mailbox") as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield Sink(tmp_path / "mailbox")
