"""Mail services: what they answer, and their events, through the very views that take them from outside."""

import base64
import json
import os
import subprocess
import sys
from datetime import UTC, date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from anymail.message import AnymailStatus
from anymail.signals import tracking
from django.core.mail import EmailMultiAlternatives
from django.test import Client, override_settings
from django.urls import path
from requests.exceptions import ConnectTimeout, ReadTimeout

from minori.mail import reminders, returned, sending, services, urls
from minori.mail.enums import Fault, Kind, MessageState, Outcome
from minori.mail.models import FlaggedAddress, Message, ReturnedMail
from minori.mail.returned import Returned
from minori.mail.smtp import Answer, Delivery, Line
from tests.factories import people, programmes
from tests.minori.mail.conftest import NINE

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "minori:a-long-secret"
urlpatterns = [*urls.events("postmark", secret=SECRET), path("other/", lambda _request: None)]
handler400 = "minori.ui.errors.bad_request"


@pytest.fixture
def service():
    """Postmark as it would call us."""
    tracking.connect(services.hear, dispatch_uid="test")
    anymail = {"WEBHOOK_SECRET": SECRET, "POSTMARK_SERVER_TOKEN": "x", "IGNORE_UNSUPPORTED_FEATURES": True}
    with override_settings(ROOT_URLCONF=__name__, ANYMAIL=anymail):
        yield Client()
    tracking.disconnect(dispatch_uid="test")


def tell(client: Client, secret: str = SECRET, **facts: Any) -> int:
    """One event as Postmark posts it."""
    event = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "ID": 42,
        "MessageID": "service-1",
        "Email": "gone@hikari.example",
        "BouncedAt": NINE.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 no such user",
    }
    authorization = "Basic " + base64.b64encode(secret.encode()).decode()
    answer = client.post(
        "/mail/events/",
        json.dumps(event | facts),
        content_type="application/json",
        headers={"authorization": authorization},
    )
    return answer.status_code


def sent(organization, **facts: Any) -> Message:
    """A reminder that the service took."""
    round_ = programmes.round_(opens_on=date(2026, 9, 24))
    programmes.deadline(of=programmes.grant(organization=organization, of=round_.programme), round=round_)
    people.member(organization, email="gone@hikari.example")
    reminders.sweep(at=NINE)
    message = sending.claim(at=NINE)
    assert message is not None
    answer = Answer(Delivery.ACCEPTED, "", service_id="service-1")
    if facts.get("mark", True):
        assert sending.mark(message, answer, at=NINE)
    return message


def test_a_hard_bounce_is_noted_at_the_mail_the_ledger_and_the_address_and_the_second_time_nothing_happens(
    service, hikari
):
    message = sent(hikari)
    for _time in range(2):
        assert tell(service) == 200
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.BOUNCED, "smtp;550 5.1.1 no such user")
    assert message.sent_at == NINE
    assert message.reminders.get().outcome == Outcome.BOUNCED
    flag = FlaggedAddress.objects.get()
    assert (flag.address, flag.why, flag.message) == ("gone@hikari.example", Fault.BOUNCED, message)
    assert ReturnedMail.objects.count() == 1
    assert Message.objects.filter(kind=Kind.NOTICE, key__startswith="flagged:").count() == 1


def test_a_bounce_that_comes_before_the_sender_has_noted_that_the_mail_is_gone_is_not_lost(service, hikari):
    message = sent(hikari, mark=False)
    assert tell(service, MessageID="unknown-yet", Metadata={services.OUR_NUMBER: str(message.pk)}) == 200
    message.refresh_from_db()
    assert message.state == MessageState.CLAIMED
    assert sending.mark(message, Answer(Delivery.ACCEPTED, "", service_id="service-1"), at=NINE)
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.BOUNCED, "smtp;550 5.1.1 no such user")
    assert message.reminders.get().outcome == Outcome.BOUNCED


def test_news_of_a_delivery_before_or_after_change_nothing(service, hikari):
    message = sent(hikari)
    delivered = {
        "RecordType": "Delivery",
        "Recipient": "gone@hikari.example",
        "DeliveredAt": "2026-09-30T00:00:00Z",
    }
    assert tell(service, **delivered) == 200
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    tell(service)
    assert tell(service, **delivered) == 200
    message.refresh_from_db()
    assert message.state == MessageState.BOUNCED


def test_a_passing_fault_says_that_the_mail_came_back_and_leaves_the_address(service, hikari):
    message = sent(hikari)
    assert tell(service, Type="VirusNotification", TypeCode=100_000) == 200
    message.refresh_from_db()
    assert message.state == MessageState.BOUNCED
    assert not FlaggedAddress.objects.exists()


def test_a_complaint_flags_the_address_and_the_mail_has_arrived(service, hikari):
    message = sent(hikari)
    assert tell(service, RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512) == 200
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert FlaggedAddress.objects.get().why == Fault.COMPLAINT


