"""An officer proposes corrections on a page, and the organization answers them on its own."""

import re
from typing import Any

import pytest
from django.test import Client

from minori.accounts.enums import Role, StaffRole
from minori.filings.models import Correction
from minori.mail import notices
from minori.mail.models import Message
from minori.programmes.enums import DeadlineState
from minori.tenancy.rooms import entering
from tenants.reports import drafts
from tests.factories import filings, people
from tests.reporting.review.desk import begun, desk, sent_back, signed_in, url

pytestmark = pytest.mark.django_db

OLD, NEW = "1. 居場所\n週3回の開所を続けている。", "1. 居場所\n週3回の開所を続けた。<b>"


@pytest.fixture
def ours(hikari: Any) -> Any:
    here = desk()
    deadline = here.deadline(hikari)
    filings.handed_in(deadline)
    return here, begun(deadline, here.officer)


@pytest.fixture
def approver(hikari: Any) -> Client:
    return people.sign_in(Client(), people.member(hikari, Role.APPROVER, name="承認 太郎"))


def propose(here: Any, deadline: Any, **texts: str) -> Any:
    deadline.refresh_from_db()
    said = {"filing": deadline.current_filing_id, "why": "語尾をそろえました"} | {
        f"text-{anchor}": text for anchor, text in (texts or {"activities": NEW}).items()
    }
    return signed_in(here.officer).post(url(deadline, "corrections/"), said)


def room(deadline: Any) -> str:
    return f"/o/hikari/reports/{deadline.pk}/corrections/"


def test_every_text_stands_in_a_box_and_only_the_changed_one_is_proposed(ours: Any) -> None:
    here, deadline = ours
    page = signed_in(here.officer).get(url(deadline, "corrections/")).content.decode()
    assert re.search(rf'<textarea[^>]* name="text-activities"[^>]*>\n{OLD}</textarea>', page)
    assert 'name="text-media"' not in page  # it says nothing
    posted = {"activities": NEW.replace("\n", "\r\n"), "events": "夏のつどい（8月）"}
    assert propose(here, deadline, **posted).status_code == 302
    one = Correction.objects.get()
    assert (one.anchor, one.old, one.new, one.why) == ("activities", OLD, NEW, "語尾をそろえました")
    shown = signed_in(here.officer).get(url(deadline)).content.decode()
    assert "実行団体の確認待ち" in shown
    assert "&lt;b&gt;" in shown
    assert "た。<b>" not in shown


def test_the_organization_takes_it_over_with_one_click_and_the_officer_reads_the_change(
    ours: Any, approver: Client
) -> None:
    here, deadline = ours
    propose(here, deadline)
    for page in ("/o/hikari/", f"/o/hikari/reports/{deadline.pk}/"):
        assert "訂正の提案が 1 件" in approver.get(page).content.decode()
    asked = approver.get(room(deadline)).content.decode()
    assert "語尾をそろえました" in asked
    said = {"correction": Correction.objects.get().pk, "action": "take"}
    answer = approver.post(room(deadline), said, follow=True).content.decode()
    assert "第2版を提出しました" in answer
    assert "訂正の提案が" not in approver.get("/o/hikari/").content.decode()
    again = approver.post(room(deadline), said, follow=True).content.decode()
    assert "すでに答えています" in again
    deadline.refresh_from_db()
    assert (deadline.state, deadline.current_filing.revision) == (DeadlineState.HANDED_IN, 2)
    read = signed_in(here.officer).get(url(deadline)).content.decode()
    assert 'href="#part-activities"' in read
    assert "反映済み" in read


def test_the_working_copy_goes_on_from_the_corrected_text(ours: Any, approver: Client) -> None:
    here, deadline = ours
    propose(here, deadline)
    approver.post(room(deadline), {"correction": Correction.objects.get().pk, "action": "take"})
    deadline.refresh_from_db()
    sent_back(deadline, here.officer)
    with entering(deadline.organization):
        assert drafts.read(deadline).stored["activities"].value["text"] == NEW


