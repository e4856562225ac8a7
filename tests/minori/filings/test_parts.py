"""Partial reopening: only what came back is open, another part with a reason; kept by the rule and by the database."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import parts, reviewing
from minori.filings.enums import Side
from minori.filings.models import OpenPart
from minori.filings.parts import ClosedChanged
from minori.filings.reviewing import Remark
from minori.filings.stepping import NotPossibleNow
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms.answers import Ticked, Written
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry

pytestmark = pytest.mark.django_db
AT = filings.AT
OFFICER = Actor(7, "佐伯 真理")
ROW = str(registry.identity("0101"))
GENERAL = Remark("コメントのところを直してください。")


@pytest.fixture
def deadline(hikari) -> Deadline:
    return programmes.deadline(organization=hikari)


def returned(deadline: Deadline, *anchors: str, everything: bool = False) -> Deadline:
    filing = deadline.current_filing or filings.handed_in(deadline)
    remarks = [GENERAL, *(Remark("？", anchor=anchor) for anchor in anchors)]
    reviewing.send_back(
        deadline,
        filing=filing,
        remarks=remarks,
        everything=everything,
        due_on=date(2026, 10, 20),
        by=OFFICER,
        at=AT,
    )
    deadline.refresh_from_db()
    return deadline


def open_another(deadline: Deadline, anchor: str, reason: str = "人数を数え直した") -> list[OpenPart]:
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        return parts.open_another(deadline, anchor=anchor, reason=reason, by=by, at=timezone.now())


@pytest.mark.parametrize("anchors", [(), ("activities",), ("activities", ROW)])
def test_those_who_write_are_told_the_same_as_the_pages(deadline, anchors):
    opened = parts.opened_of(returned(deadline, *anchors))
    written = parts.open_anchors_of(deadline.current_filing_id)
    assert written.everything == opened.everything
    every = {"activities", "publicity", ROW, str(registry.identity("0102")), str(registry.identity("none"))}
    assert {one for one in every if one in written} == {one for one in every if one in opened}


def test_only_what_has_a_comment_opens(deadline):
    opened = parts.opened_of(returned(deadline, "activities", ROW))
    assert "activities" in opened
    assert ROW in opened
    assert "outlook" not in opened
    assert parts.opened_of(programmes.deadline(of=deadline.grant)).everything


def test_without_anchors_or_when_asked_for_everything_opens(deadline, kibou):
    assert parts.opened_of(returned(deadline)).everything
    other = returned(programmes.deadline(organization=kibou), "activities", everything=True)
    assert parts.opened_of(other).everything


def test_a_return_needs_words_on_the_whole_report(deadline):
    filing = filings.handed_in(deadline)
    remarks = [Remark("？", anchor="activities")]
    with pytest.raises(NotPossibleNow, match=r"whole report|全体"):
        reviewing.send_back(
            deadline, filing=filing, remarks=remarks, due_on=date(2026, 10, 20), by=OFFICER, at=AT
        )


def test_closed_parts_cannot_change_with_the_next_revision(deadline):
    returned(deadline, "activities")
    with pytest.raises(ClosedChanged):
        filings.handed_in(deadline, rows={"0101": {"text": "書き換えた", "progress": 1}})
    with pytest.raises(ClosedChanged):
        filings.handed_in(deadline, attachments=[filings.photo()])
    assert filings.handed_in(deadline, answers={"activities": Written("直した")}).revision == 2


def test_what_was_opened_with_a_reason_can_change(deadline):
    returned(deadline, "activities")
    (part,) = open_another(deadline, ROW)
    assert (part.side, part.reason, part.by_name) == (Side.ROOM, "人数を数え直した", "佐藤 和子")
    assert open_another(deadline, ROW, "もう一度") == []  # a double click
    event = Event.objects.get(action=Action.PART_OPENED)
    assert event.details == {"anchor": ROW, "reason": "人数を数え直した"}
    filing = filings.handed_in(deadline, rows={"0101": {"text": "数え直した", "progress": 2}})
    assert filing.revision == 2
    assert deadline.state == DeadlineState.HANDED_IN


def test_photos_open_with_their_field(deadline):
    returned(deadline, "activities")
    open_another(deadline, "photos")
    assert filings.handed_in(deadline, attachments=[filings.photo()]).revision == 2


def test_what_hangs_on_a_part_opens_with_it(deadline):
    edition = filings.edition()
    follower = next(field for field in edition.fields if field.asked_after)
    opened = parts.opened_of(returned(deadline, follower.asked_after))
    assert follower.key in opened


def test_a_row_that_came_into_the_plan_since_then_is_open(deadline):
    opened = parts.opened_of(returned(deadline, "activities"))
    assert ROW not in opened
    assert str(registry.identity("a row of the next version")) in opened


@pytest.mark.parametrize(
    ("anchor", "reason"),
    [("activities", " "), ("nowhere", "理由"), ("", "理由"), (str(registry.identity("x")), "?")],
)
def test_nothing_opens_without_a_reason_or_where_nothing_is(deadline, anchor, reason):
    returned(deadline, "outlook")
    with pytest.raises(NotPossibleNow):
        open_another(deadline, anchor, reason)
    assert OpenPart.objects.filter(side=Side.ROOM).count() == 0


def test_nothing_opens_unless_the_report_is_returned(deadline):
    filings.handed_in(deadline)
    with pytest.raises(NotPossibleNow):
        open_another(deadline, "activities")


def refused(query: str, *params: object) -> str:
    with (
        pytest.raises((IntegrityError, ProgrammingError)) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(query, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)


INSERT = (
    "INSERT INTO public.filings_openpart (deadline_id, organization_id, filing_id, anchor, side, reason, at, by_id,"
    " by_name) SELECT %s, %s, %s, %s, %s, %s, now(), p.id, p.name FROM public.accounts_person p"
    " JOIN public.accounts_membership m ON m.person_id = p.id LIMIT 1"
)


def test_the_database_opens_parts_of_returned_reports_only(deadline, hikari):
    filing = filings.handed_in(deadline)
    people.member(hikari)
    row = (deadline.pk, hikari.pk, filing.pk)
    with entering(hikari):
        assert "only while its filing is returned" in refused(INSERT, *row, "outlook", "room", "理由")
    returned(deadline, "activities")
    with entering(hikari):
        for values in (("outlook", "room", ""), ("", "room", "理由")):
            assert "an_organization_opens_a_part_with_a_reason" in refused(INSERT, *row, *values)
        assert "row-level security" in refused(INSERT, *row, "outlook", "desk", "")
    assert "never changed" in refused(
        "UPDATE filings_openpart SET anchor = '' WHERE filing_id = %s", filing.pk
    )


def test_a_room_opens_nothing_of_another_organization(deadline, hikari, kibou):
    theirs = returned(programmes.deadline(organization=kibou), "activities")
    people.member(hikari)
    with entering(hikari):
        row = (theirs.pk, hikari.pk, theirs.current_filing_id, "outlook", "room", "理由")
        assert "returned" in refused(INSERT, *row)
        assert not OpenPart.objects.exists()


def test_the_database_itself_keeps_closed_parts(deadline, monkeypatch):
    """With the rule switched off, the trigger refuses: what it compares is the papers themselves."""
    returned(deadline, "activities")
    monkeypatch.setattr("minori.filings.handing_in.must_leave_closed_parts", lambda *_: None)
    for change in (
        {"rows": {"0101": {"text": "書き換えた", "progress": 1}}},
        {"answers": {"changes": Ticked(("content",))}},
        {"attachments": [filings.photo()]},
    ):
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            filings.handed_in(deadline, **change)
    filings.handed_in(deadline, answers={"activities": Written("直した")})