@pytest.mark.parametrize(
    "facts",
    [
        {"MessageID": "never-seen", "Email": "stranger@example.org"},
        {"MessageID": "", "Email": "stranger@example.org"},
        {"MessageID": "service-1", "Email": "stranger@example.org"},  # a mail of ours, to somebody else
        {"Metadata": {services.OUR_NUMBER: "99999999999999999999999"}, "Email": "stranger@example.org"},
        {"Metadata": {services.OUR_NUMBER: "-1; DROP"}, "Email": "stranger@example.org"},
        {"RecordType": "Open", "Recipient": "gone@hikari.example", "ReceivedAt": "2026-09-30T00:00:00Z"},
    ],
)
def test_events_of_mails_that_nobody_knows_do_no_harm(service, hikari, facts):
    message = sent(hikari)
    assert tell(service, **facts) == 200
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert not FlaggedAddress.objects.exists()


@pytest.mark.parametrize("secret", ["", "minori:wrong", "minori", "a:b"])
def test_without_the_secret_nothing_is_taken(service, hikari, secret):
    sent(hikari)
    assert tell(service, secret=secret) == 400
    assert not ReturnedMail.objects.exists()


def test_the_address_for_events_is_there_only_with_a_service_and_a_secret():
    assert urls.events("", secret=SECRET) == []
    assert urls.events("postmark", secret="") == []
    for name in ("postmark", "mailgun", "sendgrid", "amazon_ses", "brevo", "mailjet", "sparkpost", "resend"):
        assert [str(one.pattern) for one in urls.events(name, secret=SECRET)] == ["mail/events/"]
    assert Client().post("/mail/events/").status_code == 404


def test_settings_name_the_service_and_refuse_one_that_is_none():
    ask = (
        "import django; django.setup(); from django.conf import settings;"
        "print(settings.EMAIL_BACKEND, settings.ANYMAIL['POSTMARK_SERVER_TOKEN'], 'anymail' in settings.INSTALLED_APPS)"
    )
    given = {"DJANGO_SETTINGS_MODULE": "minori.settings", "MINORI_ANYMAIL_POSTMARK_SERVER_TOKEN": "t"}
    answers = [
        subprocess.run(
            [sys.executable, "-c", ask],
            env=os.environ | given | {"MINORI_MAIL_SERVICE": name},
            capture_output=True,
            text=True,
            check=False,
        )
        for name in ("postmark", "pigeon")
    ]
    assert answers[0].stdout.split() == ["anymail.backends.postmark.EmailBackend", "t", "True"]
    assert "MINORI_MAIL_SERVICE names “pigeon”" in answers[1].stderr


class Backend:
    """A service's backend that answers as told."""

    def __init__(self, error: Exception | None = None, status: str = "", message_id: str = "") -> None:
        self.error, self.status, self.message_id = error, status, message_id

    def send_messages(self, mails: list[EmailMultiAlternatives]) -> None:
        state = AnymailStatus()
        state.status, state.message_id = {self.status} if self.status else None, self.message_id
        mails[0].anymail_status = state
        if self.error:
            raise self.error


def answered(status: int) -> AnymailRequestsAPIError:
    response = SimpleNamespace(status_code=status, reason="no", json=dict, text="")
    error = AnymailRequestsAPIError("no")
    error.status_code, error.response = status, response
    return error


@pytest.mark.parametrize(
    ("backend", "delivery", "faulty"),
    [
        (Backend(status="queued", message_id="abc"), Delivery.ACCEPTED, False),
        (Backend(status="rejected"), Delivery.REFUSED, True),
        (Backend(AnymailRecipientsRefused()), Delivery.REFUSED, True),
        (Backend(answered(429)), Delivery.LATER, False),
        (Backend(answered(401)), Delivery.LATER, False),
        (Backend(answered(500)), Delivery.UNKNOWN, False),
        (Backend(ConnectTimeout("no way")), Delivery.LATER, False),
        (Backend(ReadTimeout("no answer")), Delivery.UNKNOWN, False),
        (Backend(RuntimeError("?")), Delivery.UNKNOWN, False),
    ],
)
def test_what_a_service_answers_is_told_apart(backend, delivery, faulty):
    mail = EmailMultiAlternatives("s", "b", "from@example.org", ["gone@hikari.example"])
    services.number(mail, 7)
    answer = Line(backend).send(mail)
    assert (answer.delivery, answer.faulty, answer.service_id) == (delivery, faulty, backend.message_id)
    assert mail.metadata == {services.OUR_NUMBER: "7"}


def test_a_refusal_by_the_service_flags_the_address(hikari):
    message = sent(hikari, mark=False)
    assert sending.mark(message, Answer(Delivery.REFUSED, "rejected", faulty=True), at=NINE)
    assert FlaggedAddress.objects.get().address == "gone@hikari.example"
    message.refresh_from_db()
    assert message.state == MessageState.FAILED


def test_services_that_give_events_no_name_tell_the_same_twice():
    people.person(email="gone@hikari.example")
    one = Returned(kind=Fault.BOUNCED, address="Gone@hikari.example", happened_at=NINE, service_id="x")
    assert returned.take(one, at=NINE)
    assert not returned.take(one, at=NINE + timedelta(days=1))
    other = Returned(kind=Fault.BOUNCED, address="gone@hikari.example", happened_at=NINE, service_id="y")
    assert returned.take(other, at=NINE)
