"""Handing in and recalling: frozen papers, revisions, lateness in the distributor's zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.enums import FigureKind, Side
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Comment, Figure, Filing
from minori.filings.reviewing import Remark
from minori.programmes import deadlines
from minori.programmes.enums import DeadlineState, Standing
from minori.programmes.models import Deadline
from minori.report_forms.answers import Progress
from minori.report_forms.contents import Contents, hash_of
from minori.report_forms.figures import figures_of
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry

OFFICER = Actor(person_id=7, name="佐伯 真理")
WRITER = Actor(person_id=8, name="佐藤 和子")
DUE = date(2026, 10, 14)


@pytest.fixture
def deadline(hikari) -> Deadline:
    return programmes.deadline(organization=hikari)


def tokyo(text: str) -> datetime:
    """An instant written in Tokyo's time."""
    return datetime.fromisoformat(f"{text}+09:00")


def returned(deadline: Deadline, *, at: datetime = filings.AT, due_on: date = date(2026, 10, 20)) -> Deadline:
    filing = deadline.current_filing or filings.handed_in(deadline, at=at)
    remarks = [Remark("時期を書き足してください。")]
    reviewing.send_back(deadline, filing=filing, remarks=remarks, due_on=due_on, by=OFFICER, at=at)
    deadline.refresh_from_db()
    return deadline


def test_handing_in_freezes_contents_figures_and_photos_together(deadline):
    photos = [filings.photo(1), filings.photo(2)]
    filing = filings.handed_in(deadline, by=WRITER, attachments=photos)
    assert (deadline.state, deadline.current_filing_id) == (DeadlineState.HANDED_IN, filing.pk)
    assert (filing.revision, filing.days_late, deadline.days_late) == (1, 0, 0)
    assert deadline.first_handed_in_at == filings.AT
    assert [one.sha256 for one in filing.attachments.order_by("position")] == [one.sha256 for one in photos]
    frozen = Contents.from_json(filing.contents)
    assert frozen.head.handed_in_on == date(2026, 10, 10)
    assert (frozen.head.handed_in_by.id, frozen.head.handed_in_by.name) == ("8", "佐藤 和子")
    assert frozen.head.approval is not None
    assert frozen.head.approval.approved_by == filing.approved_by_name == "施設長"


def test_the_figures_are_a_function_of_the_contents(deadline):
    rows = [filings.row_answer("0101", progress=Progress.OTHER, remark="会場が使えなかった")]
    filing = filings.handed_in(deadline, rows=rows)
    again = figures_of(Contents.from_json(filing.contents))
    stored = list(Figure.objects.filter(filing=filing).order_by("position"))
    assert [(one.position, one.kind, one.row_uuid, one.indicator_uuid) for one in stored] == [
        (one.position, one.kind.value, one.row, one.indicator) for one in again
    ]
    assert [(one.progress, one.remark, one.text, one.shared) for one in stored] == [
        (one.progress, one.remark, one.text, one.shared) for one in again
    ]
    assert [one.progress for one in stored] == [4, None, None]
    assert [one.text for one in stored[1:]] == ["75回ひらいた。", "のべ820人"]


def test_the_hash_is_that_of_the_part_hashes_and_one_part_can_be_checked_by_itself(deadline):
    filing = filings.handed_in(deadline)
    frozen = Contents.from_json(filing.contents)
    assert filing.part_hashes == frozen.part_hashes()
    assert filing.hash == hash_of(filing.part_hashes)
    other = replace(frozen, head=replace(frozen.head, project_title="別の事業"))
    changed = {name for name, value in other.part_hashes().items() if value != filing.part_hashes[name]}
    assert changed == {"head"}


def test_the_step_is_recorded_in_the_same_transaction(deadline):
    filing = filings.handed_in(deadline, by=WRITER)
    event = Event.objects.get(action=Action.HANDED_IN)
    assert (event.from_state, event.to_state, event.filing_id) == ("awaiting", "handed_in", filing.pk)
    assert (event.person_id, event.person_name) == (8, "佐藤 和子")
    assert (event.programme_id, event.round_id) == (deadline.grant.programme_id, deadline.round_id)
    assert event.details == {"revision": 1, "days_late": 0, "hash": filing.hash}


