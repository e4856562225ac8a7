"""What the life of a report stands on: one report of ひかり inside a savepoint, and how to look at it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from minori.audit.trail import Actor
from minori.filings.enums import Side
from minori.filings.models import Filing
from minori.filings.stepping import NotPossibleNow
from minori.organizations.models import Organization
from minori.programmes.deadlines import DeadlineProblem
from minori.programmes.models import Deadline
from minori.report_forms.answers import RowAnswer, blank, to_json
from minori.tenancy.rooms import entering
from tenants.evidence.models import AttachedFile
from tenants.reports import drafts, saving
from tenants.reports.models import Answer, AnswerRevision
from tenants.reports.saving import Given
from tenants.writing import NotOpen
from tests.factories import filings, people, programmes, registry
from tests.lives.copies import copy_of

# far from what the sequence gives, since their keys are chosen before they are written
EDITORS = (Actor(900_011, "佐藤 和子"), Actor(900_012, "鈴木 一郎"))
APPROVER = Actor(900_013, "高橋 施設長")
OFFICER = Actor(900_021, "佐伯 真理")
ROW = str(registry.identity("0101"))
FIELDS = ("activities", ROW)
REFUSALS = (NotPossibleNow, NotOpen, DeadlineProblem)


class OneReport(RuleBasedStateMachine):
    """A report with a plan and everything required filled in; `copies` holds what was handed in, as it was then.

    Everything happens in a savepoint that is taken back at the end. The time is the real one, since the database
    does not let a room say otherwise: what varies is when the report was due.
    """

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.hikari = Organization.objects.get(slug="hikari")
        self.deadline = Deadline()
        self.copies: dict[int, dict[str, Any]] = {}
        self.lateness: tuple[datetime, int] | None = None
        self.pages: dict[Actor, dict[str, Answer]] = {}
        self.shown: list[tuple[Any, Any]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def prepare(self, *, due_on: date, photo: bool) -> None:
        """A report that is open and due on a day, and the people who write it."""
        for one, role in ((EDITORS[0], "editor"), (EDITORS[1], "editor"), (APPROVER, "approver")):
            people.member(self.hikari, role, pk=one.person_id, name=one.name)
        grant = programmes.grant(organization=self.hikari)
        round_ = programmes.round_(of=grant.programme, opens_on=date(2025, 10, 1), due_on=due_on)
        self.deadline = programmes.deadline(of=grant, round=round_)
        registry.registered(grant)
        row = filings.row_answer("0101", "①72回\n②のべ640人")
        with entering(self.hikari):
            edition = filings.edition()
            given = {
                key: Given(value=to_json(answer), blank=to_json(blank(edition.field(key))), version=0)
                for key, answer in filings.ANSWERS.items()
            }
            given[ROW] = Given(value=row.to_json(), blank=RowAnswer(row.row).to_json(), version=0)
            saving.save_answers(self.deadline.pk, given=given, by=EDITORS[0], at=timezone.now())
            if photo:
                facts = {
                    "filename": "写真.jpg",
                    "content_type": "image/jpeg",
                    "size": 10,
                    "width": 4,
                    "height": 3,
                }
                AttachedFile.objects.create(
                    deadline_id=self.deadline.pk,
                    sha256="0" * 64,
                    position=1,
                    uploaded_at=timezone.now(),
                    **facts,
                )

    def load(self, editor: Actor) -> None:
        """The editor's page, loaded now."""
        with entering(self.hikari):
            self.pages[editor] = dict(drafts.read(self.deadline).stored)

    def fresh(self) -> Deadline:
        """The deadline as it stands."""
        return Deadline.objects.select_related("grant__programme__distributor", "round", "organization").get(
            pk=self.deadline.pk
        )

    def is_one_of(self, *states: str) -> bool:
        """Whether the report stands in one of these states."""
        return Deadline.objects.filter(pk=self.deadline.pk, state__in=states).exists()

    def today(self) -> date:
        """The date at the distributor's."""
        return self.deadline.grant.programme.distributor.local_date(timezone.now())

    def in_days(self, days: int) -> date:
        """A day from today."""
        return self.today() + timedelta(days=days)

    def answer_at(self, key: str) -> Answer:
        """What stands in a field of the working copy."""
        with entering(self.hikari):
            return Answer.objects.get(report__deadline_id=self.deadline.pk, key=key)

    def kept(self, key: str) -> list[dict[str, Any]]:
        """What stood there before, and what was set aside."""
        with entering(self.hikari):
            of_field = AnswerRevision.objects.filter(
                answer__report__deadline_id=self.deadline.pk, answer__key=key
            )
            return list(of_field.order_by("pk").values_list("value", flat=True))

    def blank_of(self, key: str) -> dict[str, Any]:
        """What an untouched field holds."""
        if key == ROW:
            return RowAnswer(registry.identity("0101")).to_json()
        return to_json(blank(filings.edition().field(key)))

    def filed(self, filing: Filing) -> None:
        """Keep a copy of what was handed in; the first revision that counts says how late the report is."""
        self.copies[filing.pk] = copy_of(filing)
        if self.lateness is None:
            self.lateness = (filing.handed_in_at, filing.days_late)

    def some_filing(self, *, stale: bool) -> Filing | None:
        """The filing that counts, or (`stale`) the oldest one."""
        found = Filing.objects.filter(deadline=self.deadline).order_by("revision")
        return found.first() if stale else found.last()

    def at(self, side: Side) -> Any:
        """On one of the two sides: the room with its role, or the desk."""
        return entering(self.hikari) if side == Side.ROOM else nullcontext()

    @contextmanager
    def refused(self, *, unless: bool) -> Iterator[None]:
        """The step inside is taken if it is possible, else refused with a sentence; nothing in between."""
        if unless:
            yield
            return
        with pytest.raises(REFUSALS):
            yield
