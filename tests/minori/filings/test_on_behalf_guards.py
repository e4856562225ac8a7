"""Past the rules: what the database says to a desk or a room that marks a filing as it is not."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.filings import handing_in
from minori.filings.behalf import OnBehalf
from minori.filings.models import Figure, Filing
from minori.programmes.models import Deadline
from minori.report_forms.contents import Contents
from minori.tenancy.rooms import entering
from tests.factories import behalf, people, programmes, registry
from tests.minori.filings import by_hand
from tests.minori.filings.test_papers_by_hand import MOVE

pytestmark = pytest.mark.django_db


@pytest.fixture
def example(hikari: Any) -> Filing:
    """A filing on behalf, to copy from."""
    deadline = programmes.deadline(organization=hikari)
    registry.registered(deadline.grant)
    return behalf.filed(deadline)


@pytest.fixture
def other(example: Filing) -> Deadline:
    """Another open report of the same organization, due long ago."""
    today = timezone.now().date()
    round_ = programmes.round_(
        of=example.deadline.grant.programme,
        opens_on=today - timedelta(days=60),
        due_on=today + timedelta(days=3),
    )
    return programmes.deadline(of=example.deadline.grant, round=round_)


def insert(
    example: Filing,
    other: Deadline,
    *,
    came: str,
    head: Any,
    at: datetime | None = None,
    approved: bool = True,
    by: Actor | None = None,
) -> str:
    """What the database says to a filing that goes its whole way past the rules, honest but for this; "" where it takes it.

    Nothing of it stays.
    """

    def paper(contents: Any) -> None:
        contents["head"] |= {"revision": 1, "on_behalf": head}
        if head is None:
            del contents["head"]["on_behalf"]
        if not approved:
            contents["head"]["approval"] = None

    columns = {} if approved else {"approved_by_name": "", "approved_how": "", "approved_on": None}
    filing = by_hand.next_filing(
        example.deadline,
        paper=paper,
        by=by,
        at=at,
        days_late=0,
        deadline_id=other.pk,
        revision=1,
        came=came,
        **columns,
    )
    try:
        with transaction.atomic():
            filing.save(force_insert=True)
            Figure.objects.bulk_create(handing_in.figure_rows(filing, Contents.from_json(filing.contents)))
            said = by_hand.refusal(
                (MOVE.format(""), (filing.pk, filing.handed_in_at, 0, other.pk)), by_hand.telling(filing)
            )
            transaction.set_rollback(True)
    except DatabaseError as refusal:
        return str(refusal)
    return said


def local(deadline: Deadline, at: datetime) -> date:
    return deadline.grant.programme.distributor.local_date(at)


def head(day: date | None = None) -> Any:
    shown = day or timezone.now().astimezone(programmes.Distributor(time_zone="Asia/Tokyo").zone).date()
    return {"sender": "田中", "arrived_on": shown.isoformat(), "original": "a" * 64}


def test_the_desk_files_on_behalf_only_with_what_was_sent(example, other):
    assert "keeps what was sent" in insert(example, other, came="behalf", head=head())
    assert "says on which day" in insert(example, other, came="behalf", head=None)
    assert "says on which day" in insert(example, other, came="behalf", head=head(other.round.opens_on))
    assert "who approved" in insert(example, other, came="behalf", head=head(), approved=False)
    assert "files on behalf" in insert(example, other, came="room", head=None)
    assert "files on behalf" in insert(example, other, came="anything", head=None)


def test_nothing_arrives_tomorrow_or_before_it_was_asked_for(example, other):
    tomorrow = timezone.now() + timedelta(days=1)
    assert "future" in insert(example, other, came="behalf", head=head(local(other, tomorrow)), at=tomorrow)
    early = timezone.now() - timedelta(days=80)
    assert "before it was asked for" in insert(
        example, other, came="behalf", head=head(local(other, early)), at=early
    )


def test_what_the_desk_takes_over_from_before_says_so(example, other):
    assert insert(example, other, came="history", head=None) == ""


def test_a_room_cannot_mark_anything_as_filed_for_it(example, other, hikari):
    by = people.speaking(hikari)
    with entering(hikari):
        assert insert(example, other, came="room", head=None, by=by) == ""
        for came in ("behalf", "history"):
            assert "a room hands in itself" in insert(example, other, came=came, head=head(), by=by)
        assert "not filed on behalf" in insert(example, other, came="room", head=head(), by=by)


def test_what_was_sent_is_read_by_its_room_alone_and_never_changed(example, hikari, kibou):
    with entering(hikari):
        assert OnBehalf.objects.get().sender_name == "田中 一郎"
        for act in (
            lambda: OnBehalf.objects.update(sender_name="だれか"),
            lambda: OnBehalf.objects.all().delete(),
            lambda: OnBehalf.objects.bulk_create([OnBehalf.objects.get()]),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
    with entering(kibou):
        assert not OnBehalf.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        OnBehalf.objects.update(arrived_on="2026-10-01")


def test_what_was_sent_is_what_the_filing_says(example, hikari):
    facts = OnBehalf.objects.filter(filing=example).values().get()
    del facts["id"]
    for changed in ({"sender_name": "べつの人"}, {"arrived_on": "2026-10-01"}, {"original_sha256": "b" * 64}):
        with (
            pytest.raises(DatabaseError, match="what was sent is what the filing says"),
            transaction.atomic(),
        ):
            OnBehalf.objects.create(**(facts | changed))


def test_a_room_records_no_step_of_filing_on_behalf(example, hikari):
    by, at = people.speaking(hikari), timezone.now()
    with entering(hikari):
        with pytest.raises(DatabaseError), transaction.atomic():
            record(Action.HANDED_IN, by=by, at=at, organization_id=hikari.pk, details={"on_behalf": "田中"})
        with pytest.raises(DatabaseError), transaction.atomic():
            record(Action.WORKBOOK_SENT, by=by, at=at, organization_id=hikari.pk)
