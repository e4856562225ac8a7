"""Deciding about a report on its page: each decision, each refusal, and nothing typed lost."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from minori.accounts import kept
from minori.accounts.enums import StaffRole
from minori.accounts.requests import actor
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import handing_in, reviewing
from minori.filings.models import Comment
from minori.programmes.enums import DeadlineState
from tests.factories import filings, people, programmes, registry
from tests.reporting.review.desk import AT, begun, desk, posted, sent_back, signed_in, url


@pytest.fixture
def ours(db):
    return desk()


@pytest.fixture
def deadline(ours, hikari):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    return begun(deadline, ours.officer)


@pytest.fixture
def browser(ours):
    return signed_in(ours.officer)


def state_of(deadline):
    deadline.refresh_from_db()
    return deadline.state


def test_beginning_to_read_is_a_step_of_its_own(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    page = browser.get(url(deadline))
    assert "読む（団体は引き戻せなくなります）" in page.content.decode()
    assert "週3回の開所" not in page.content.decode()
    assert browser.post(url(deadline, "begin/"))["Location"] == url(deadline)
    deadline.refresh_from_db()
    assert deadline.reading_began_at is not None
    assert "週3回の開所" in browser.get(url(deadline)).content.decode()


def test_accepting_keeps_the_comments_that_were_written(ours, deadline, browser):
    row = str(registry.identity("0101"))
    data = posted(
        deadline.current_filing, "accept", **{f"comment-{row}": "わかりやすい。", "comment-activities": " "}
    )
    response = browser.post(url(deadline), data)
    assert (response.status_code, response["Location"]) == (302, url(deadline))
    assert state_of(deadline) == DeadlineState.ACCEPTED
    assert [(one.anchor, one.body) for one in Comment.objects.all()] == [(row, "わかりやすい。")]
    assert Event.objects.get(action=Action.ACCEPTED).person_id == ours.officer.pk


def test_sending_back_with_comments_and_a_date(ours, deadline, browser):
    data = posted(
        deadline.current_filing,
        "return",
        **{"comment-whole": "全体に\r\n時期を", "comment-outlook": "理由は？"},
    )
    response = browser.post(url(deadline), data, follow=True)
    assert "差し戻しました" in response.content.decode()
    assert state_of(deadline) == DeadlineState.RETURNED
    assert deadline.returned_due_on == date(2099, 10, 20)
    assert {(one.anchor, one.body) for one in Comment.objects.all()} == {
        ("", "全体に\n時期を"),
        ("outlook", "理由は？"),
    }


def test_the_device_is_told_that_what_it_kept_was_saved(deadline, browser):
    response = browser.post(url(deadline), posted(deadline.current_filing, "accept"))
    assert (
        f"{url(deadline)}#decide".replace("/", "%2F").replace("#", "%23")
        in response.cookies["minori_saved"].value
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decide": ""}, "「確認済にする」か「差し戻す」を選んでください"),
        ({"decide": "burn"}, "エラー"),
        ({"decide": "return", "due_on": "10/24"}, "日付は「2026-10-24」のように"),
        ({"decide": "return", "due_on": ""}, "いつまでに出し直してもらうか"),
        ({"decide": "return", "comment-outlook": " \n"}, "差戻しにはコメントが必要です"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_everything(deadline, browser, changes, said):
    written = {} if "comment-outlook" in changes else {"comment-activities": "この時期を書き足してください。"}
    response = browser.post(url(deadline), posted(deadline.current_filing, "accept") | written | changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert all(text in page for text in written.values())
    assert state_of(deadline) == DeadlineState.HANDED_IN
    assert not Comment.objects.exists()


def test_a_date_that_has_passed_is_refused_and_nothing_is_lost(deadline, browser):
    data = posted(deadline.current_filing, "return", due_on="2020-01-01", **{"comment-outlook": "理由は？"})
    response = browser.post(url(deadline), data)
    assert response.status_code == 409
    assert "理由は？" in response.content.decode()
    assert state_of(deadline) == DeadlineState.HANDED_IN


def test_a_decision_about_an_older_revision_shows_the_newer_one_with_what_was_typed(ours, deadline, browser):
    first = deadline.current_filing
    sent_back(deadline, ours.colleague())
    filings.handed_in(deadline)
    data = posted(
        first, "return", **{"comment-activities": "どの地区ですか。", "comment-changes_note": "ここは？"}
    )
    response = browser.post(url(deadline), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "新しい版" in page
    assert f'name="filing" value="{deadline.current_filing_id}"' in page
    assert "どの地区ですか。" in page
    assert "ここは？" in page
    assert state_of(deadline) == DeadlineState.HANDED_IN
    assert Comment.objects.filter(filing=first).count() == Comment.objects.count()
    assert deadline.reading_began_at is not None


def test_a_decision_that_came_too_late_shows_the_typed_comments_to_copy(ours, deadline, browser):
    reviewing.accept(deadline, filing=deadline.current_filing, by=actor(ours.colleague()), at=AT)
    data = posted(deadline.current_filing, "return", **{"comment-activities": "どの地区ですか。"})
    response = browser.post(url(deadline), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "このコメントは保存されていません" in page
    assert "どの地区ですか。" in page
    assert state_of(deadline) == DeadlineState.ACCEPTED


def test_what_was_recalled_meanwhile_cannot_be_decided(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filing = filings.handed_in(deadline)
    handing_in.recall(deadline, by=filings.EDITOR, at=AT)
    response = browser.post(url(deadline), posted(filing, "accept", **{"comment-activities": "ありがとう"}))
    assert response.status_code == 409
    assert state_of(deadline) == DeadlineState.AWAITING


@pytest.mark.parametrize("decide", ["accept", "return"])
def test_a_form_posted_twice_decides_once(deadline, browser, decide):
    data = posted(deadline.current_filing, decide, **{"comment-activities": "どの地区ですか。"})
    first, second = browser.post(url(deadline), data), browser.post(url(deadline), data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Comment.objects.filter(anchor="activities").count() == 1
    assert Event.objects.filter(action__in=[Action.ACCEPTED, Action.RETURNED]).count() == 1


def test_reopening_takes_a_reason_and_a_date(ours, deadline, browser):
    reviewing.accept(deadline, filing=deadline.current_filing, by=actor(ours.officer), at=AT)
    assert "確認済を取り消して団体に戻す" in browser.get(url(deadline)).content.decode()
    missing = browser.post(url(deadline), posted(deadline.current_filing, "reopen"))
    assert missing.status_code == 422
    assert "理由を入力してください" in missing.content.decode()
    response = browser.post(url(deadline), posted(deadline.current_filing, "reopen", reason="人数に誤り"))
    assert response.status_code == 302
    assert state_of(deadline) == DeadlineState.RETURNED
    assert Comment.objects.get().body == "人数に誤り"


def test_a_wrong_reopening_keeps_its_reason(ours, deadline, browser):
    reviewing.accept(deadline, filing=deadline.current_filing, by=actor(ours.officer), at=AT)
    data = posted(deadline.current_filing, "reopen", reason="人数に誤り", due_on="")
    response = browser.post(url(deadline), data)
    assert response.status_code == 422
    assert "人数に誤り" in response.content.decode()


def test_a_comment_at_an_unknown_place_is_kept_as_one_on_the_whole(deadline, browser):
    data = posted(deadline.current_filing, "return", **{"comment-nowhere": "どこかへ"})
    browser.post(url(deadline), data)
    assert [(one.anchor, one.body) for one in Comment.objects.all()] == [("", "どこかへ")]


def test_a_filing_of_another_report_cannot_be_slipped_in(ours, deadline, kibou, browser):
    other = ours.deadline(kibou)
    theirs = filings.handed_in(other)
    assert browser.post(url(deadline), posted(theirs, "accept")).status_code == 404
    assert state_of(deadline) == DeadlineState.HANDED_IN


def test_what_was_typed_survives_an_ended_session(ours, deadline, client, rf):
    # who was last signed in on this device, as signing in notes it
    request, response = rf.get("/"), HttpResponse()
    request.session = client.session
    kept.belongs_to(request, response, ours.officer.user)
    client.cookies.update(response.cookies)
    data = posted(deadline.current_filing, "return", **{"comment-activities": "どの地区ですか。"})
    lost = client.post(url(deadline), data)
    assert lost.status_code == 302
    assert f"next={url(deadline)}" in lost["Location"]
    client.force_login(ours.officer.user)
    page = client.get(url(deadline)).content.decode()
    assert "どの地区ですか。" in page
    assert 'value="2099-10-20"' in page
    assert state_of(deadline) == DeadlineState.HANDED_IN
    assert client.post(url(deadline), data).status_code == 302
    assert state_of(deadline) == DeadlineState.RETURNED


def test_signed_out_people_are_sent_to_sign_in_and_nothing_happens(deadline):
    response = Client().post(url(deadline), posted(deadline.current_filing, "accept"))
    assert response.status_code == 302
    assert f"next={url(deadline)}" in response["Location"]
    assert state_of(deadline) == DeadlineState.HANDED_IN


def test_a_reader_reads_without_noting_it_and_decides_nothing(ours, hikari):
    deadline = ours.deadline(hikari)
    filing = filings.handed_in(deadline)
    reader = signed_in(ours.colleague(StaffRole.READER))
    page = reader.get(url(deadline)).content.decode()
    assert "週3回の開所" in page
    assert 'name="decide"' not in page
    assert "読む（団体" not in page
    assert reader.post(url(deadline), posted(filing, "accept")).status_code == 403
    assert reader.post(url(deadline, "begin/")).status_code == 403
    deadline.refresh_from_db()
    assert (deadline.state, deadline.reading_began_at) == (DeadlineState.HANDED_IN, None)


def test_another_distributors_officer_finds_nothing(deadline):
    stranger = signed_in(people.officer(programmes.distributor()))
    addresses = ["", "history/", "1/photos/00000000-0000-0000-0000-000000000000/"]
    assert [stranger.get(url(deadline, tail)).status_code for tail in addresses] == [404, 404, 404]
    assert stranger.post(url(deadline), posted(deadline.current_filing, "accept")).status_code == 404
    assert stranger.post(url(deadline, "begin/")).status_code == 404


def test_people_of_the_organization_find_nothing(deadline, hikari):
    member = signed_in(people.member(hikari))
    assert member.get(url(deadline)).status_code == 404
    assert member.get("/desk/review/").status_code == 404
