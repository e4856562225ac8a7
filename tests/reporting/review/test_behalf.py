"""Filing on behalf (代理登録): by the rule that hands in, with the original, its sender and its day."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.documents.cleaning import FileRefused
from minori.filings import files, handing_in, reviewing, verifying
from minori.filings.behalf import OnBehalf
from minori.filings.enums import Came
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Filing
from minori.filings.reviewing import Remark
from minori.programmes import deadlines
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms.answers import Chosen, Written
from minori.tenancy.rooms import entering
from reporting.review import behalf, returned, sent_files, workbooks
from reporting.review.models import ReturnedWorkbook
from tenants.reports import following, saving
from tests.factories import answerbooks, people, programmes, registry
from tests.factories import behalf as on_behalf
from tests.factories import filings as factory

pytestmark = pytest.mark.django_db
AT, OFFICER = on_behalf.AT, on_behalf.OFFICER


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    """A report of an organization that only speaks e-mail, its plan registered."""
    made = programmes.deadline(organization=hikari)
    registry.registered(made.grant)
    return made


def type_in(deadline: Deadline, room: Any, text: str = "自分で書いた") -> None:
    given = {
        "activities": saving.Given(
            value={"kind": "text", "text": text}, blank={"kind": "text", "text": ""}, version=0
        )
    }
    with entering(room):
        saving.save_answers(deadline.pk, given=given, by=factory.EDITOR, at=AT)


def test_what_is_filed_on_behalf_is_what_typing_it_would_have_handed_in(deadline, kibou):
    filing = on_behalf.filed(deadline)
    typed = programmes.deadline(organization=kibou)
    registry.registered(typed.grant)
    other = factory.handed_in(typed)
    assert {k: v for k, v in filing.part_hashes.items() if k not in ("head", "framework")} == {
        k: v for k, v in other.part_hashes.items() if k not in ("head", "framework")
    }
    figures = ["position", "kind", "row_uuid", "progress", "text", "remark", "nothing", "shared"]
    assert list(filing.figures.order_by("position").values(*figures)) == list(
        other.figures.order_by("position").values(*figures)
    )
    assert list(verifying.differences()) == []


def test_the_original_its_sender_and_its_day_are_kept(deadline):
    data = on_behalf.filled_in(deadline)
    filing = on_behalf.filed(deadline, on_behalf.taken(deadline, data))
    sent = OnBehalf.objects.get(filing=filing)
    assert (filing.came, filing.revision, filing.days_late) == (Came.BEHALF, 1, 0)
    assert (sent.sender_name, sent.sender_address) == ("田中 一郎", "tanaka@example.jp")
    assert (sent.arrived_on, sent.filed_by_name) == (date(2026, 10, 12), "佐伯 真理")
    assert sent.original_sha256 == hashlib.sha256(data).hexdigest()
    assert files.open_(deadline.organization_id, sent.original_sha256).read() == data
    assert filing.contents["head"]["on_behalf"] == {
        "sender": "田中 一郎",
        "arrived_on": "2026-10-12",
        "original": sent.original_sha256,
    }
    assert "tanaka@example.jp" not in str(filing.contents)
    assert filing.approved_how == "mail"
    assert not ReturnedWorkbook.objects.exists()
    event = Event.objects.get(deadline_id=deadline.pk, action=Action.HANDED_IN)
    assert event.details["on_behalf"] == "田中 一郎"
    assert (deadline.state, deadline.current_filing_id) == (DeadlineState.HANDED_IN, filing.pk)


@pytest.mark.parametrize(
    ("arrived", "late"), [(date(2026, 10, 14), 0), (date(2026, 10, 15), 1), (date(2026, 10, 20), 6)]
)
def test_the_day_it_arrived_decides_whether_it_is_late_not_the_day_it_is_filed(deadline, arrived, late):
    filing = on_behalf.filed(deadline, arrived_on=arrived, at=datetime(2026, 10, 20, 3, 0, tzinfo=UTC))
    assert filing.days_late == late
    assert deadline.days_late == late
    assert deadline.grant.programme.distributor.local_date(filing.handed_in_at) == arrived
    assert filing.contents["head"]["handed_in_on"] == arrived.isoformat()


def test_an_extension_counts_for_what_arrives_too(deadline):
    deadlines.extend(deadline, to=date(2026, 10, 18), reason="台風", by=OFFICER, at=AT)
    late = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
    assert on_behalf.filed(deadline, arrived_on=date(2026, 10, 19), at=late).days_late == 1


def test_days_that_cannot_be_are_refused_with_a_sentence(deadline):
    kept = on_behalf.taken(deadline)
    for arrived, words in ((date(2026, 10, 13), "future"), (date(2026, 9, 30), "before the round opened")):
        with pytest.raises(NotPossibleNow, match=words):
            on_behalf.filed(deadline, kept, arrived_on=arrived)
    assert not Filing.objects.exists()


def test_after_the_closing_date_only_what_arrived_before_is_filed(deadline):
    deadlines.close_on(deadline, closes_on=date(2026, 10, 16), reason="年度末", by=OFFICER, at=AT)
    deadline.refresh_from_db()
    at = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
    with pytest.raises(NotPossibleNow, match="after the closing date"):
        on_behalf.filed(deadline, arrived_on=date(2026, 10, 17), at=at)
    assert on_behalf.filed(deadline, arrived_on=date(2026, 10, 16), at=at).days_late == 2


def test_what_is_not_open_handed_in_accepted_or_waived_is_refused(deadline):
    def refusal(day: date = date(2026, 10, 12)) -> str:
        deadline.refresh_from_db()
        return workbooks.refusal(deadline, today=day)

    assert refusal() == ""
    assert "not open yet" in refusal(date(2026, 9, 1))
    filing = on_behalf.filed(deadline)
    assert "handed in already" in refusal()
    reviewing.accept(deadline, filing=filing, remarks=[], by=OFFICER, at=AT)
    assert "accepted" in refusal()
    with pytest.raises(NotPossibleNow, match="accepted"):
        on_behalf.taken(deadline, b"")


def test_a_report_without_a_plan_is_refused(hikari):
    bare = programmes.deadline(organization=hikari)
    assert "No plan" in workbooks.refusal(bare, today=date(2026, 10, 12))


def test_wrong_files_are_told_apart(deadline, kibou):
    data = on_behalf.filled_in(deadline)
    other = programmes.deadline(
        of=programmes.grant(of=deadline.grant.programme, organization=kibou), round=deadline.round
    )
    registry.registered(other.grant)
    with pytest.raises(returned.WrongWorkbook, match="another project"):
        on_behalf.taken(other, data)
    later = programmes.deadline(
        of=deadline.grant, round=programmes.round_(of=deadline.grant.programme, title="次の期")
    )
    with pytest.raises(returned.WrongWorkbook, match="another round: 進捗報告"):
        on_behalf.taken(later, data)
    with pytest.raises(returned.WrongWorkbook, match="not made by Minori"):
        on_behalf.taken(deadline, answerbooks.changed(data, lambda book: book.remove(book["_minori"])))
    for bad in (b"a,b,c\n1,2,3\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, data[:2000], b""):
        with pytest.raises(FileRefused):
            on_behalf.taken(deadline, bad)
    assert not ReturnedWorkbook.objects.exists()


def test_another_distributors_project_is_not_named(deadline, hikari):
    elsewhere = programmes.deadline(organization=hikari)
    registry.registered(elsewhere.grant)
    with pytest.raises(returned.WrongWorkbook) as refusal:
        on_behalf.taken(elsewhere, on_behalf.filled_in(deadline))
    assert deadline.grant.title not in str(refusal.value)


def test_what_is_missing_stands_in_the_way_and_is_shown_with_its_cell(deadline):
    kept = on_behalf.taken(deadline, on_behalf.filled_in(deadline, answers={"outlook": Chosen("")}))
    looked = returned.look(kept, deadline)
    assert not looked.may_be_filed
    ((problem, place),) = looked.problems("ja")
    assert problem.finding.anchor == "outlook"
    assert place.startswith("2 ")
    with pytest.raises(NotPossibleNow, match="stands in the way"):
        on_behalf.filed(deadline, kept)
    returned.correct(kept, "outlook", {"kind": "choice", "value": "3", "text": ""})
    filing = on_behalf.filed(deadline, kept)
    assert filing.contents["answers"]["outlook"]["outlook"]["value"] == "3"
    assert OnBehalf.objects.get().corrected == ["outlook"]


def test_what_nobody_can_read_waits_for_the_officer(deadline):
    row = str(registry.identity("0101"))

    def guess(book: Any) -> None:
        answerbooks.cell(answerbooks.sheet_of(book, "results"), row, "progress").value = "ぼちぼち"

    kept = on_behalf.taken(deadline, answerbooks.changed(on_behalf.filled_in(deadline), guess))
    assert [one.blocks for one in returned.look(kept, deadline).noticed()] == [True]
    with pytest.raises(NotPossibleNow, match="stands in the way"):
        on_behalf.filed(deadline, kept)
    answer = factory.row_answer("0101", "①72回", None).to_json()
    returned.correct(kept, row, answer)
    assert on_behalf.filed(deadline, kept).figures.get(row_uuid=row, kind="row").progress is None


def test_nobody_files_what_they_have_not_read(deadline):
    kept = on_behalf.taken(deadline)
    seen = returned.look(kept, deadline).seen
    returned.correct(kept, "activities", {"kind": "text", "text": "直した"})
    with pytest.raises(behalf.ChangedMeanwhile):
        on_behalf.filed(deadline, kept, seen=seen)


def test_a_draft_of_the_organization_is_named_before_filing_and_stays(deadline, hikari, kibou):
    assert workbooks.draft_saved_at(deadline) is None
    type_in(deadline, hikari)
    assert workbooks.draft_saved_at(deadline) == AT
    kept = on_behalf.taken(deadline)
    with pytest.raises(behalf.DraftBegun):
        on_behalf.filed(deadline, kept)
    on_behalf.filed(deadline, kept, draft_known=True)
    with entering(hikari):
        own = following.own_draft(deadline)
    assert own is not None
    assert own.contents["answers"]["activities"]["activities"]["text"] == "自分で書いた"
    for room in (hikari, kibou):
        with entering(room), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            workbooks.draft_saved_at(deadline)


def test_after_a_return_the_workbook_goes_on_from_what_was_filed(deadline):
    first = on_behalf.filed(deadline)
    remarks = [Remark("人数を書いてください。", anchor="activities"), Remark("お願いします。")]
    reviewing.send_back(
        deadline,
        filing=first,
        remarks=remarks,
        due_on=date(2026, 10, 20),
        by=OFFICER,
        at=AT + timedelta(hours=1),
    )
    deadline.refresh_from_db()
    ground = workbooks.ground_of(deadline, language="ja")
    assert ground.asked.keys.revision == 1
    assert ground.asked.comments["activities"] == ["人数を書いてください。"]
    data = on_behalf.filled_in(
        deadline,
        rows={"0101": {"text": "閉じた行も変えた", "progress": 3}},
        answers={"activities": Written("延べ640人")},
    )
    kept = on_behalf.taken(deadline, data)
    assert [one.anchor for one in returned.look(kept, deadline).noticed()] == [str(registry.identity("0101"))]
    with pytest.raises(NotPossibleNow, match="before the report was sent back"):
        on_behalf.filed(deadline, kept, arrived_on=date(2026, 10, 11))
    second = on_behalf.filed(deadline, kept, at=AT + timedelta(days=9), arrived_on=date(2026, 10, 21))
    assert (second.revision, second.days_late) == (2, 1)
    assert second.contents["answers"]["activities"]["activities"]["text"] == "延べ640人"
    assert second.contents["rows"] == first.contents["rows"]
    assert deadline.days_late == 0


def test_photos_that_came_along_are_cleaned_and_filed(deadline):
    from tests.tenants.evidence.pictures import jpeg

    kept = on_behalf.taken(deadline)
    field = returned.look(kept, deadline).takes_files()
    one = sent_files.add(kept, field=field, standing=0, data=jpeg(), filename="写真.jpg")
    again = sent_files.add(kept, field=field, standing=0, data=jpeg(), filename="写真2.jpg")
    assert again == one
    with pytest.raises(FileRefused):
        sent_files.add(kept, field=field, standing=0, data=b"MZ program", filename="x.jpg")
    sent_files.describe(kept, {one.uuid: ("  夏のつどい ", "free")})
    filing = on_behalf.filed(deadline, kept)
    (filed,) = filing.attachments.order_by("position")
    assert (filed.caption, filed.rights, filed.content_type) == ("夏のつどい", "free", "image/jpeg")
    assert files.open_(deadline.organization_id, filed.sha256).read()


@pytest.mark.django_db(transaction=True)
def test_the_organization_and_the_officer_at_once_one_wins_and_the_other_is_told(hikari):
    today = timezone.now().astimezone(programmes.distributor().zone).date()
    round_ = programmes.round_(opens_on=today - timedelta(days=5), due_on=today)
    deadline = programmes.deadline(
        of=programmes.grant(of=round_.programme, organization=hikari), round=round_
    )
    version = registry.registered(deadline.grant)
    now = timezone.now()
    kept = on_behalf.taken(deadline, at=now)
    seen = returned.look(kept, deadline).seen
    contents = factory.contents(
        deadline, rows={"0101": {"text": "団体から", "progress": 1}}, framework=registry.framework()
    )
    outcomes: list[str] = []
    barrier, editor = threading.Barrier(2), people.speaking(hikari)

    def run(step: Any) -> None:
        barrier.wait(timeout=20)
        with translation.override("en"):
            try:
                step()
                outcomes.append("done")
            except NotPossibleNow as refusal:
                outcomes.append(str(refusal))
            finally:
                connection.close()

    def of_the_officer() -> None:
        on_behalf.filed(
            Deadline.objects.get(pk=deadline.pk),
            kept,
            arrived_on=today,
            seen=seen,
            at=now,
            by=Actor(None, "佐伯"),
            approval=factory.APPROVAL,
        )

    def of_the_room() -> None:
        with entering(hikari):
            handing_in.hand_in(
                Deadline.objects.get(pk=deadline.pk),
                contents=contents,
                version=version,
                approval=factory.APPROVAL,
                by=editor,
                at=timezone.now(),
            )

    threads = [threading.Thread(target=run, args=[step]) for step in (of_the_officer, of_the_room)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(one == "done" for one in outcomes) == [False, True]
    assert "handed in already" in next(one for one in outcomes if one != "done")
    assert Filing.objects.filter(deadline=deadline).count() == 1
    assert (
        OnBehalf.objects.filter(filing__deadline=deadline).count()
        == Filing.objects.filter(came=Came.BEHALF).count()
    )
