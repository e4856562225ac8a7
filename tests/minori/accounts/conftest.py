"""A real mail server that keeps what it is given, and one that is away."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from minori.local.mailbox import Mail, list_mails, receiving
from minori.mail import sending
from tests.minori.accounts.mailbox import Mails


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing is slow on purpose; here it is only in the way."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def mails(tmp_path: Path, settings: Any) -> Iterator[Mails]:
    """The mails that arrived at a real SMTP server, oldest first."""
    folder = tmp_path / "mails"
    server = receiving(folder)
    # in a thread of its own: a browser test has an event loop running in this one
    with ThreadPoolExecutor(max_workers=1) as thread:
        port = thread.submit(server.__enter__).result()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

        def arrived() -> list[Mail]:
            sending.send_waiting(clock=timezone.now)  # as the worker does, which is woken at once
            return list_mails(folder)[::-1]

        yield arrived
        thread.submit(server.__exit__, None, None, None).result()


@pytest.fixture
def no_mail_server(settings: Any) -> Iterator[None]:
    """Mail settings that name a port where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = bound.getsockname()
        yield
