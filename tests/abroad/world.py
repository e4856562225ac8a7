"""A funder in Berlin: fiscal year from January, its own holidays, the short form, people who read English.

Everything that somebody types here is ASCII, so that whatever is Japanese on a page comes from Minori.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from minori.accounts.models import Invitation, Membership, StaffMembership
from minori.audit.trail import Actor
from minori.calendars import feeds
from minori.filings import correcting, reviewing
from minori.filings.files import keep
from minori.filings.handing_in import hand_in
from minori.filings.models import Consultation, Filing
from minori.mail import runs
from minori.mail.enums import Kind, MessageState, Outcome
from minori.mail.models import LedgerEntry, Message
from minori.organizations.models import Organization
from minori.programmes import holiday_lists
from minori.programmes.models import Deadline, Distributor, Grant, Round
from minori.registry import changes, frameworks
from minori.registry.change_units import units
from minori.registry.changes import Reason
from minori.registry.enums import Party
from minori.report_forms import editions
from minori.report_forms.answers import Answer, Chosen, Written, YesNo
from minori.report_forms.contents import Approval, ApprovalManner, Head, Signatory, compose
from minori.report_forms.corrections import Aspect
from minori.report_forms.framework import Framework, Level, Support
from minori.tenancy.rooms import entering
from reporting.common import mapping
from reporting.own import linking, own_plans
from reporting.own.linking import Pair
from reporting.profiles.models import Talk
from reporting.reading.models import ToAsk
from reporting.review import behalf, returned, workbooks
from reporting.review.models import Note, ReturnedWorkbook, SentFile
from reporting.setup import intake
from reporting.setup.models import FoundPlan, PreparedPlan
from reporting.signals.models import SetAside
from reporting.summaries import compiling
from tenants.evidence.models import AttachedFile
from tenants.frameworks.models import Draft, DraftRow
from tenants.reports.models import Answer as DraftAnswer
from tenants.reports.models import Report
from tests.access.world import BYTES, World
from tests.factories import answerbooks, filings, people, programmes, registry
from tests.factories.changes import with_target

OFFICER = Actor(person_id=None, name="Olga Officer")
EDITOR = Actor(person_id=None, name="Ed Editor")
AT = datetime(2026, 10, 10, 9, 0, tzinfo=UTC)
APPROVAL = Approval(approved_by="The Director", manner=ApprovalManner.PRINTED, approved_on=date(2026, 10, 9))
ANSWERS: dict[str, Answer] = {
    "summary": Written("The workshop opened three times a week."),
    "people_reached": Written("640"),
    "outlook": Chosen("partly"),
    "difficulties": Written("The lease ends in spring."),
    "change_wished": YesNo(said=True, text="A second room."),
    "spent": Written("12500"),
    "spent_on": Written("2026-06-30"),
    "next": Written("Open the second room."),
}
ROWS: tuple[dict[str, Any], ...] = (
    {
        "level": Level.OUTCOME_SHORT,
        "code": "01",
        "statement": "Children have a place to be after school",
        "indicators": [{"statement": "Children who feel safe", "target": "80%", "means": "Survey"}],
    },
    {
        "code": "0101",
        "statement": "A workshop is open three days a week",
        "parent": "01",
        "indicators": [
            {"mark": "a", "statement": "Days open", "target": "150 days a year", "achieve_by": "March 2028"},
            {"mark": "b", "statement": "Children who came", "target": "1,500 people", "baseline": "0 people"},
        ],
    },
    {"level": Level.ACTIVITY, "statement": "Tutoring", "parent": "0101", "season": "Weekly from January"},
)
OWN_ROWS: tuple[dict[str, Any], ...] = (
    {
        "level": Level.OUTCOME_SHORT,
        "code": "1",
        "statement": "Places for children last",
        "uuid": registry.identity("own/1"),
        "indicators": [{"statement": "Places", "target": "7", "uuid": registry.identity("own/1/0")}],
    },
    {
        "code": "1-1",
        "statement": "Places are open every week",
        "uuid": registry.identity("own/1-1"),
        "indicators": [{"statement": "Days", "target": "100", "uuid": registry.identity("own/1-1/0")}],
    },
    {
        "support": Support.NON_FINANCIAL,
        "code": "2-1",
        "statement": "Grantees keep their books",
        "uuid": registry.identity("own/2-1"),
    },
)
GIVEN = {"0101": {"text": "a: 72 days\nb: 640 people", "progress": 3, "remark": "The boiler broke."}}


class Abroad(World):
    """The world of the table of routes, in Berlin."""

    @classmethod
    def make(cls, ours: Organization, others: Organization) -> "Abroad":
        """`ours` is the organization whose pages are walked through; `others` is in the same round."""
        world = cls()
        for one, name in ((ours, "Lantern House"), (others, "Hope Works")):
            Organization.objects.filter(pk=one.pk).update(name=name, name_kana="")
            one.refresh_from_db()
        funder = programmes.distributor(
            name="Berlin Fund",
            name_kana="",
            slug="berlin-fund",
            time_zone="Europe/Berlin",
            fiscal_year_begins=1,
            funder_name="",
        )
        world.people = {
            "editor": people.member(ours, "editor", name="Ed Editor", language="en"),
            "approver": people.member(ours, "approver", name="Ann Approver", language="en"),
            "officer": people.officer(funder, "officer", name="Olga Officer", language="en"),
            "manager": people.officer(funder, "manager", name="Max Manager", language="en"),
        }
        world._furnish(ours, others, funder)
        return world

    def _furnish(self, ours: Organization, others: Organization, funder: Distributor) -> None:
        round_ = self._round(funder)
        grant = self._grant(round_, ours, "lantern-1", "A workshop for children")
        deadline = programmes.deadline(of=grant, round=round_)
        other = self._grant(round_, others, "hope-1", "A library on wheels")
        programmes.deadline(of=other, round=round_)
        registry.registered(grant, registry.framework(ROWS), reason="A slip of the pen", by=OFFICER)
        photo = filings.photo(
            sha256=keep(ours.pk, BYTES), filename="photo.jpg", caption="The workshop", number=1
        )
        filing = handed_in(deadline, attachments=[photo])
        now = timezone.now()
        reviewing.begin_reading(deadline, by=OFFICER, at=now)
        correction = correcting.propose(
            deadline, filing=filing, by=OFFICER, at=now, anchor="next", aspect=Aspect.TEXT, new="Open it."
        )
        mapped = self._common(grant)
        compiling.compile_round(round_.pk, at=now)
        runs.run("reminders", lambda _at: 0, clock=timezone.now)
        said = {"at": AT, "by_name": "Olga Officer"}
        officer = self.people["officer"]
        self.objects = {
            "slug": ours.slug,
            "token": "for-distributor",
            "feed": feeds.make(self.people["editor"], at=now),
            "distributor": funder.slug,
            "holidays": funder.holiday_lists.get().pk,
            "edition": "plain",
            "edition_version": 1,
            "staff_membership": StaffMembership.objects.get(person=officer).pk,
            "invitation": self._invitation(distributor=funder).pk,
            "person": self.people["editor"].user_id,
            "programme": round_.programme.code,
            "round": round_.number,
            "grant": grant.code,
            "version": 1,
            "deadline": deadline.pk,
            "revision": filing.revision,
            "filing": filing.pk,
            "filed_photo": photo.uuid,
            "consultation": self._shown(deadline, filing).number,
            "anchor": "next",
            "correction": correction.pk,
            "to_ask": ToAsk.objects.create(person=officer, deadline=deadline, words="Which room?", at=AT).pk,
            "note": Note.objects.create(
                deadline=deadline, body="Wait and see", at=now, by_name="Olga Officer"
            ).pk,
            "aside": SetAside.objects.create(grant=grant, kind="late", cause="x", note="Seen", **said).pk,
            "talk": Talk.objects.create(
                organization=ours,
                distributor=funder,
                talked_on=AT.date(),
                met="The director",
                said="All well",
                **said,
            ).pk,
            "chart": "progress",
            "section": "difficulties",
            "results": "results",
            "row": registry.identity("0101"),
            "indicator": registry.identity("0101/0"),
            "aspect": "actual",
            "common": mapped.common.number,
            "mapped": mapped.pk,
            "row_link": self._own(grant).pk,
            "file": self._photo(ours, deadline),
            "draft_row": self._drafted(ours, grant),
            "plan_row": self._prepared(grant),
            "plan_file": self._found(grant).file_id,
            "found_plan": FoundPlan.objects.get(file__programme=grant.programme).pk,
            "change_request": self._change(ours, grant),
            "proposal": self._proposed(ours, grant),
            "membership": Membership.objects.get(person=self.people["editor"]).pk,
            "organization_invitation": self._invitation(organization=ours).pk,
            **self._mailed(ours, grant, round_),
            "mail_text": "before",
            "asked_mail": self._waiting_mail(grant).pk,
            "refused_mail": self._refused_mail(deadline).pk,
        }

    def _round(self, funder: Distributor) -> Round:
        holidays = holiday_lists.create(
            funder,
            name="Germany",
            weekend="sat-sun",
            days={date(2026, 10, 3): "German Unity Day", date(2026, 12, 25): "Christmas"},
            filename="holidays.ics",
            by=OFFICER,
            at=AT,
        )
        programme = programmes.programme(
            of=funder,
            code="places-2026",
            title="Places for Children",
            window="Spring call",
            starts_on=date(2026, 1, 1),
            ends_on=date(2028, 12, 31),
            holidays=holidays,
        )
        return another_round(programme, "First half of 2026")

    def _grant(self, round_: Round, organization: Organization, code: str, title: str) -> Grant:
        return programmes.grant(
            of=round_.programme,
            organization=organization,
            code=code,
            title=title,
            lead_officer=self.people["officer"],
        )

    def _common(self, grant: Grant) -> Any:
        facts = mapping.CommonFacts(name="Days", name_en="Days", unit="days", rule="sum", description="")
        common = mapping.define(grant.programme, facts=facts, by=OFFICER, at=timezone.now())
        pairs = [(grant, registry.identity("0101/0"))]
        return mapping.map_onto(
            common, indicators=pairs, reason="Counted alike", by=OFFICER, at=timezone.now()
        )[0]

    def _own(self, grant: Grant) -> Any:
        own = own_plans.begin(grant.programme, lead=self.people["officer"], by=OFFICER, at=AT)
        registry.registered(own, registry.framework(OWN_ROWS), reason="A slip of the pen", by=OFFICER)
        pairs = [Pair(grant.pk, registry.identity("0101"), registry.identity("own/1-1"))]
        return linking.confirm(own, pairs=pairs, by=OFFICER, at=AT)[0]

    def _shown(self, deadline: Deadline, filing: Filing) -> Consultation:
        return Consultation.objects.create(
            deadline=deadline,
            organization_id=deadline.organization_id,
            number=1,
            contents=filing.contents,
            shown_at=timezone.now(),
            shown_by_name="Ed Editor",
        )

    def _invitation(self, **house: Any) -> Invitation:
        now = timezone.now()
        return Invitation.objects.create(
            email="new@example.org",
            name="Nina New",
            role="reader",
            language="en",
            token_hash=hashlib.sha256(f"for-{'-'.join(house)}".encode()).hexdigest(),
            invited_at=now,
            expires_at=now + timedelta(days=14),
            **house,
        )

    def _photo(self, organization: Organization, deadline: Deadline) -> Any:
        with entering(organization):
            return AttachedFile.objects.create(
                deadline_id=deadline.pk,
                sha256=keep(organization.pk, BYTES),
                filename="a.jpg",
                content_type="image/jpeg",
                width=10,
                height=10,
                size=len(BYTES),
                position=1,
                uploaded_at=timezone.now(),
                uploaded_by_name="Ed Editor",
            ).uuid

    def _drafted(self, organization: Organization, grant: Grant) -> Any:
        now = timezone.now()
        with entering(organization):
            draft = Draft.objects.create(grant_id=grant.pk, created_at=now, changed_at=now)
            return DraftRow.objects.create(
                draft=draft, uuid=uuid4(), position=0, level="output", statement="A row in draft"
            ).uuid

    def _prepared(self, grant: Grant) -> Any:
        plan = registry.framework(ROWS)
        PreparedPlan.objects.create(grant=grant, contents=plan.to_json(), changed_at=timezone.now())
        return plan.rows[0].uuid

    def _found(self, grant: Grant) -> FoundPlan:
        table = "level\tstatement\tindicator\ttarget\noutput\tThe desk is open\tDays open\t150 days"
        file = intake.add_pasted(grant.programme, text=table, by=OFFICER, at=timezone.now())
        return FoundPlan.objects.get(file=file)

    def _change(self, organization: Organization, grant: Grant) -> int:
        newest = changes.newest_version(grant)
        assert newest is not None
        old = frameworks.read(newest)
        new = with_target(old, "120 days a year")
        by = people.speaking(organization, "Ed Editor")
        reasons = {one.key: Reason("The lease ends.") for one in units(old, new)}
        with entering(organization):
            at = timezone.now()
            request = changes.send(
                grant, framework=new, reasons=reasons, remark="", party=Party.ROOM, by=by, at=at
            )
            return changes.withdraw(request, party=Party.ROOM, by=by, at=timezone.now()).number

    def _proposed(self, organization: Organization, grant: Grant) -> int:
        by = people.speaking(organization, "Ed Editor")
        with entering(organization):
            plan: Framework = registry.framework(ROWS)
            return frameworks.propose(grant, framework=plan, remark="", by=by, at=timezone.now()).pk

    def _mailed(self, organization: Organization, grant: Grant, round_: Round) -> dict[str, Any]:
        now = timezone.now()
        rounds = [
            another_round(round_.programme, title) for title in ("Second half of 2026", "First half of 2027")
        ]
        waiting, filed = (programmes.deadline(of=grant, round=one) for one in rounds)
        kept = taken(waiting, at=now)
        sent = SentFile.objects.create(
            workbook=kept,
            uuid=uuid4(),
            position=1,
            size=len(BYTES),
            data=BYTES,
            preview=BYTES,
            filename="a.jpg",
            content_type="image/jpeg",
            width=10,
            height=10,
            sha256="0" * 64,
        )
        with entering(organization):
            report = Report.objects.create(deadline_id=filed.pk, begun_at=now)
            DraftAnswer.objects.create(
                report=report,
                key="next",
                value={"kind": "text", "text": "A draft"},
                saved_at=now,
                sitting_began_at=now,
            )
        self._file(filed, taken(filed, at=now), now)
        return {
            "open_deadline": waiting.pk,
            "behalf_deadline": filed.pk,
            "sent_photo": sent.uuid,
            "language": "en",
            "activities": "next",
        }

    def _file(self, deadline: Deadline, kept: ReturnedWorkbook, at: datetime) -> None:
        today = deadline.grant.programme.distributor.local_date(at)
        behalf.file(
            kept,
            deadline,
            sender_name="Ed Editor",
            sender_address="ed@example.org",
            arrived_on=today,
            approval=Approval(approved_by="The Director", manner=ApprovalManner.MAIL, approved_on=today),
            seen=returned.look(kept, deadline).seen,
            draft_known=True,
            by=OFFICER,
            at=at,
        )

    def _waiting_mail(self, grant: Grant) -> LedgerEntry:
        deadline = programmes.deadline(of=grant, round=another_round(grant.programme, "Second half of 2027"))
        return self._entry(deadline, step="after-7", outcome=Outcome.ASKED)

    def _refused_mail(self, deadline: Deadline) -> Message:
        editor = self.people["editor"]
        mail = Message.objects.create(
            key="refused",
            kind=Kind.DEADLINE,
            person=editor,
            address=editor.email,
            language="en",
            subject="A reminder",
            text="A reminder",
            message_id="<refused@example.org>",
            state=MessageState.FAILED,
            attempts=1,
            last_error="550 no such user",
            created_at=timezone.now(),
        )
        self._entry(deadline, step="before-3", outcome=Outcome.PLANNED, message=mail)
        return mail

    def _entry(self, deadline: Deadline, **facts: Any) -> LedgerEntry:
        return LedgerEntry.objects.create(
            deadline=deadline,
            person=self.people["editor"],
            due_version=deadline.due_version,
            due_on=deadline.due_on,
            decided_at=timezone.now(),
            **facts,
        )


def another_round(programme: Any, title: str) -> Round:
    """A further round of the programme with the short form."""
    return programmes.round_(
        of=programme,
        title=title,
        edition="plain",
        edition_version=1,
        period_starts_on=date(2026, 1, 1),
        period_ends_on=date(2026, 6, 30),
    )


def handed_in(deadline: Deadline, *, attachments: Any = (), at: datetime = AT) -> Filing:
    """The next revision of a report on the short form, handed in at `at`."""
    version = frameworks.version_for(deadline)
    assert version is not None
    plan = frameworks.read(version)
    programme = deadline.grant.programme
    filing = hand_in(
        deadline,
        contents=compose(
            edition=editions.load("plain", 1),
            head=Head(
                project_title=deadline.grant.title,
                distributor=programme.distributor.name,
                organization=deadline.organization.name,
                round_title=deadline.round.title,
                handed_in_on=deadline.due_on,
                revision=1,
                handed_in_by=Signatory(id="", name=EDITOR.name),
            ),
            framework_number=version.number,
            framework=plan,
            rows=filings.row_answers(plan, GIVEN),
            answers=ANSWERS,
            attachments=attachments,
        ),
        version=version,
        approval=APPROVAL,
        by=EDITOR,
        at=at,
    )
    deadline.refresh_from_db()
    return filing


def taken(deadline: Deadline, *, at: datetime) -> ReturnedWorkbook:
    """A workbook in English, filled in and sent back."""
    data, _name = workbooks.workbook(deadline, language="en")
    version = frameworks.version_for(deadline)
    assert version is not None
    rows = {one.row: one for one in filings.row_answers(frameworks.read(version), GIVEN)}
    book = answerbooks.write(data, editions.load("plain", 1), rows=rows, answers=ANSWERS, language="en")
    return returned.take(deadline, data=book, filename="workbook.xlsx", by=OFFICER, at=at)
