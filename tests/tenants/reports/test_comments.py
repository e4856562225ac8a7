"""Comments at their places: answered once, dealt with, pointed out before handing in, never in the way."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from minori.accounts.enums import Role
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import reviewing
from minori.filings.models import Comment
from minori.filings.reviewing import GENERAL_WORDS, Remark
from tests.factories import filings, people, registry
from tests.tenants.reports.conftest import AT

pytestmark = pytest.mark.django_db

ROW = str(registry.identity("0101"))
OFFICER = Actor(person_id=None, name="佐伯 真理")


def send_back(deadline: Any, *remarks: Remark) -> list[Comment]:
    filing = filings.handed_in(deadline)
    comments = reviewing.send_back(
        deadline, filing=filing, remarks=remarks, due_on=date(2099, 11, 1), by=OFFICER, at=AT
    )
    deadline.refresh_from_db()
    return comments


@pytest.fixture
def comments(deadline: Any, theirs: Any) -> list[Comment]:
    """Comments on the whole, on a row and on a field of ours; and one on a report of the other organization."""
    send_back(theirs, Remark("直してください"), Remark("きぼうへのコメント", anchor=ROW))
    return send_back(
        deadline,
        Remark("全体に時期を"),
        Remark("20人はいつの人数ですか", anchor=ROW),
        Remark("写真も", anchor="outlook"),
    )


def test_comments_stand_at_their_fields_and_on_the_report(
    client: Client, deadline: Any, comments: Any, editor: Any
) -> None:
    there = f"/o/hikari/reports/{deadline.pk}/"
    report = client.get(there).content.decode()
    assert "3か所が戻ってきました" in report
    assert "全体に時期を" in report
    assert report.count("差戻しあり") >= 2, "the sections of the row and of the field"
    results = client.get(f"{there}sections/results/").content.decode()
    assert "20人はいつの人数ですか" in results
    assert "写真も" not in results
    assert "きぼうへのコメント" not in results
    assert "写真も" in client.get(f"{there}sections/outlook/").content.decode()
    assert "20人はいつの人数ですか" in client.get("/o/hikari/").content.decode()


def test_an_answer_goes_out_with_the_save_and_once(
    client: Client, deadline: Any, comments: Any, editor: Any
) -> None:
    row = comments[1]
    posted = {f"v-{ROW}": "0", f"row-{ROW}-text": "9月末現在20人", f"answer-{row.pk}": "書き足しました。"}
    for _ in range(2):
        client.post(f"/o/hikari/reports/{deadline.pk}/sections/results/", posted)
    reply = Comment.objects.get(answers=row)
    assert (reply.body, reply.by_name, reply.side) == ("書き足しました。", "編集 花子", "room")
    assert Event.objects.filter(action=Action.ANSWERED).count() == 1


def test_a_comment_is_marked_as_dealt_with_and_back(
    client: Client, deadline: Any, comments: Any, editor: Any
) -> None:
    there, row = f"/o/hikari/reports/{deadline.pk}/sections/results/", comments[1]
    assert client.post(there, {"dealt": str(row.pk)}).url.endswith(f"#comment-{row.pk}")
    row.refresh_from_db()
    assert row.dealt_with_by_name == "編集 花子"
    assert "対応済み" in client.get(there).content.decode()
    client.post(there, {"undealt": str(row.pk)})
    row.refresh_from_db()
    assert row.dealt_with_at is None


def test_the_whole_reports_comment_is_answered_on_the_report(
    client: Client, deadline: Any, comments: Any, editor: Any
) -> None:
    page = client.post(
        f"/o/hikari/reports/{deadline.pk}/comments/", {f"answer-{comments[0].pk}": "書きました"}, follow=True
    )
    assert "返事を送りました" in page.content.decode()
    assert Comment.objects.get(answers=comments[0]).body == "書きました"


def test_handing_in_again_is_possible_with_open_comments_and_says_so(
    client: Client, deadline: Any, comments: Any, hikari: Any
) -> None:
    people.sign_in(client, people.member(hikari, Role.APPROVER))
    page = client.get(f"/o/hikari/reports/{deadline.pk}/check/").content.decode()
    assert page.count("コメントに返事がなく") == 3
    filings.handed_in(deadline)
    assert deadline.filings.count() == 2


def test_comments_of_another_organization_are_neither_answered_nor_marked(
    client: Client, deadline: Any, theirs: Any, comments: Any, editor: Any
) -> None:
    foreign = Comment.objects.get(deadline=theirs, anchor=ROW)
    client.post(
        f"/o/hikari/reports/{deadline.pk}/comments/", {f"answer-{foreign.pk}": "x", "dealt": str(foreign.pk)}
    )
    foreign.refresh_from_db()
    assert foreign.dealt_with_at is None
    assert not Comment.objects.filter(answers=foreign).exists()


def test_a_reader_answers_nothing(client: Client, deadline: Any, comments: Any, hikari: Any) -> None:
    people.sign_in(client, people.member(hikari, Role.READER))
    answer = client.post(f"/o/hikari/reports/{deadline.pk}/comments/", {f"answer-{comments[0].pk}": "x"})
    assert answer.status_code == 403
    assert not Comment.objects.exclude(answers=None).exists()


def test_an_answer_with_letters_that_cannot_be_stored_is_kept_without_them(
    client: Client, deadline: Any, comments: Any, editor: Any
) -> None:
    address = f"/o/hikari/reports/{deadline.pk}/comments/"
    response = client.post(address, {f"answer-{comments[0].pk}": "4月\x00です"})
    assert response.status_code == 302
    assert Comment.objects.get(answers=comments[0]).body == "4月です"


def test_pages_of_signed_in_people_are_kept_by_nobody_in_between(
    client: Client, deadline: Any, editor: Any
) -> None:
    cached = client.get(f"/o/hikari/reports/{deadline.pk}/")["Cache-Control"]
    assert "private" in cached
    assert "no-cache" in cached


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_words_a_return_is_prefilled_with_wait_for_nobody(
    client: Client, deadline: Any, editor: Any, language: str
) -> None:
    with override(language):
        words = str(GENERAL_WORDS)
    send_back(deadline, Remark(words), Remark("時期を書いてください", anchor=ROW))
    page = client.get(f"/o/hikari/reports/{deadline.pk}/").content.decode()
    assert "1か所が戻ってきました" in page
    assert words in page
    assert "対応済みにする" not in page
    home = client.get("/o/hikari/").content.decode()
    assert home.count("返事待ち") == 1


@pytest.mark.usefixtures("editor")
def test_a_few_words_of_the_officers_own_are_a_comment_like_any_other(client: Client, deadline: Any) -> None:
    with override("ja"):
        words = f"{GENERAL_WORDS} 写真も足してください。"
    send_back(deadline, Remark(words), Remark("時期を書いてください", anchor=ROW))
    assert "2か所が戻ってきました" in client.get(f"/o/hikari/reports/{deadline.pk}/").content.decode()
