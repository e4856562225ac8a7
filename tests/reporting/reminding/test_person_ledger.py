"""The page of all mails to one person: of one's own programmes only, with what became of each."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import Role
from minori.accounts.models import Membership
from minori.audit.trail import Actor
from minori.mail import notices
from minori.mail.enums import Kind, Ladder, Outcome, Reason
from minori.mail.models import LedgerEntry, Message
from minori.mail.waiting_models import WaitingStep
from minori.programmes import deadlines
from reporting.reminding import person_ledger
from tests.factories import programmes

AT = datetime.fromisoformat("2026-10-21T10:00:00+09:00")


def page_of(member: Membership) -> str:
    return reverse("reminding:person", kwargs={"slug": member.organization.slug, "pk": member.pk})


@pytest.fixture
def member(overdue) -> Membership:
    return Membership.objects.select_related("organization").get(person__name="田中 恵")


def test_reminders_waits_and_notices_stand_in_one_list(desk, swept, overdue, member):
    WaitingStep.objects.create(
        programme=overdue.grant.programme,
        deadline=overdue,
        ladder=Ladder.APPROVER,
        about="approval:1",
        step="approver-3",
        person=member.person,
        decided_at=AT,
        outcome=Outcome.SKIPPED,
        reason=Reason.DONE,
    )
    deadlines.extend(
        overdue, to=date(2099, 1, 9), reason="台風", by=Actor(None, "佐伯 真理"), at=timezone.now()
    )
    notices.plan(at=timezone.now())
    notice = Message.objects.get(person=member.person, kind=Kind.NOTICE)
    page = desk.get(page_of(member)).content.decode()
    steps = LedgerEntry.objects.filter(deadline=overdue)
    assert steps.count() > 1
    assert page.partition('id="written"')[2].count("<tr>") == 1 + steps.count() + 2
    for words in (
        notice.subject,
        "承認者に確認を依頼：3日後",
        "14日前",
        "次の段階のお知らせにまとめました",
        "tanaka@hikari.example",
    ):
        assert words in page
    assert (
        page_of(member) in desk.get(f"/desk/setup/organizations/{member.organization.slug}/").content.decode()
    )


def test_what_another_distributor_wrote_is_not_shown(desk, swept, theirs, overdue, member):
    elsewhere = programmes.grant(organization=member.organization, of=theirs.programme)
    other = programmes.deadline(
        of=elsewhere, round=programmes.round_(of=theirs.programme, title="よその報告")
    )
    deadlines.extend(
        other, to=date(2099, 1, 9), reason="台風", by=Actor(None, "よそ 太郎"), at=timezone.now()
    )
    notices.plan(at=timezone.now())
    assert Message.objects.filter(person=member.person, kind=Kind.NOTICE).exists()
    assert "よその報告" not in desk.get(page_of(member)).content.decode()
    strangers = Membership.objects.get(person__name="別団体 太郎")
    assert desk.get(page_of(strangers)).status_code == 404
    mixed = reverse("reminding:person", kwargs={"slug": member.organization.slug, "pk": strangers.pk})
    assert desk.get(mixed).status_code == 404


def test_the_reminders_to_come_to_a_person_stand_with_their_days(desk, ahead, overdue):
    writer = Membership.objects.select_related("person__user").get(organization=ahead.organization)
    at = datetime.fromisoformat("2099-10-08T10:00:00+09:00")
    found = person_ledger.coming(writer, programmes=[ahead.grant.programme], at=at)
    assert [(one.on, one.step, one.asks) for one in found if one.deadline == ahead] == [
        (date(2099, 10, 9), "3日前", False),
        (date(2099, 10, 14), "当日", False),
        (date(2099, 10, 15), "1日後", False),
        (date(2099, 10, 21), "7日後", True),
        (date(2099, 10, 28), "14日後", True),
    ]
    assert person_ledger.coming(writer, programmes=[], at=at) == []
    section = (
        desk.get(page_of(writer)).content.decode().partition('id="coming"')[2].partition("</section>")[0]
    )
    assert "受付開始" in section
    assert ahead.round.title in section
    writer.role = Role.READER
    writer.save()
    assert person_ledger.coming(writer, programmes=[ahead.grant.programme], at=at) == []


@pytest.fixture
def ahead(grant, hikari, overdue):
    """A report of hikari's later round, due on a Wednesday far ahead."""
    later = programmes.round_(
        of=grant.programme, number=2, due_on=date(2099, 10, 14), opens_on=date(2099, 10, 1)
    )
    return programmes.deadline(of=grant, round=later)


@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.usefixtures("swept")
def test_the_number_of_queries_is_fixed(desk, overdue, member, django_assert_num_queries, more):
    for number in range(more):
        grant = programmes.grant(organization=member.organization, of=overdue.grant.programme)
        report = programmes.deadline(of=grant, round=overdue.round)
        deadlines.extend(
            report,
            to=date(2099, 1, 9 + number),
            reason="台風",
            by=Actor(None, "佐伯 真理"),
            at=timezone.now(),
        )
    deadlines.extend(
        overdue, to=date(2099, 1, 9), reason="台風", by=Actor(None, "佐伯 真理"), at=timezone.now()
    )
    notices.plan(at=timezone.now())
    with django_assert_num_queries(QUERIES):
        desk.get(page_of(member))


QUERIES = 17