def test_an_organization_hands_in_from_its_room_and_never_into_another(deadline, hikari, kibou):
    other = programmes.deadline(
        of=programmes.grant(of=deadline.grant.programme, organization=kibou), round=deadline.round
    )
    version, paper = registry.registered(deadline.grant), filings.contents(deadline)
    registry.registered(other.grant)
    asked = {
        "contents": paper,
        "version": version,
        "approval": filings.APPROVAL,
        "by": people.speaking(hikari),
        "at": timezone.now(),
    }
    with entering(hikari):
        filing = handing_in.hand_in(deadline, **asked)
        with pytest.raises(Deadline.DoesNotExist):
            handing_in.hand_in(other, **asked)
        assert list(Filing.objects.all()) == [filing]
    with entering(kibou):
        assert not Filing.objects.exists()
    other.refresh_from_db()
    assert other.state == DeadlineState.AWAITING


def test_a_report_that_waits_for_review_is_not_handed_in_again(deadline):
    filings.handed_in(deadline)
    with pytest.raises(NotPossibleNow):
        filings.handed_in(deadline)
    assert deadline.filings.count() == 1


def test_a_report_that_is_not_required_is_not_handed_in(deadline):
    deadlines.waive(deadline, reason="事業開始前", by=OFFICER, at=filings.AT)
    with pytest.raises(NotPossibleNow):
        filings.handed_in(deadline)


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-10-14T23:59:59", 0),
        ("2026-10-15T00:00:00", 1),
        ("2026-10-15T08:59:00", 1),
        ("2026-10-20T00:00:00", 6),
    ],
)
def test_late_begins_at_midnight_of_the_distributor(deadline, at, late):
    filing = filings.handed_in(deadline, at=tokyo(at))
    assert (filing.days_late, deadline.days_late) == (late, late)


def test_another_zone_has_another_midnight(hikari):
    zone = programmes.distributor(time_zone="America/Los_Angeles")
    deadline = programmes.deadline(of=programmes.grant(of=programmes.programme(of=zone), organization=hikari))
    # 15 October 15:59 in Tokyo is still the 14th, 23:59 there
    filing = filings.handed_in(deadline, at=datetime(2026, 10, 15, 6, 59, tzinfo=UTC))
    assert filing.days_late == 0
    assert Contents.from_json(filing.contents).head.handed_in_on == DUE


@pytest.mark.parametrize(("at", "late"), [("2026-10-21T23:59:00", 0), ("2026-10-22T00:00:00", 1)])
def test_late_is_measured_against_the_extension(deadline, at, late):
    deadlines.extend(deadline, to=date(2026, 10, 21), reason="災害", by=OFFICER, at=filings.AT)
    assert filings.handed_in(deadline, at=tokyo(at)).days_late == late


def test_overdue_begins_at_the_same_moment_as_late(deadline):
    assert deadline.standing(DUE) == Standing.OPEN
    assert deadline.standing(DUE + timedelta(days=1)) == Standing.OVERDUE


def test_lateness_is_that_of_the_first_revision(deadline):
    filings.handed_in(deadline, at=tokyo("2026-10-16T10:00:00"))
    returned(deadline, at=tokyo("2026-10-17T10:00:00"), due_on=date(2026, 10, 24))
    second = filings.handed_in(deadline, at=tokyo("2026-10-20T10:00:00"))
    assert (second.revision, deadline.days_late) == (2, 2)


