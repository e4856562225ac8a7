"""A small world with something behind every address, and one person for every role."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from minori.accounts.models import Invitation, Membership, Person, StaffMembership
from minori.calendars import feeds
from minori.filings import correcting, reviewing
from minori.filings.correction import Correction
from minori.filings.files import keep
from minori.filings.models import Consultation
from minori.mail import runs
from minori.mail.enums import Kind, MessageState, Outcome
from minori.mail.models import LedgerEntry, Message
from minori.registry import changes, frameworks
from minori.registry.enums import Party
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from reporting.common import mapping
from reporting.common.models import MappedIndicator
from reporting.exports.models import Export, ExportPart
from reporting.profiles.models import Talk
from reporting.reading.models import ToAsk
from reporting.review.models import Note, SentFile
from reporting.setup import intake
from reporting.setup.models import FoundPlan, PreparedPlan
from reporting.signals.models import SetAside
from reporting.summaries import compiling
from tenants.evidence.models import AttachedFile
from tenants.frameworks.models import Draft, DraftRow
from tenants.reports.models import Answer, Report
from tests.factories import behalf, filings, own, people, programmes, registry
from tests.factories import changes as requests

BYTES = b"\xff\xd8\xff\xe0 a small picture"


@dataclass
class World:
    """People by role, and the objects that routes name."""

    people: dict[str, Person] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    @classmethod
    def make(cls, ours: Any, others: Any) -> "World":
        """`ours` has a report handed in with a photo; `others` is in the same round."""
        world = cls()
        round_ = programmes.round_()
        distributor = round_.programme.distributor
        elsewhere = programmes.distributor()
        world.people = {
            "editor": people.member(ours, "editor", name="編集 花子"),
            "approver": people.member(ours, "approver", name="承認 太郎"),
            "reader": people.member(ours, "reader", name="閲覧 三郎"),
            "stranger": people.member(others, "approver", name="他団体 四郎"),
            "officer": people.officer(distributor, "officer", name="担当 五子"),
            "desk_reader": people.officer(distributor, "reader", name="閲覧 六子"),
            "manager": people.officer(distributor, "manager", name="責任 八子"),
            "other_officer": people.officer(elsewhere, "officer", name="他分配 七子"),
            "administrator": people.administrator(),
        }
        world._fill(ours, others, round_)
        return world

    def _fill(self, ours: Any, others: Any, round_: Any) -> None:
        grant = programmes.grant(of=round_.programme, organization=ours, code="hikari-1")
        deadline = programmes.deadline(of=grant, round=round_)
        programmes.deadline(of=programmes.grant(of=round_.programme, organization=others), round=round_)
        version = registry.registered(grant)
        attachment = filings.photo(sha256=keep(ours.pk, BYTES))
        filing = filings.handed_in(deadline, attachments=[attachment])
        correction = self._correction(deadline, filing)
        mapped = self._mapped(grant)
        compiling.compile_round(round_.pk, at=timezone.now())
        runs.run("reminders", lambda _at: 0, clock=timezone.now)
        staff = StaffMembership.objects.get(person=self.people["officer"])
        self.objects = {
            "slug": ours.slug,
            "token": "for-distributor",
            "feed": feeds.make(self.people["editor"], at=timezone.now()),
            "distributor": staff.distributor.slug,
            "holidays": programmes.holidays(staff.distributor).pk,
            "edition": "2020",
            "edition_version": 1,
            "staff_membership": staff.pk,
            "invitation": self._invitation(distributor=staff.distributor).pk,
            "person": self.people["editor"].user_id,
            "programme": round_.programme.code,
            "round": round_.number,
            "grant": grant.code,
            "version": version.number,
            "deadline": deadline.pk,
            "revision": filing.revision,
            "filing": filing.pk,
            "filed_photo": attachment.uuid,
            "consultation": self._consultation(deadline, filing).number,
            "anchor": correction.anchor,
            "correction": correction.pk,
            "to_ask": ToAsk.objects.create(
                person=self.people["officer"], deadline=deadline, words="会場は", at=filings.AT
            ).pk,
            "note": Note.objects.create(
                deadline=deadline, body="様子見", at=timezone.now(), by_name="五子"
            ).pk,
            "aside": SetAside.objects.create(
                grant=grant, kind="late", cause="x", note="見た", at=filings.AT, by_name="五子"
            ).pk,
            "talk": self._talk(ours, staff.distributor).pk,
            "chart": "progress",
            "export": self._export(round_).uuid,
            "section": "outlook",
            "results": "results",
            "row": registry.identity("0101"),
            "indicator": registry.identity("0101/0"),
            "aspect": "actual",
            "common": mapped.common.number,
            "mapped": mapped.pk,
            "row_link": own.linked(own.begun(grant.programme), grant).pk,
            "file": self._file(ours, deadline),
            "draft_row": self._draft_row(ours, grant),
            "plan_row": self._plan_row(grant),
            "plan_file": self._found_plan(grant).file_id,
            "found_plan": FoundPlan.objects.get(file__programme=grant.programme).pk,
            "change_request": self._change_request(ours, grant),
            "proposal": self._proposal(ours, grant),
            "membership": Membership.objects.get(person=self.people["editor"]).pk,
            "organization_invitation": self._invitation(organization=ours).pk,
            **self._by_mail(ours, grant, round_),
            "mail_text": "before",
            "asked_mail": self._asked(grant).pk,
            "refused_mail": self._refused(deadline).pk,
        }

    def _refused(self, deadline: Any) -> Message:
        """A reminder that the mail server refused."""
        editor, now = self.people["editor"], timezone.now()
        mail = Message.objects.create(
            key="refused",
            kind=Kind.DEADLINE,
            person=editor,
            address=editor.email,
            language="ja",
            subject="督促",
            text="督促",
            message_id="<refused@example.jp>",
            state=MessageState.FAILED,
            attempts=1,
            last_error="550 no such user",
            created_at=now,
        )
        LedgerEntry.objects.create(
            deadline=deadline,
            step="before-3",
            person=editor,
            due_version=deadline.due_version,
            due_on=deadline.due_on,
            decided_at=now,
            outcome=Outcome.PLANNED,
            message=mail,
        )
        return mail

    def _asked(self, grant: Any) -> LedgerEntry:
        """A reminder that waits for the officer's word."""
        deadline = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
        return LedgerEntry.objects.create(
            deadline=deadline,
            step="after-7",
            person=self.people["editor"],
            due_version=deadline.due_version,
            due_on=deadline.due_on,
            decided_at=timezone.now(),
            outcome=Outcome.ASKED,
        )

    def _by_mail(self, organization: Any, grant: Any, round_: Any) -> dict[str, Any]:
        """A report for which a workbook came back with a photo, and one that was filed on behalf over a draft."""
        now = timezone.now()
        rounds = [programmes.round_(of=round_.programme, title=title) for title in ("次の期", "その次の期")]
        waiting, filed = (programmes.deadline(of=grant, round=one) for one in rounds)
        kept = behalf.taken(waiting, at=now)
        photo = {
            "filename": "a.jpg",
            "content_type": "image/jpeg",
            "width": 10,
            "height": 10,
            "sha256": "0" * 64,
        }
        sent = SentFile.objects.create(
            workbook=kept, uuid=uuid4(), position=1, size=len(BYTES), data=BYTES, preview=BYTES, **photo
        )
        with entering(organization):
            report = Report.objects.create(deadline_id=filed.pk, begun_at=now)
            Answer.objects.create(
                report=report,
                key="activities",
                value={"kind": "text", "text": "下書き"},
                saved_at=now,
                sitting_began_at=now,
            )
        today = grant.programme.distributor.local_date(now)
        behalf.filed(filed, behalf.taken(filed, at=now), arrived_on=today, at=now, draft_known=True)
        return {
            "open_deadline": waiting.pk,
            "behalf_deadline": filed.pk,
            "sent_photo": sent.uuid,
            "language": "ja",
            "activities": "activities",
        }

    def _talk(self, organization: Any, distributor: Any) -> Talk:
        return Talk.objects.create(
            organization=organization,
            distributor=distributor,
            talked_on=filings.AT.date(),
            met="施設長",
            said="様子を聞いた",
            at=filings.AT,
            by_name="五子",
        )

    def _mapped(self, grant: Any) -> MappedIndicator:
        by, at = registry.OFFICER, timezone.now()
        facts = mapping.CommonFacts(name="開所回数", name_en="", unit="回", rule="sum", description="")
        common = mapping.define(grant.programme, facts=facts, by=by, at=at)
        pairs = [(grant, registry.identity("0101/0"))]
        return mapping.map_onto(common, indicators=pairs, reason="同じ数え方", by=by, at=at)[0]

    def _export(self, round_: Any) -> Export:
        now = timezone.now()
        ends = {"ended_at": now, "as_of": now, "expires_at": now + timedelta(days=3), "size": 3}
        export = Export.objects.create(
            round=round_, kind="csv", language="ja", state="ready", asked_at=now, **ends
        )
        ExportPart.objects.create(export=export, position=0, data=b"a,b")
        return export

    def _invitation(self, **house: Any) -> Invitation:
        now = timezone.now()
        return Invitation.objects.create(
            email="new@example.jp",
            name="新人",
            role="reader",
            token_hash=hashlib.sha256(f"for-{'-'.join(house)}".encode()).hexdigest(),
            invited_at=now,
            expires_at=now + timedelta(days=14),
            **house,
        )

    def _correction(self, deadline: Any, filing: Any) -> Correction:
        by, at = registry.OFFICER, timezone.now()
        reviewing.begin_reading(deadline, by=by, at=at)
        text = {"anchor": "activities", "aspect": Aspect.TEXT, "new": "週4回の開所を続けている。"}
        return correcting.propose(deadline, filing=filing, by=by, at=at, **text)

    def _consultation(self, deadline: Any, filing: Any) -> Consultation:
        return Consultation.objects.create(
            deadline=deadline,
            organization_id=deadline.organization_id,
            number=1,
            contents=filing.contents,
            shown_at=timezone.now(),
            shown_by_name="編集 花子",
        )

    def _file(self, organization: Any, deadline: Any) -> UUID:
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
                uploaded_by_name="編集 花子",
            ).uuid

    def _draft_row(self, organization: Any, grant: Any) -> UUID:
        with entering(organization):
            draft = Draft.objects.create(
                grant_id=grant.pk, created_at=timezone.now(), changed_at=timezone.now()
            )
            return DraftRow.objects.create(
                draft=draft, uuid=uuid4(), position=0, level="output", statement="下書きの行"
            ).uuid

    def _change_request(self, organization: Any, grant: Any) -> int:
        request = requests.sent(grant)
        by = people.speaking(organization, "編集 花子")
        with entering(organization):
            return changes.withdraw(request, party=Party.ROOM, by=by, at=timezone.now()).number

    def _proposal(self, organization: Any, grant: Any) -> int:
        by = people.speaking(organization, "編集 花子")
        with entering(organization):
            plan = registry.framework()
            return frameworks.propose(grant, framework=plan, remark="", by=by, at=timezone.now()).pk

    def _plan_row(self, grant: Any) -> UUID:
        plan = registry.framework()
        PreparedPlan.objects.create(grant=grant, contents=plan.to_json(), changed_at=timezone.now())
        return plan.rows[0].uuid

    def _found_plan(self, grant: Any) -> FoundPlan:
        table = "アウトプット\t指標\n窓口が開いている\t回数"
        file = intake.add_pasted(grant.programme, text=table, by=registry.OFFICER, at=timezone.now())
        return FoundPlan.objects.get(file=file)
