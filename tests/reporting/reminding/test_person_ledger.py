"""The page of all mails to one person: of one's own programmes only, with what became of each."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.models import Membership
from minori.audit.trail import Actor
from minori.mail import notices
from minori.mail.enums import Kind, Ladder, Outcome, Reason
from minori.mail.models import LedgerEntry, Message
from minori.mail.waiting_models import WaitingStep
from minori.programmes import deadlines
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
        step="after-3",
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
    assert page.count("<tr>") == 1 + steps.count() + 2
    for words in (notice.subject, "次の段階のお知らせにまとめました", "tanaka@hikari.example"):
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


QUERIES = 12
