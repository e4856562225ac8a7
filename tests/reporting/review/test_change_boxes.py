"""Change requests around the officer's home, the board, the mails and a report's change boxes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import Role
from minori.filings import consulting, reviewing
from minori.filings.enums import Side
from minori.mail import notices
from minori.mail.models import Message
from minori.registry import change_links, changes
from minori.registry.change_models import ChangeLink
from minori.registry.enums import Party
from minori.report_forms.answers import Chosen, Ticked
from minori.tenancy.rooms import entering
from reporting.summaries import compiling
from tenants.reports import consultations
from tests.factories import changes as make
from tests.factories import filings, people, programmes, registry

NOW = timezone.now()


@pytest.fixture
def report(hikari, kibou):
    """Hikari's report; Kibou in the same round has one too, with the same plan."""
    round_ = programmes.round_()
    for organization in (kibou, hikari):
        grant = programmes.grant(
            of=round_.programme, organization=organization, code=f"{organization.slug}-1"
        )
        programmes.deadline(of=grant, round=round_)
        registry.registered(grant)
        people.member(organization, Role.EDITOR)
    return hikari.grants.get().deadlines.get()


@pytest.fixture
def desk(client, report):
    officer = people.officer(report.grant.programme.distributor)
    report.grant.lead_officer = officer
    report.grant.save()
    return people.sign_in(client, officer)


def review(desk, report):
    reviewing.begin_reading(report, by=make.OFFICER, at=filings.AT + timedelta(hours=1))
    return desk.get(reverse("review:deadline", kwargs={"deadline": report.pk})).content.decode()


def test_what_waits_stands_on_the_officers_home_and_the_board(desk, report):
    make.sent(report.grant)
    home = desk.get(reverse("review:index")).content.decode()
    assert "決定を待つ変更申請" in home
    assert reverse("setup:change_request", kwargs={"code": "hikari-1", "number": 1}) in home
    compiling.compile_round(report.round.pk, at=NOW)
    board = reverse("portfolio:programme", kwargs={"code": report.grant.programme.code})
    assert desk.get(board).content.decode().count("変更申請あり") == 1
    make.decided(report.grant.change_requests.get())
    assert "変更申請あり" not in desk.get(board).content.decode()


def test_a_link_is_seen_beside_the_report(desk, report):
    request, editor = make.sent(report.grant), people.speaking(report.organization)
    with entering(report.organization):
        change_links.link(request, report, by=editor, at=timezone.now())
        change_links.link(request, report, by=editor, at=timezone.now())
    assert ChangeLink.objects.count() == 1
    filings.handed_in(report, answers={"changes": Ticked(("target",))})
    assert "変更申請 第1号" in review(desk, report)


def test_a_wish_to_consult_is_seen_where_there_is_no_request(desk, report):
    said = {"changes": Ticked(("target",)), "changes_agreement": Chosen("consult")}
    filings.handed_in(report, answers=said)
    assert "団体は相談を希望しています" in review(desk, report)


def test_a_report_is_not_linked_with_anothers_request(client, report, kibou):
    make.sent(kibou.grants.get())
    editor = people.sign_in(client, people.member(report.organization, Role.EDITOR))
    link = reverse("reports:link_change", kwargs={"organization": "hikari", "deadline": report.pk})
    assert editor.post(link, {"number": "1"}).status_code == 404
    make.sent(report.grant)
    assert editor.post(link, {"number": "1", "section": "changes"}).status_code == 302
    assert ChangeLink.objects.get().request.grant_id == report.grant_id
    editor.post(link, {"number": "1", "step": "unlink"})
    assert ChangeLink.objects.get().removed_at is not None


def test_both_sides_are_told_by_mail(desk, report):
    request = make.sent(report.grant)
    changes.send_back(request, words="根拠を書いてください", by=make.OFFICER, at=timezone.now())
    make.sent(report.grant)
    make.decided(request, at=timezone.now())
    second = make.sent(report.grant, lambda plan: make.with_target(plan, "年間110回"))
    speaking = people.speaking(report.organization)
    with entering(report.organization):
        changes.withdraw(second, party=Party.ROOM, by=speaking, at=timezone.now())
    notices.plan(at=timezone.now())
    subjects = list(Message.objects.order_by("pk").values_list("subject", flat=True))
    for words in ("【変更申請】", "【差戻し】", "【変更申請・再提出】", "【決定】", "【取下げ】"):
        assert any(words in one for one in subjects), words
    assert not any("登録" in one for one in subjects), "the decision is told, not the version"
    returned = Message.objects.get(subject__contains="【差戻し】")
    assert "根拠を書いてください" in returned.text
    assert "/o/hikari/plans/hikari-1/changes/1/" in returned.text
    assert notices.plan(at=timezone.now()).mails == 0


def home(desk):
    return desk.get(reverse("portfolio:index")).content.decode()


def test_the_officers_first_page_counts_what_waits_about_plans(desk, report, kibou):
    """A change request, a wish to talk, a draft to consult on and a plan to register: each once, each with its way on."""
    assert "変更申請" not in home(desk)
    other = kibou.grants.get()
    make.sent(other)
    said = {"changes": Ticked(("target",)), "changes_agreement": Chosen("consult")}
    filings.handed_in(report, answers=said)
    page = home(desk)
    assert "変更申請 1件" in page
    assert "変更の相談 1件" in page
    assert reverse("review:index") + "#change-requests" in page
    assert "変更の相談あり" in desk.get(reverse("review:index")).content.decode()
    make.decided(other.change_requests.get())
    assert "変更申請 1件" not in home(desk)
    request, editor = make.sent(report.grant), people.speaking(report.organization)
    with entering(report.organization):
        change_links.link(request, report, by=editor, at=timezone.now())
    page = home(desk)
    assert "変更の相談" not in page, "the boxes name a request now"
    assert "変更申請 1件" in page


@pytest.mark.parametrize(
    "said",
    [
        {"changes": Ticked(("target",)), "changes_agreement": Chosen("agreed")},
        {"changes": Ticked(("none",)), "changes_agreement": Chosen("consult")},
        {},
    ],
)
def test_no_other_answer_is_taken_for_a_wish_to_talk(desk, report, said):
    filings.handed_in(report, answers=said)
    assert "変更の相談" not in home(desk)


def test_a_shown_draft_waits_until_the_officer_has_answered(desk, report):
    speaking = people.speaking(report.organization)
    with entering(report.organization):
        for question in ("これで足りますか", "数字はこれでよいですか"):
            shown = consultations.show_draft(report, question=question, by=speaking, at=timezone.now())
    assert "下書きの相談 1件" in home(desk), "the newest draft of a report is the one that waits"
    consulting.say(shown, side=Side.DESK, body="足ります", by=make.OFFICER, at=timezone.now())
    assert "下書きの相談" not in home(desk)
