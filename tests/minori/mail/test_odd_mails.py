"""One mail that cannot be written or has odd letters fails, or goes out, by itself: those behind it are sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.mail import outbox, sending
from minori.mail.enums import Kind, MessageState
from minori.mail.letters import Letter
from minori.mail.models import FlaggedAddress, Message
from tests.factories import people

pytestmark = pytest.mark.django_db


def sent(subject: str = "件名", address: str = "a@example.jp") -> tuple[Message, Message]:
    """What became of an odd mail and of the one behind it."""
    odd, other = people.person(email=address), people.person(email="b@example.jp")
    posts = [
        outbox.Post("event:1", odd, Letter(subject, "本文\n", "")),
        outbox.Post("event:2", other, Letter("次", "本文\n", "")),
    ]
    outbox.put(posts, kind=Kind.NOTICE, at=timezone.now() - timedelta(seconds=1))
    sending.send_waiting(clock=timezone.now)
    first, second = Message.objects.order_by("pk")
    return first, second


@pytest.mark.parametrize("address", ["a@" + "あ" * 70 + ".jp", "a@例え..jp"])
def test_an_address_that_no_server_can_have_is_refused_and_flagged(address: str, sink: Any) -> None:
    odd, other = sent(address=address)
    assert (odd.state, other.state) == (MessageState.FAILED, MessageState.SENT)
    assert odd.last_error
    assert FlaggedAddress.objects.filter(address=address.lower(), cleared_at=None).exists()


@pytest.mark.parametrize(
    "address",
    ["田中@example.jp", "tanaka@例え.jp", "😀@example.jp", "a@-bad-.jp", "a" * 64 + "@" + "b" * 60 + ".jp"],
)
def test_odd_addresses_hold_up_nobody(address: str, sink: Any) -> None:
    assert sent(address=address)[1].state == MessageState.SENT


@pytest.mark.parametrize(
    "subject",
    ["a\nBcc: x@y.z", "a\rb", "a\x0bb\x0cc", "a\x85b", "\u202e逆さ\u2028行", "😀" * 150, "\x01\x7f"],
)
def test_a_subject_is_one_line_and_adds_no_header(subject: str, sink: Any) -> None:
    odd, other = sent(subject=subject)
    assert (odd.state, other.state) == (MessageState.SENT, MessageState.SENT)
    assert sorted(mail.recipients for mail in sink.mails) == [("a@example.jp",), ("b@example.jp",)]
    for mail in sink.mails:
        assert "bcc" not in {name.lower() for name, _value in mail.headers}
        assert "\n" not in mail.subject
