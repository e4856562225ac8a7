"""Kill senders with -9 at random moments while real mails go to a real mail server, and count what arrived.

Nothing may be lost, and nothing may arrive twice but what the outbox itself says it sent again (`Message.resends`). The
lease of a killed sender's mail is not waited for but put back, for dead processes only.
"""

import logging
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from minori.accounts.enums import Role
from minori.accounts.models import Membership, Person
from minori.local import mailbox
from minori.mail import outbox, reminders
from minori.mail.enums import MessageState
from minori.mail.models import Message
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
from minori.problems import Problem
from minori.programmes.enums import RoundKind
from minori.programmes.models import Deadline, Distributor, Grant, Programme, Round
from minori.tenancy.rooms import as_owner
from workers.bench.own_database import own_database

AT = datetime(2026, 9, 30, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Wednesday morning, fourteen days before the due date of every report of the bench."""

SENDERS = 2  # at once, always
PEOPLE = 100  # in one organization, at most
GIVE_UP = timedelta(minutes=20)
_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


def measure(*, repeat: int, mails: int = 3000, kills: int = 50) -> dict[str, Any]:
    """Mails sent while `kills` senders were killed, in a database of their own; `repeat` is not used: once is enough."""
    del repeat
    if not 1 <= kills <= mails:
        msg = "There are at least as many mails as kills, and one kill."
        raise Problem(msg, exit_code=2)
    logging.getLogger("mail.log").setLevel(
        logging.WARNING
    )  # the mail server's, a line for each word it hears
    with own_database(say=_say) as database, TemporaryDirectory() as folder:
        _plan(mails)
        with mailbox.receiving(Path(folder)) as port:
            storm = Storm(database, port, Path(folder), mails, kills)
            began = time.monotonic()
            storm.rage()
            storm.settle()
        return storm.counted() | {"seconds": round(time.monotonic() - began, 1)}


@dataclass
class Storm:
    """Senders that are started and killed again and again."""

    database: str
    port: int
    folder: Path
    mails: int
    kills: int
    senders: list["subprocess.Popen[str]"] = field(default_factory=list)
    killed: int = 0
    chance: random.Random = field(default_factory=random.SystemRandom)

    def rage(self) -> None:
        """Kill one sender after the other, each after some mails more and a moment more, until enough were killed."""
        each = self.mails / (self.kills + 1)
        self.senders = [self._start() for _ in range(SENDERS)]
        try:
            for number in range(self.kills):
                self._wait_for(min(self.mails - 1, int(each * (number + self.chance.random()))))
                time.sleep(self.chance.uniform(0, 0.02))
                self._kill(self.senders.pop(0))
                self.senders.append(self._start())
                if number % 10 == 9:  # noqa: PLR2004 - a word now and then
                    _say(f"{self.killed} killed, {self._arrived()} mails have arrived")
        finally:
            for sender in self.senders:
                sender.kill()
                sender.wait()

    def settle(self) -> None:
        """Let a sender that nobody kills find what the killed ones left, until nothing waits."""
        last = timezone.now() + GIVE_UP
        while Message.objects.exclude(state=MessageState.SENT).exists():
            if timezone.now() > last:
                return
            left = Message.objects.filter(state=MessageState.CLAIMED)
            left.update(claimed_until=timezone.now() - timedelta(seconds=1))
            Message.objects.filter(state=MessageState.UNCERTAIN).update(next_try_at=timezone.now())
            with _sender(self.database, self.port) as sender:
                sender.wait(timeout=GIVE_UP.total_seconds())

    def counted(self) -> dict[str, Any]:
        """What arrived, beside what the outbox says."""
        arrivals = Counter(
            found[1].decode()
            for file in self.folder.glob("*.eml")
            if (found := _ID.search(file.read_bytes())) is not None
        )
        written = list(Message.objects.order_by("pk").values_list("message_id", "resends", "state"))
        again = Message.objects.filter(resends__gt=0)
        return {
            "mails": len(written),
            "kills": self.killed,
            "lost": sum(arrivals[one] == 0 for one, _resends, _state in written),
            "duplicates": sum(max(0, arrivals[one] - 1 - resends) for one, resends, _state in written),
            "uncertain_resolved": again.filter(state=MessageState.SENT).count(),
            "declared_resends": again.aggregate(sum=Sum("resends"))["sum"] or 0,
            "arrived_twice": sum(count > 1 for count in arrivals.values()),
            "not_sent": sum(state != MessageState.SENT for _one, _resends, state in written),
        }

    def _start(self) -> "subprocess.Popen[str]":
        return _begin(self.database, self.port)

    def _kill(self, sender: "subprocess.Popen[str]") -> None:
        if sender.poll() is not None:
            return  # it found nothing to do any more: that is no kill
        sender.kill()
        sender.wait()
        self.killed += 1

    def _arrived(self) -> int:
        return sum(1 for _file in self.folder.glob("*.eml"))

    def _wait_for(self, mails: int) -> None:
        last = time.monotonic() + GIVE_UP.total_seconds()
        while self._arrived() < mails and time.monotonic() < last:
            time.sleep(0.002)


@contextmanager
def _sender(database: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    sender = _begin(database, port)
    try:
        yield sender
    finally:
        sender.kill()
        sender.wait()


def _begin(database: str, port: int) -> "subprocess.Popen[str]":
    """A sender as a process of its own; it sends until nothing waits."""
    return subprocess.Popen([sys.executable, "-m", "workers.bench.sender", database, str(port)], text=True)


def _plan(mails: int) -> None:
    """Organizations with people enough, and the mails that a sweep writes to them."""
    _say(f"{mails} people to write to")
    now = timezone.now()
    houses = -(-mails // PEOPLE)
    with as_owner():
        organizations = Organization.objects.bulk_create(
            Organization(
                schema_name=f"bench_{number}",
                slug=f"bench-{number}",
                name=f"特定非営利活動法人 実り{number}",
                state=OrganizationState.ACTIVE,
                created_at=now,
                ready_at=now,
            )
            for number in range(houses)
        )
        _deadlines(organizations)
        people = Person.objects.bulk_create(
            Person(name=f"担当 {number}", email=f"person-{number}@bench.example") for number in range(mails)
        )
        Membership.objects.bulk_create(
            Membership(person=person, organization=organizations[number % houses], role=Role.EDITOR, since=AT)
            for number, person in enumerate(people)
        )
    with override_settings(MAIL_LEFT_OF=""):  # there are no rooms to ask
        written = reminders.sweep(at=AT)
    outbox.hurry(planned_at=AT, at=now)
    # as if they were written today, whatever day it is: else every sender first writes each text anew
    Message.objects.update(created_at=now, written_for=timezone.localdate() + timedelta(days=1))
    if written.mails != mails:
        msg = f"{written.mails} mails were planned instead of {mails}"
        raise Problem(msg)


def _deadlines(organizations: list[Organization]) -> None:
    distributor = Distributor.objects.create(name="一般財団法人 みのり財団", slug="bench")
    days = {"starts_on": AT.date().replace(year=2025), "ends_on": AT.date().replace(year=2028)}
    programme = Programme.objects.create(distributor=distributor, code="bench", title="居場所づくり", **days)
    due_on = AT.date() + timedelta(days=14)
    round_ = Round.objects.create(
        programme=programme,
        number=1,
        kind=RoundKind.PROGRESS,
        title="進捗報告（2年度目上期）",
        period_starts_on=AT.date() - timedelta(days=180),
        period_ends_on=AT.date(),
        opens_on=AT.date() - timedelta(days=7),
        due_on=due_on,
        edition="2020",
    )
    officer = Person.objects.create(name="佐藤 花子", email="officer@bench.example")
    grants = Grant.objects.bulk_create(
        Grant(
            programme=programme,
            organization=one,
            code=f"bench-{number}",
            title="学びの支援",
            lead_officer=officer,
            **days,
        )
        for number, one in enumerate(organizations)
    )
    Deadline.objects.bulk_create(
        Deadline(grant=grant, round=round_, organization_id=grant.organization_id, due_on=due_on)
        for grant in grants
    )


def _say(line: str) -> None:
    print(f"{settings.DATABASES['default']['NAME']}: {line}", file=sys.stderr, flush=True)
