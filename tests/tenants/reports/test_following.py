"""Going on from what an officer filed on behalf: after a return, after a recall, after a correction; nothing is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from minori.accounts.models import Person
from minori.filings import correcting, handing_in, reviewing
from minori.filings.reviewing import Remark
from minori.filings.revisions import recalled
from minori.programmes.models import Deadline
from minori.report_forms.contents import Contents
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tenants.evidence.models import AttachedFile
from tenants.reports import corrections, drafts, following, saving
from tenants.reports import handing_in as room
from tenants.reports.models import AnswerRevision, SetAside
from tests.factories import behalf, filings, people, programmes, registry

pytestmark = pytest.mark.django_db
OFFICER = behalf.OFFICER


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    """A report that is open today, its plan registered; its organization has somebody who speaks in its room."""
    people.speaking(hikari)
    today = timezone.now().astimezone(programmes.Distributor(time_zone="Asia/Tokyo").zone).date()
    round_ = programmes.round_(opens_on=today - timedelta(days=9), due_on=today + timedelta(days=3))
    made = programmes.deadline(of=programmes.grant(of=round_.programme, organization=hikari), round=round_)
    registry.registered(made.grant)
    return made


def file(deadline: Deadline, **said: Any) -> Any:
    today = deadline.grant.programme.distributor.local_date(timezone.now())
    kept = behalf.taken(deadline, at=timezone.now())
    facts = {"arrived_on": today, "approval": filings.APPROVAL, "at": timezone.now(), "draft_known": True}
    return behalf.filed(deadline, kept, **(facts | said))


def send_back(deadline: Deadline, *anchors: str) -> None:
    remarks = [Remark("全体"), *(Remark("？", anchor=anchor) for anchor in anchors)]
    due_on = date(2030, 1, 15)
    reviewing.send_back(
        deadline,
        filing=deadline.current_filing,
        remarks=remarks,
        due_on=due_on,
        by=OFFICER,
        at=timezone.now(),
    )
    deadline.refresh_from_db()


def type_in(deadline: Deadline, text: str, *, version: int = 0) -> None:
    blank = {"kind": "text", "text": ""}
    given = {"activities": saving.Given(value={"kind": "text", "text": text}, blank=blank, version=version)}
    saving.save_answers(
        deadline.pk, given=given, by=people.speaking(deadline.organization), at=timezone.now()
    )


def text_of(copy: Any) -> str:
    return str(copy.draft.answers["activities"].text)


def hand_in(deadline: Deadline) -> Any:
    seen = room.fingerprint(drafts.read(deadline))
    filing = room.hand_in(
        deadline,
        approval=filings.APPROVAL,
        seen=seen,
        by=people.speaking(deadline.organization),
        at=timezone.now(),
    )
    deadline.refresh_from_db()
    return filing


def test_after_a_return_the_organization_goes_on_from_what_was_filed(deadline, hikari):
    filing = file(deadline)
    send_back(deadline, "activities")
    with entering(hikari):
        copy = drafts.read(deadline)
        assert copy.contents().rows == Contents.from_json(filing.contents).rows
        assert copy.findings.may_be_handed_in
        version = copy.stored["activities"].version
        type_in(deadline, "団体が直した", version=version)
        assert text_of(drafts.read(deadline)) == "団体が直した"
        second = hand_in(deadline)
    assert second.revision == 2
    assert second.came == "room"
    assert "on_behalf" not in second.contents["head"]
    assert second.contents["rows"] == filing.contents["rows"]


def test_a_draft_of_its_own_is_set_aside_whole_and_read_for_ever(deadline, hikari):
    with entering(hikari):
        type_in(deadline, "自分で書いた")
    file(deadline)
    with entering(hikari):
        before = following.own_draft(deadline)
        assert before is not None
    send_back(deadline, "activities")
    with entering(hikari):
        shown = drafts.read(deadline)
        assert text_of(shown) != "自分で書いた"
        type_in(deadline, "直した", version=shown.stored["activities"].version)
        assert drafts.read(deadline).stored["activities"].version == shown.stored["activities"].version + 1
        kept = following.own_draft(deadline)
        assert kept is not None
        assert kept.contents["answers"]["activities"]["activities"]["text"] == "自分で書いた"
        texts = AnswerRevision.objects.filter(answer__key="activities").order_by("version")
        assert [one.value["text"] for one in texts] == ["自分で書いた", filings.ANSWERS["activities"].text]
        assert SetAside.objects.count() == 1


def test_closed_parts_are_as_they_were_filed_though_the_draft_said_otherwise(deadline, hikari):
    with entering(hikari):
        type_in(deadline, "自分で書いた")
    filing = file(deadline)
    send_back(deadline, "outlook")
    with entering(hikari):
        second = hand_in(deadline)
    assert second.contents["answers"]["activities"] == filing.contents["answers"]["activities"]


def test_after_a_recall_what_was_filed_stands_and_its_own_words_are_kept(deadline, hikari):
    with entering(hikari):
        type_in(deadline, "自分で書いた")
    first = file(deadline)
    with entering(hikari):
        handing_in.recall(deadline, by=people.speaking(deadline.organization), at=timezone.now())
        deadline.refresh_from_db()
        copy = drafts.read(deadline)
        assert copy.draft.answers["activities"] == filings.ANSWERS["activities"], "one source, not two mixed"
        assert copy.draft.answers["outlook"] == filings.ANSWERS["outlook"]
        kept = following.own_draft(deadline)
        assert kept is not None
        assert "自分で書いた" in str(kept.contents)
        second = hand_in(deadline)
        assert "自分で書いた" in str(following.own_draft(deadline).contents)
    assert second.contents["answers"]["activities"] == first.contents["answers"]["activities"]


def test_a_correction_of_what_was_filed_on_behalf_is_taken_with_one_click(deadline, hikari):
    filing = file(deadline)
    reviewing.begin_reading(deadline, by=OFFICER, at=timezone.now())
    proposed = correcting.propose(
        deadline,
        filing=filing,
        anchor="activities",
        aspect=Aspect.TEXT,
        new="居場所を開いた。",
        by=OFFICER,
        at=timezone.now(),
    )
    with entering(hikari):
        second = corrections.take(
            deadline, wanted=[proposed.pk], by=people.speaking(deadline.organization), at=timezone.now()
        )
    assert second.contents["head"]["on_behalf"] == filing.contents["head"]["on_behalf"]
    deadline.refresh_from_db()
    send_back(deadline, "outlook")
    with entering(hikari):
        assert text_of(drafts.read(deadline)) == "居場所を開いた。"
        hand_in(deadline)


def test_files_go_along_and_the_original_is_not_forgotten(deadline, hikari):
    from reporting.review import returned, sent_files
    from tests.tenants.evidence.pictures import jpeg

    kept = behalf.taken(deadline, at=timezone.now())
    field = returned.look(kept, deadline).takes_files()
    sent_files.add(kept, field=field, standing=0, data=jpeg(), filename="写真.jpg")
    today = deadline.grant.programme.distributor.local_date(timezone.now())
    filing = behalf.filed(deadline, kept, arrived_on=today, approval=filings.APPROVAL, at=timezone.now())
    send_back(deadline, "activities")
    with entering(hikari):
        assert drafts.read(deadline).attachments == Contents.from_json(filing.contents).attachments
        type_in(deadline, "直した", version=1)
        (row,) = AttachedFile.objects.all()
        assert row.uuid == filing.attachments.get().uuid
        assert attachments.forget_orphans() == 0
        assert all(there for _sha, there in attachments.look_through())
        hand_in(deadline)


def test_the_organization_sees_what_was_filed_for_it_and_takes_the_original_along(
    deadline, hikari, kibou, client: Client
):
    with entering(hikari):
        type_in(deadline, "自分で書いた")
    filing = file(deadline)
    editor: Person = people.member(hikari, "editor")
    people.sign_in(client, editor)
    base = f"/o/hikari/reports/{deadline.pk}/"
    page = client.get(base).content.decode()
    assert "担当者がこの報告書を代理登録しました" in page
    assert f"{base}own/" in page
    assert "自分で書いた" in client.get(f"{base}own/").content.decode()
    shown = client.get(f"{base}filings/1/").content.decode()
    assert "代理登録" in shown
    assert "田中 一郎" in shown
    original = client.get(f"{base}filings/1/original/")
    assert b"".join(original.streaming_content)[:2] == b"PK"
    assert original["Content-Type"] == "application/octet-stream"
    stranger = people.member(kibou, "editor")
    people.sign_in(client, stranger)
    assert client.get(f"{base}filings/1/original/").status_code == 404
    del filing


def test_a_revision_that_was_recalled_is_marked_among_those_handed_in(deadline, hikari):
    file(deadline)
    with entering(hikari):
        handing_in.recall(deadline, by=people.speaking(hikari), at=timezone.now())
        assert recalled(deadline) == {deadline.filings.get().pk}