def test_declining_says_why_and_changes_nothing(ours: Any, approver: Client) -> None:
    here, deadline = ours
    propose(here, deadline)
    said = {"correction": Correction.objects.get().pk, "action": "decline", "words": "原文どおりです"}
    assert "提出したままです" in approver.post(room(deadline), said, follow=True).content.decode()
    assert deadline.filings.count() == 1
    assert "原文どおりです" in signed_in(here.officer).get(url(deadline)).content.decode()


def test_nothing_chosen_and_made_up_numbers_are_answered(ours: Any, approver: Client) -> None:
    here, deadline = ours
    propose(here, deadline)
    for chosen in ([], ["x", "999999999999999999999999"], ["²"]):
        answer = approver.post(room(deadline), {"correction": chosen, "words": "ひとこと"})
        assert answer.status_code == 422
        assert "一つ以上" in answer.content.decode()
        assert "ひとこと" in answer.content.decode()
    assert deadline.filings.count() == 1


def test_editors_and_readers_see_and_do_not_decide(ours: Any, hikari: Any) -> None:
    here, deadline = ours
    propose(here, deadline)
    for role in (Role.EDITOR, Role.READER):
        browser = people.sign_in(Client(), people.member(hikari, role))
        assert "承認者が決めます" in browser.get(room(deadline)).content.decode()
        said = {"correction": Correction.objects.get().pk, "action": "take"}
        assert browser.post(room(deadline), said).status_code == 403
    assert deadline.filings.count() == 1


def test_a_newer_revision_keeps_what_the_officer_typed(ours: Any, approver: Client) -> None:
    here, deadline = ours
    old = deadline.current_filing_id
    propose(here, deadline)
    approver.post(room(deadline), {"correction": Correction.objects.get().pk, "action": "take"})
    said = {"filing": old, "text-events": "夏のつどい（9月）", "why": ""}
    answer = signed_in(here.officer).post(url(deadline, "corrections/"), said)
    assert answer.status_code == 409
    assert "夏のつどい（9月）" in answer.content.decode()
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("text", ["", " 　", OLD])
def test_an_empty_or_unchanged_text_is_explained(ours: Any, text: str) -> None:
    here, deadline = ours
    assert propose(here, deadline, activities=text).status_code == 422
    assert not Correction.objects.exists()


def test_a_proposal_is_withdrawn_once(ours: Any) -> None:
    here, deadline = ours
    propose(here, deadline)
    browser = signed_in(here.officer)
    there = url(deadline, f"corrections/{Correction.objects.get().pk}/withdraw/")
    assert "取り下げました" in browser.post(there, follow=True).content.decode()
    assert "すでに答えています" in browser.post(there, follow=True).content.decode()


def test_readers_of_the_distributor_propose_nothing(ours: Any) -> None:
    here, deadline = ours
    reader = signed_in(here.colleague(StaffRole.READER))
    assert reader.get(url(deadline, "corrections/")).status_code == 403
    assert reader.post(url(deadline, "corrections/"), {}).status_code == 403


def test_both_sides_are_told_by_mail(ours: Any, approver: Client) -> None:
    here, deadline = ours
    Message.objects.all().delete()
    propose(here, deadline)
    notices.plan(at=Correction.objects.get().proposed_at)
    told = Message.objects.get(subject__contains="訂正の提案")
    assert room(deadline) in told.text
    approver.post(room(deadline), {"correction": Correction.objects.get().pk, "action": "take"})
    notices.plan(at=Correction.objects.get().settled_at)
    back = Message.objects.get(subject__contains="訂正を反映")
    assert back.person_id == here.officer.pk


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_corrections(
    ours: Any, approver: Client, django_assert_num_queries: Any, count: int
) -> None:
    here, deadline = ours
    texts = {
        "activities": NEW,
        "events": "夏のつどい（9月）",
        str(filings.registry.identity("0101")): "①73回\n②のべ640人",
    }
    propose(here, deadline, **dict(list(texts.items())[:count]))
    assert Correction.objects.count() == count
    approver.get(room(deadline))
    with django_assert_num_queries(9):
        approver.get(room(deadline))
