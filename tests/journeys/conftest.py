"""A real browser, a real mail server, and somebody who looks at every page."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from minori.local.mailbox import list_mails, receiving
from tests.minori.accounts.mailbox import Mails


@pytest.fixture
def mails(tmp_path: Path, settings: Any) -> Iterator[Mails]:
    """The mails that arrived at a real SMTP server, oldest first."""
    folder = tmp_path / "mails"
    server = receiving(folder)
    # in a thread of its own: the browser's loop runs in this one
    with ThreadPoolExecutor(max_workers=1) as thread:
        port = thread.submit(server.__enter__).result()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.MAIL_PER_SECOND = 1000
        yield lambda: list_mails(folder)[::-1]
        thread.submit(server.__exit__, None, None, None).result()
