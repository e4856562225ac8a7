"""The demo shows every state, says what the seed says, and is loaded once."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

import pytest

from minori.programmes.enums import Standing
from minori.programmes.models import Deadline, Grant, Programme
from tests.factories import demo
from tests.seed import report
from workers.demo.dates import TOKYO

AT = datetime(2026, 11, 24, 9, 0, tzinfo=TOKYO)
TODAY = AT.date()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), demo.loaded(AT):
        yield


@pytest.fixture
def current(loaded: None, db: None) -> Programme:
    return Programme.objects.get(code="minori-ibasho")


def standings(programme: Programme, number: int) -> dict[str, Standing]:
    deadlines = Deadline.objects.filter(grant__programme=programme, round__number=number)
    return {one.grant.code.removeprefix("ibasho-"): one.standing(TODAY) for one in deadlines.order_by("pk")}


def test_the_current_round_shows_every_state(current: Programme) -> None:
    assert standings(current, 2) == {
        "tsumugi": Standing.ACCEPTED,
        "hidamari": Standing.HANDED_IN,
        "minamo": Standing.HANDED_IN,
        "tomarigi": Standing.OVERDUE,
        "kotoba": Standing.RETURNED,
        "inaho": Standing.WAIVED,
        "akatsuki": Standing.OPEN,
        "suzuran": Standing.ACCEPTED,
        "suzuran-2": Standing.HANDED_IN,
    }
    late = Deadline.objects.filter(grant__programme=current, round__number=2, days_late__gt=0)
    assert [(one.grant.code, one.days_late) for one in late] == [("ibasho-minamo", 2)]
    assert Deadline.objects.get(grant__code="ibasho-akatsuki", round__number=2).extended_to > TODAY


def test_everybody_was_accepted_in_the_last_round(current: Programme) -> None:
    assert set(standings(current, 1).values()) == {Standing.ACCEPTED}
    assert set(standings(current, 3).values()) == {Standing.NOT_OPEN}


def test_the_map_has_every_code_blanks_a_span_and_rows_that_got_worse(current: Programme) -> None:
    from reporting.summaries.models import Summary

    contents = Summary.objects.get(programme=current, round__number=2).contents
    assert all(contents["totals"]["codes"][code] for code in ("1", "2", "3", "4", "blank"))
    assert contents["totals"]["worse"] == 3
    cells = [cell for line in contents["map"] for cell in line["cells"]]
    assert [cell["code"] for cell in cells if cell["covered_by"]] == ["b.2", "b.3"]
    assert all(line["last_counts"] for line in contents["map"])


def test_the_returned_report_can_be_gone_on_with_in_its_room(current: Programme) -> None:
    from minori.filings.models import Comment
    from minori.tenancy.rooms import entering
    from tenants.reports import drafts

    deadline = Deadline.objects.get(grant__code="ibasho-kotoba", round__number=2)
    assert deadline.returned_due_on > TODAY
    asked = Comment.objects.filter(deadline=deadline, answers=None).order_by("pk")
    assert [one.replies.count() for one in asked] == [0, 1, 0, 0]
    with entering(deadline.organization):
        copy = drafts.read(deadline)
        assert copy.findings.may_be_handed_in
        assert copy.contents().rows == _filed(deadline).rows


def test_one_plan_waits_for_the_officer_and_one_for_the_organization(current: Programme) -> None:
    from minori.registry.change_models import ChangeRequest
    from minori.registry.models import FrameworkVersion

    waiting = ChangeRequest.objects.filter(state="waiting")
    assert [one.grant.code for one in waiting] == ["ibasho-akatsuki"]
    unconfirmed = FrameworkVersion.objects.filter(confirmed_at=None)
    assert [one.grant.code for one in unconfirmed] == ["ibasho-tomarigi"]


def test_the_historical_filing_says_what_the_seed_says(loaded: None, db: None) -> None:
    deadline = Deadline.objects.get(grant__code="seishinryo")
    assert deadline.state == "handed_in"
    assert deadline.current_filing.handed_in_at.astimezone(TOKYO).date() == date(2022, 10, 14)
    assert (deadline.days_late, deadline.comments.count(), deadline.filings.count()) == (0, 0, 1)
    filed = _filed(deadline)
    assert filed.framework == report.framework()
    assert filed.rows == report.rows()
    assert {key: filed.answers[key] for key in report.answers()} == report.answers()
    head = report.demo()["head"]
    assert (filed.head.project_title, filed.head.distributor, filed.head.organization) == (
        head["project_title"],
        head["distributor"],
        head["organization"],
    )
    assert filed.head.handed_in_on.isoformat() == head["handed_in_on"]
    assert filed.head.revision == 1
    assert filed.attachments == ()


def test_figures_and_summaries_are_those_of_the_filings_and_fresh(loaded: None, db: None) -> None:
    from minori.filings import verifying as papers
    from minori.programmes.models import Round
    from reporting.summaries import compiling
    from reporting.summaries import verifying as summaries

    assert list(chain(papers.differences(), summaries.differences())) == []
    assert [one for one in Round.objects.all() if not compiling.is_fresh(one)] == []


def test_everybody_signs_in_with_the_password_and_belongs_somewhere(loaded: None, db: None) -> None:
    from minori.accounts.models import User
    from workers.demo import sign_ins

    users = {user.email: user for user in User.objects.all()}
    assert sorted(users) == sorted(one.address for one in sign_ins())
    for one in sign_ins():
        user = users[one.address]
        assert user.is_active
        houses = user.person.memberships.count() + user.person.staff_memberships.count()
        assert houses or user.is_administrator
    # one hash for all of them: making and checking hashes is slow on purpose
    assert len({user.password for user in users.values()}) == 1
    assert users["saeki@example.jp"].check_password(sign_ins()[0].password)
    assert users["takahashi@example.jp"].person.memberships.count() == 2


def test_only_those_who_are_known_are_told_of(loaded: None, db: None, capsys: Any) -> None:
    """A demo loaded by an earlier version has fewer people than this one would make."""
    from minori.accounts.models import User
    from workers.commands import demo as command

    User.objects.filter(email="admin@example.jp").update(email="somebody-else@example.jp")
    assert command.run(Namespace(if_empty=True)) == 0
    told = capsys.readouterr().out
    assert "Demo sign-ins" in told
    assert "saeki@example.jp" in told
    assert "admin@example.jp" not in told


def test_a_second_load_does_nothing(loaded: None, db: None, capsys: Any) -> None:
    from minori.audit.models import Event
    from workers.commands import demo as command

    before = (Event.objects.count(), Grant.objects.count())
    assert command.run(Namespace(if_empty=False)) == 0
    assert "loaded already" in capsys.readouterr().out
    assert (Event.objects.count(), Grant.objects.count()) == before


def _filed(deadline: Deadline) -> Any:
    from minori.report_forms.contents import Contents

    return Contents.from_json(deadline.current_filing.contents)


def test_the_distributor_has_a_plan_of_its_own_with_links_and_with_proposals_left(current: Programme) -> None:
    from minori.organizations.enums import OrganizationState
    from reporting.own import below, own_plans, queries

    own = own_plans.own_grant(current)
    assert own is not None
    assert own.organization.name == current.distributor.name
    assert own.organization.state == OrganizationState.ACTIVE
    linked = list(queries.standing(own))
    named, known = queries.plans(own), {(one.grant_id, one.row_uuid) for one in linked}
    left = [(pk, row.uuid) for pk in named.theirs for row in named.rows(pk) if (pk, row.uuid) not in known]
    assert len(linked) == 16
    assert left, "nothing is left for the page of links to propose"
    rows = below.rows_of(named, linked, queries.compiled(current, 2))
    assert [one.row.support.value for one in rows].count("non_financial") == 3
