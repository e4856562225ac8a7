"""`minori remind`: run twice for the same moment, it sends once."""

import argparse
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from minori.local import mailbox
from minori.mail.enums import MessageState
from minori.mail.models import Message
from tests.factories import people, programmes
from workers.commands import remind

pytestmark = pytest.mark.django_db(transaction=True)


def command(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    remind.add_arguments(parser)
    return remind.run(parser.parse_args(arguments))


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The mailbox of a real mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mailbox.receiving(tmp_path / "mailbox") as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield tmp_path / "mailbox"


@pytest.fixture
def _waited_for(hikari: Any) -> None:
    """A report due on 14 October 2026, open since 24 September, and one a year later."""
    grant = programmes.grant(organization=hikari)
    round_ = programmes.round_(of=grant.programme, opens_on=date(2026, 9, 24))
    programmes.deadline(of=grant, round=round_)
    later = programmes.round_(
        of=grant.programme,
        period_starts_on=date(2027, 4, 1),
        period_ends_on=date(2099, 9, 30),
        opens_on=date(2099, 10, 1),
        due_on=date(2099, 10, 16),
    )
    programmes.deadline(of=grant, round=later)
    people.member(hikari, email="tanaka@hikari.example")


@pytest.mark.usefixtures("_waited_for")
def test_run_twice_for_a_moment_it_sends_once(folder, capsys):
    assert command("--at", "2026-09-30T09:00") == 0
    assert "planned 1 mails about 1 reports" in capsys.readouterr().out
    assert command("--at", "2026-09-30T09:00") == 0
    assert "planned 0 mails" in capsys.readouterr().out
    assert [mail.subject for mail in mailbox.list_mails(folder)] == ["【あと14日】進捗報告書 10月14日締切"]


@pytest.mark.usefixtures("_waited_for")
def test_a_moment_to_come_can_be_tried_and_does_not_touch_other_claims(folder):
    claimed = people.person()
    Message.objects.create(
        key="somebody else's",
        kind="deadline",
        person=claimed,
        address=claimed.email,
        language="ja",
        subject="x",
        text="x",
        message_id="<x@y>",
        state=MessageState.CLAIMED,
        claimed_by="another sender",
        claimed_until=timezone.now() + timedelta(minutes=5),
        attempts=1,
        created_at=timezone.now(),
    )
    assert command("--at", "2099-10-01T09:00") == 0
    assert [mail.subject for mail in mailbox.list_mails(folder)] == ["【受付開始】進捗報告書 10月16日締切"]
    assert Message.objects.get(key="somebody else's").state == MessageState.CLAIMED


@pytest.mark.usefixtures("_waited_for")
def test_planning_alone_leaves_the_mail_in_the_outbox(folder):
    assert command("--at", "2026-09-30T09:00", "--no-send") == 0
    assert mailbox.list_mails(folder) == []
    assert Message.objects.get().state == MessageState.PENDING


@pytest.mark.usefixtures("_waited_for")
def test_a_mail_server_that_is_away_is_told_and_the_mail_waits(settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert command("--at", "2026-09-30T09:00") == 1
    assert "the mails wait in the outbox" in capsys.readouterr().out
    assert Message.objects.get().attempts == 0


def test_a_moment_that_is_none_is_refused_with_an_example(capsys):
    with pytest.raises(SystemExit):
        command("--at", "next tuesday")
    assert "2026-11-09T09:00" in capsys.readouterr().err
