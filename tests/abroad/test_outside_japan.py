"""A January-December programme with its own holidays, zone and form: nothing of Japan is left on any page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from minori.accounts.models import Person
from minori.audit.trail import Actor
from minori.filings import reviewing
from minori.mail import arrivals, contacts, copies, digests, inviting, notices, reminders, waiting
from minori.mail.models import Message
from minori.organizations.models import Organization
from minori.programmes import extensions
from minori.programmes.holiday_lists import works_in
from minori.programmes.models import Deadline, Round
from minori.tenancy.rooms import entering
from reporting.exports.enums import Kind
from reporting.handover import handing
from reporting.handover.enums import Part
from tests.abroad.world import Abroad
from tests.access.outcomes import outcome
from tests.access.table import ROUTES, Group
from tests.factories import people
from tests.factories.people import sign_in
from tests.minori.mail.steps import let_go
from tests.reporting.exports import rounds

JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]+")
JAPANESE_WORDS = re.compile(r"\b(Reiwa|JANPIA|Asia/Tokyo|Japan|fiscal years? (?:from|starting in) April)\b")
IN_DIGITS = re.compile(r"\b20\d\d/\d{1,2}/\d{1,2}\b")
OF_THE_SWITCH = "日本語"
UNSEEN = re.compile(
    r"<!--.*?-->|<(?:script|style)\b(?! type=\"application/json\")[^>]*>.*?</(?:script|style)>", re.DOTALL
)
WALKER: dict[Group, str] = {
    Group.PUBLIC: "editor",
    Group.PERSON: "editor",
    Group.ROOM: "editor",
    Group.ROOM_WRITING: "editor",
    Group.APPROVERS: "approver",
    Group.DESK: "officer",
    Group.STAFF: "officer",
    Group.MANAGERS: "manager",
}
NOT_WALKED = {
    "exports:file",  # its files are read below
    "exports:cancel",
    "set_language",
    "reminding:text",  # the mails in Japanese and in English stand side by side, each marked with its language
    "setup:labels",  # the short form leaves no label open: there is no such page
    "setup:example_plan",  # an example in the layout of Japan's official plan
    "setup:plan_template",  # its headings are those of that plan
}


@pytest.fixture(scope="module")
def abroad(django_db_setup: None, django_db_blocker: Any) -> Iterator[Abroad]:
    """One world for all: looking changes nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        ours, others = (Organization.objects.get(slug=slug) for slug in ("hikari", "kibou"))
        yield Abroad.make(ours, others)
        transaction.set_rollback(True)


def traces(text: str) -> list[str]:
    """What is Japanese in a text, each with a little of what stands around it."""
    text = text.replace(OF_THE_SWITCH, "")
    found = [*JAPANESE.finditer(text), *JAPANESE_WORDS.finditer(text), *IN_DIGITS.finditer(text)]
    return sorted({" ".join(text[max(0, one.start() - 50) : one.end() + 20].split()) for one in found})


def actor_of(who: Person) -> Actor:
    return Actor(person_id=who.pk, name=who.name)


def as_(role: str, world: Abroad) -> Client:
    if role not in world.clients:
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        world.clients[role] = sign_in(client, world.people[role])
    return world.clients[role]


def walked() -> list[str]:
    return sorted(name for name, route in ROUTES.items() if route.group in WALKER and name not in NOT_WALKED)


@pytest.mark.parametrize("name", walked())
def test_no_page_shows_a_trace_of_japan(name, abroad):
    route = ROUTES[name]
    path = reverse(name, kwargs={key: abroad.objects[value] for key, value in route.arguments.items()})
    answer = as_(WALKER[route.group], abroad).get(path)
    assert outcome(answer) in ("ok", "method"), path
    if outcome(answer) != "ok" or answer.status_code in (301, 302, 303):
        return
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert traces(words_of(data, answer.get("Content-Type", ""))) == []