def test_a_new_revision_is_measured_against_the_returns_own_date(deadline):
    returned(deadline, due_on=date(2026, 10, 20))
    in_time = filings.handed_in(deadline, at=tokyo("2026-10-20T23:59:00"))
    assert (in_time.days_late, deadline.days_late) == (0, 0)
    returned(deadline, at=tokyo("2026-10-21T10:00:00"), due_on=date(2026, 10, 23))
    late = filings.handed_in(deadline, at=tokyo("2026-10-25T00:00:00"))
    assert (late.revision, late.days_late, deadline.days_late) == (3, 2, 0)


def test_a_report_is_recalled_while_nobody_reads_it(deadline):
    filing = filings.handed_in(deadline)
    handing_in.recall(deadline, by=WRITER, at=filings.AT)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.current_filing) == (DeadlineState.AWAITING, None)
    assert (deadline.first_handed_in_at, deadline.days_late) == (None, None)
    assert Filing.objects.get() == filing
    assert Event.objects.get(action=Action.RECALLED).filing_id == filing.pk


def test_a_recalled_report_comes_again_as_the_next_revision_and_is_measured_anew(deadline):
    filings.handed_in(deadline)
    handing_in.recall(deadline, by=WRITER, at=filings.AT)
    again = filings.handed_in(deadline, at=tokyo("2026-10-16T09:00:00"))
    assert (again.revision, again.days_late, deadline.days_late) == (2, 2, 2)


def test_a_report_that_is_being_read_is_not_recalled(deadline):
    filings.handed_in(deadline)
    reviewing.begin_reading(deadline, by=OFFICER, at=filings.AT)
    with pytest.raises(NotPossibleNow):
        handing_in.recall(deadline, by=WRITER, at=filings.AT)
    deadline.refresh_from_db()
    assert deadline.state == DeadlineState.HANDED_IN


def test_a_report_that_was_sent_back_once_is_not_recalled(deadline):
    returned(deadline)
    filings.handed_in(deadline)
    with pytest.raises(NotPossibleNow):
        handing_in.recall(deadline, by=WRITER, at=filings.AT)


def test_nothing_to_recall_is_said(deadline):
    with pytest.raises(NotPossibleNow):
        handing_in.recall(deadline, by=WRITER, at=filings.AT)


def test_the_organization_answers_and_deals_with_a_comment_from_its_room(deadline, hikari, kibou):
    returned(deadline)
    comment = Comment.objects.get()
    by, now = people.speaking(hikari), timezone.now()
    with entering(kibou):
        assert not Comment.objects.exists()
    with entering(hikari):
        reply = handing_in.answer(comment, body="9月末現在です。", by=by, at=now)
        handing_in.deal_with(comment, by=by, at=now)
    assert (reply.side, reply.answers_id, reply.anchor) == (Side.ROOM, comment.pk, "")
    comment.refresh_from_db()
    assert (comment.dealt_with_at, comment.dealt_with_by_name) == (now, "佐藤 和子")
    with entering(hikari):
        handing_in.deal_with(comment, by=by, at=now, done=False)
    comment.refresh_from_db()
    assert (comment.dealt_with_at, comment.dealt_with_by_name) == (None, "")


def test_an_empty_answer_is_none(deadline):
    returned(deadline)
    with pytest.raises(NotPossibleNow):
        handing_in.answer(Comment.objects.get(), body=" 　\n", by=WRITER, at=filings.AT)
    assert Comment.objects.count() == 1


def test_nothing_to_report_is_filed_with_its_lines_and_cannot_stand_beside_a_text(deadline):
    filing = filings.handed_in(deadline, rows={"0101": {"nothing": True, "text": " "}})
    lines = Figure.objects.filter(filing=filing).order_by("position")
    assert lines.filter(nothing=True).count() == 3, "the row and its two indicators"
    assert filing.format == 2
    with pytest.raises(IntegrityError, match="nothing_to_report_has_no_text"), transaction.atomic():
        Figure.objects.create(
            filing=filing,
            organization_id=filing.organization_id,
            position=99,
            kind=FigureKind.ROW,
            row_uuid=lines[0].row_uuid,
            level="output",
            support="financial",
            nothing=True,
            text="3回",
        )
