"""The review pages: what they show, in both languages, with how many queries, and that looking changes nothing."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.accounts.enums import StaffRole
from minori.accounts.requests import actor
from minori.audit.models import Event
from minori.filings import correcting, files, handing_in
from minori.filings.models import Comment
from minori.filings.reviewing import Remark
from minori.programmes import deadlines as rules
from minori.report_forms.answers import Chosen, Progress
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from reporting.review.page import proposed_return
from tests.factories import filings, people, programmes, registry
from tests.reporting.review.desk import AT, begun, desk, sent_back, signed_in, url


@pytest.fixture
def ours(db):
    return desk()


@pytest.fixture
def browser(ours):
    return signed_in(ours.officer)


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return tmp_path


def queries(browser, address):
    browser.get(address)  # caches of the process
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


def in_english(browser):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def test_what_waits_for_me_stands_first_oldest_on_top(ours, hikari, kibou, browser):
    now = timezone.now()
    colleague = ours.colleague()
    mine_new, mine_old = ours.deadline(hikari), ours.deadline(kibou)
    theirs = ours.deadline(hikari, lead_officer=colleague, title="ほかの担当の事業")
    for deadline, days in ((mine_new, 1), (mine_old, 4), (theirs, 9)):
        filings.handed_in(deadline, at=now - timedelta(days=days))
    page = browser.get("/desk/review/").content.decode()
    places = [page.index(url(one)) for one in (mine_old, mine_new, theirs)]
    assert places == sorted(places)
    assert "確認待ち 4日" in page
    assert page.count("未読") == 3


def test_a_correction_does_not_send_a_report_to_the_end_of_the_queue(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline, at=timezone.now() - timedelta(days=4))
    begun(deadline, ours.officer)
    proposed = correcting.propose(
        deadline,
        filing=deadline.current_filing,
        anchor="events",
        aspect=Aspect.TEXT,
        new="夏のつどい（9月）",
        by=actor(ours.officer),
        at=timezone.now(),
    )
    by = people.speaking(hikari)
    with entering(hikari):
        correcting.take(deadline, wanted=[proposed.pk], by=by, at=timezone.now())
    assert "確認待ち 4日" in browser.get("/desk/review/").content.decode()


def test_a_return_is_proposed_for_no_day_before_the_one_that_was_promised(ours, hikari):
    deadline = ours.deadline(hikari)
    rules.extend(deadline, to=date(2026, 12, 15), reason="台風", by=actor(ours.officer), at=AT)
    deadline.refresh_from_db()
    assert proposed_return(deadline, at=AT) == date(2026, 12, 15)
    assert proposed_return(deadline, at=AT + timedelta(days=90)) > date(2026, 12, 15)


def test_what_came_again_is_not_said_to_be_recallable(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    assert "引き戻す" in browser.get(url(deadline)).content.decode()
    deadline.refresh_from_db()
    sent_back(deadline, ours.officer)
    filings.handed_in(deadline)
    page = browser.get(url(deadline)).content.decode()
    assert "確認をはじめます" in page
    assert "引き戻" not in page


def test_a_deputy_waits_too(ours, hikari):
    deputy = ours.colleague()
    filings.handed_in(ours.deadline(hikari, deputy_officer=deputy))
    page = signed_in(deputy).get("/desk/review/").content.decode()
    assert "ほかの担当者の報告" not in page


def test_only_what_waits_is_listed(ours, hikari, kibou, browser):
    ours.deadline(hikari)
    returned = ours.deadline(kibou)
    filings.handed_in(returned)
    sent_back(returned, ours.officer)
    stranger = desk()
    filings.handed_in(stranger.deadline(hikari))
    assert "確認待ちの報告はありません" in browser.get("/desk/review/").content.decode()


def test_the_list_needs_the_same_queries_for_one_report_and_for_three(ours, hikari, browser):
    filings.handed_in(ours.deadline(hikari))
    one = queries(browser, "/desk/review/")
    for _ in range(2):
        filings.handed_in(ours.deadline(hikari))
    assert queries(browser, "/desk/review/") == one


def test_the_page_needs_the_same_queries_for_any_number_of_rows_and_comments(ours, hikari, browser):
    small = ours.deadline(hikari)
    filings.handed_in(small)
    sent_back(small, ours.officer)
    filings.handed_in(small)
    few = queries(browser, url(begun(small, ours.officer)))
    large = ours.deadline(hikari)
    rows = [
        {"code": f"010{number}", "statement": f"（010{number}）行", "indicators": [{"statement": "数"}]}
        for number in range(9)
    ]
    registry.registered(large.grant, registry.framework(rows))
    answers = {f"010{number}": {"text": "した", "progress": 2} for number in range(9)}
    filings.handed_in(large, rows=answers, attachments=[filings.photo(number) for number in range(3)])
    anchors = [str(registry.identity(f"010{number}")) for number in range(9)]
    sent_back(large, ours.officer, *(Remark("？", anchor=anchor) for anchor in [*anchors, "", "activities"]))
    for comment in Comment.objects.filter(deadline=large):
        handing_in.answer(comment, body="直しました。", by=filings.EDITOR, at=AT)
    filings.handed_in(large, rows=answers)
    assert queries(browser, url(begun(large, ours.officer))) == few


def test_target_previous_round_and_now_stand_side_by_side(ours, hikari, browser):
    grant = programmes.grant(of=ours.programme, organization=hikari, lead_officer=ours.officer)
    registry.registered(grant)
    before = programmes.deadline(of=grant, round=ours.round)
    filings.handed_in(before, rows={"0101": {"text": "①40回", "progress": 3}})
    later = programmes.round_(of=ours.programme, title="年度末報告（2年度目下期）")
    now = programmes.deadline(of=grant, round=later)
    filings.handed_in(
        now,
        rows={"0101": {"text": "①72回", "progress": 4, "remark": "会場の都合"}},
        answers={"outlook": Chosen("3")},
    )
    page = browser.get(url(begun(now, ours.officer))).content.decode()
    for text in (
        "年間150回",
        "①40回",
        "①72回",
        "会場の都合",
        "前回　進捗報告（2年度目上期）",
        "今回　第1版",
        "計画より遅れている",
    ):
        assert text in page


def test_the_first_report_has_no_empty_column_for_last_time(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    assert "前回　" not in browser.get(url(begun(deadline, ours.officer))).content.decode()


def test_what_changed_since_the_last_revision_is_marked(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline, rows={"0101": {"text": "①72回", "progress": 2}})
    sent_back(deadline, ours.officer)
    filings.handed_in(deadline, rows={"0101": {"text": "①75回", "progress": 3}})
    page = browser.get(url(begun(deadline, ours.officer))).content.decode()
    assert "第1版から 1 か所の変更" in page
    assert '<del><span class="visually-hidden">（削除）</span>72</del>' in page
    assert '<ins><span class="visually-hidden">（追加）</span>75</ins>' in page


def test_a_recalled_revision_is_not_what_a_newer_one_is_compared_with(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline, rows={"0101": {"text": "①72回", "progress": 2}})
    handing_in.recall(deadline, by=filings.EDITOR, at=AT)
    filings.handed_in(deadline, rows={"0101": {"text": "①75回", "progress": 3}})
    page = browser.get(url(begun(deadline, ours.officer))).content.decode()
    assert "か所の変更" not in page
    older = browser.get(url(deadline) + "?revision=1").content.decode()
    assert "団体が引き戻した版です" in older
    assert "①72回" in older


def test_comments_and_answers_stand_in_the_margin(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    sent_back(deadline, ours.officer, Remark("どの地区ですか。", anchor="activities"))
    comment = Comment.objects.get(anchor="activities")
    handing_in.answer(comment, body="北部です。", by=filings.EDITOR, at=AT)
    handing_in.deal_with(comment, by=filings.EDITOR, at=AT)
    filings.handed_in(deadline)
    page = browser.get(url(begun(deadline, ours.officer))).content.decode()
    assert page.index("どの地区ですか。") < page.index("北部です。") < page.index("団体が対応済み")


def test_an_older_revision_is_read_only(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    sent_back(deadline, ours.officer)
    filings.handed_in(deadline)
    begun(deadline, ours.officer)
    page = browser.get(url(deadline) + "?revision=1").content.decode()
    assert "第1版を表示しています" in page
    assert 'name="decide"' not in page
    assert 'name="comment-' not in page
    assert 'name="decide"' in browser.get(url(deadline) + "?revision=2").content.decode()


@pytest.mark.parametrize("revision", ["2", "0", "-1", "x", "９", "99999999999"])
def test_a_revision_that_does_not_exist_is_not_found(ours, hikari, browser, revision):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline)
    assert browser.get(url(deadline), {"revision": revision}).status_code == 404


def test_a_deadline_without_a_report_says_so(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    assert "まだ提出されていません" in browser.get(url(deadline)).content.decode()
    filings.handed_in(deadline)
    handing_in.recall(deadline, by=filings.EDITOR, at=AT)
    assert "団体が報告を引き戻しました" in browser.get(url(deadline)).content.decode()


def test_the_next_report_is_one_key_away(ours, hikari, browser):
    first, second, third = (ours.deadline(hikari) for _ in range(3))
    for minutes, deadline in enumerate((first, second, third)):
        filings.handed_in(deadline, at=AT + timedelta(minutes=minutes))
        begun(deadline, ours.officer)
    page = browser.get(url(second)).content.decode()
    assert f'href="{url(third)}" data-key="j"' in page
    assert f'href="{url(first)}" data-key="k"' in page
    assert "確認待ち 3件のうち 2件目" in page


def test_the_proposed_date_is_a_business_day_a_week_on(ours, hikari):
    from datetime import UTC, datetime

    from reporting.review import page

    deadline = ours.deadline(hikari)
    # Tuesday 22 December 2026: a week on is 29 December, closed until 3 January, a Sunday
    at = datetime(2026, 12, 22, 3, tzinfo=UTC)
    assert page.proposed_return(deadline, at=at).isoformat() == "2027-01-04"
    assert (
        page.proposed_return(deadline, at=datetime(2026, 10, 12, 14, 59, tzinfo=UTC)).isoformat()
        == "2026-10-19"
    )


def test_looking_changes_nothing(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline, attachments=[filings.photo()])
    before = Event.objects.count()
    for tail in ("", "?revision=1", "history/", f"1/photos/{filings.photo().uuid}/"):
        with CaptureQueriesContext(connection) as counted:
            browser.get(url(deadline, tail))
        assert not [one["sql"] for one in counted if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    deadline.refresh_from_db()
    assert deadline.reading_began_at is None
    assert Event.objects.count() == before
    assert browser.get(url(deadline, "begin/")).status_code == 405


def test_the_history_tells_every_step_in_words(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    rules.extend(
        deadline, to=deadline.due_on + timedelta(days=7), reason="台風のため", by=filings.EDITOR, at=AT
    )
    filings.handed_in(deadline)
    begun(deadline, ours.officer)
    sent_back(deadline, ours.officer)
    filings.handed_in(deadline, at=AT + timedelta(days=30))
    page = browser.get(url(deadline, "history/")).content.decode()
    for words in (
        "期限延長",
        "2026年10月21日 まで",
        "理由：台風のため",
        "提出",
        "読みはじめ",
        "差戻し",
        "コメント 2 件",
        "再提出",
        "第2版",
        "期限後20日",
    ):
        assert words in page
    assert deadline.current_filing.hash in page


def test_a_photo_is_served_as_filed_and_cannot_run(ours, hikari, kibou, browser, folder):
    sha256 = files.keep(hikari.pk, b"\xff\xd8photo")
    deadline = ours.deadline(hikari)
    photo = filings.photo(sha256=sha256, filename="写真 1.jpg")
    filings.handed_in(deadline, attachments=[photo])
    response = browser.get(url(deadline, f"1/photos/{photo.uuid}/"))
    assert b"".join(response.streaming_content) == b"\xff\xd8photo"
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("inline")
    assert "private" in response["Cache-Control"]
    # the same bytes in another organization's folder are not this photo
    other = ours.deadline(kibou)
    filings.handed_in(other, attachments=[photo])
    assert browser.get(url(other, f"1/photos/{photo.uuid}/")).status_code == 404
    assert browser.get(url(deadline, f"2/photos/{photo.uuid}/")).status_code == 404


def test_a_file_that_is_no_photo_is_never_shown_in_the_page(ours, hikari, browser, folder):
    deadline = ours.deadline(hikari)
    photo = filings.photo(
        sha256=files.keep(hikari.pk, b"<script>"), content_type="text/html", filename="a.html"
    )
    filings.handed_in(deadline, attachments=[photo])
    response = browser.get(url(deadline, f"1/photos/{photo.uuid}/"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_the_pages_are_in_english_too(ours, hikari):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline, rows={"0101": {"text": "した", "progress": Progress.BEHIND}})
    browser = in_english(signed_in(ours.officer))
    assert "Read (the organization can no longer recall it)" in browser.get(url(deadline)).content.decode()
    begun(deadline, ours.officer)
    page = browser.get(url(deadline)).content.decode()
    for words in (
        "Send back",
        "Now: revision 1",
        "There are difficulties",
        "Write a comment",
        "Approved in the organization by",
    ):
        assert words in page
    assert "差し戻す" not in page
    assert "Waiting for me" in browser.get("/desk/review/").content.decode()
    assert "officer began to read" in browser.get(url(deadline, "history/")).content.decode()


def test_a_report_that_came_late_once_stays_marked(ours, hikari, browser):
    deadline = ours.deadline(hikari)
    filings.handed_in(deadline, at=AT + timedelta(days=6))
    sent_back(deadline, ours.officer)
    filings.handed_in(deadline, at=AT + timedelta(days=8))
    page = browser.get(url(deadline)).content.decode()
    assert "提出 （期限内）" in page
    assert "はじめの提出は期限後2日" in page
    assert "期限後2日" in browser.get("/desk/review/").content.decode()


def test_two_distributors_of_one_person_are_both_in_the_list(ours, hikari):
    other = desk()
    people.officer(other.distributor, StaffRole.MANAGER, of=ours.officer)
    mine, second = ours.deadline(hikari), other.deadline(hikari)
    filings.handed_in(mine)
    filings.handed_in(second)
    page = signed_in(ours.officer).get("/desk/review/").content.decode()
    assert url(mine) in page
    assert url(second) in page