def words_of(data: bytes, kind: str) -> str:
    """What a person reads of an answer: the words of a page, the cells of a workbook, the text of a paper."""
    if kind.startswith("application/pdf"):
        return text_of_pdf(data)
    if "spreadsheet" in kind or "wordprocessing" in kind:
        return text_of_office(data)
    if kind.startswith(("text/", "application/json", "image/svg")):
        return unescape(UNSEEN.sub("", data.decode()))
    return ""


def working_monday(deadline: Deadline, at: datetime) -> datetime:
    """Ten o'clock where the distributor is, on the next Monday on which mails go out there."""
    programme = deadline.grant.programme
    works, day = works_in(programme), programme.distributor.local_date(at) + timedelta(days=1)
    while day.weekday() != 0 or not works(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(10), programme.distributor.zone)


def text_of_office(data: bytes) -> str:
    """All that an Office file says, from its parts in XML."""
    with ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(part).decode() for part in archive.namelist() if part.endswith(".xml")]
    return unescape("\n".join(re.sub(r"<[^>]*>", "\n", part) for part in parts))


def text_of_pdf(data: bytes) -> str:
    """The words on every page of a paper."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_export_holds_a_trace_of_japan(kind, abroad, tmp_path):
    round_ = Round.objects.get(programme__code="places-2026", number=1)
    path = rounds.written(round_, kind, tmp_path, language="en")
    said = {Kind.PDF: text_of_pdf, Kind.DOCX: text_of_office, Kind.XLSX: text_of_office}
    data = path.read_bytes()
    assert traces(said[kind](data) if kind in said else data.decode("utf-8-sig")) == []


@pytest.mark.django_db
def test_no_mail_holds_a_trace_of_japan(hikari, kibou):
    world = Abroad.make(hikari, kibou)
    officer = actor_of(world.people["officer"])
    deadline = Deadline.objects.get(pk=world.objects["deadline"])
    further = Deadline.objects.get(pk=world.objects["open_deadline"])
    for step in range(4):  # opening, before, on and after the day
        reminders.sweep(at=datetime(2026, 10, 1, 8, 0, tzinfo=UTC) + timedelta(days=(0, 6, 13, 20)[step]))
    now = timezone.now()
    in_a_month = further.grant.programme.distributor.local_date(now) + timedelta(days=30)
    speaking = people.speaking(hikari, "Ed Editor")
    with entering(hikari):
        until = in_a_month - timedelta(days=10)
        request = extensions.ask(further, until=until, reason="We moved house.", by=speaking, at=now)
    extensions.grant(request, to=until, words="Gladly.", by=officer, at=timezone.now())
    filing = deadline.filings.latest("revision")
    returned = [reviewing.Remark("Please say why."), reviewing.Remark("How many?", anchor="next")]
    reviewing.send_back(
        deadline, filing=filing, remarks=returned, due_on=in_a_month, by=officer, at=timezone.now()
    )
    inviting.invite(
        email="nora@example.org",
        name="Nora Newer",
        role="editor",
        language="en",
        organization=hikari,
        by=officer,
        at=timezone.now(),
    )
    for plan in (notices.plan, arrivals.plan, copies.plan, waiting.plan):
        plan(at=timezone.now() + timedelta(days=8) if plan is waiting.plan else timezone.now())
    distributor = further.grant.programme.distributor
    successor = people.officer(distributor, name="Sue Successor", language="en")
    handing.hand_over(
        distributor,
        person=world.people["officer"],
        successor_id=successor.pk,
        chosen=[(further.grant_id, Part.LEAD)],
        by=officer,
        at=timezone.now(),
    )
    let_go(
        timezone.now()
    )  # the reminders written above: who still has one to come hears of the new officer later
    monday = working_monday(further, timezone.now())
    planned = digests.plan(at=monday)
    assert planned.mails >= 1
    assert contacts.plan(at=monday).mails >= 1
    mails = {
        mail.subject: f"{mail.subject}\n{mail.text}\n{unescape(mail.html)}" for mail in Message.objects.all()
    }
    assert len(mails) >= 14
    for begins in ("[This week] ", "[Handed over to you] ", "[Handed over] ", "[Your contact] "):
        assert any(subject.startswith(begins) for subject in mails), begins
    assert {subject: found for subject, text in mails.items() if (found := traces(text))} == {}
