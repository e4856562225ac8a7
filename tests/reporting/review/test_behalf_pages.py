"""The officer's pages around a workbook: what they show, what they refuse, how much they ask the database."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minori.audit.trail import Actor
from minori.filings import handing_in
from minori.filings.behalf import OnBehalf
from minori.mail.models import Message
from minori.programmes import extensions
from minori.programmes.models import Deadline
from minori.ui.templatetags.ui_tags import day_year
from reporting.review import returned
from reporting.review.models import ReturnedWorkbook
from tests.factories import answerbooks, behalf, filings, people, programmes, registry

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    made = programmes.deadline(organization=hikari)
    registry.registered(made.grant)
    return made


@pytest.fixture
def desk(deadline: Deadline, client: Client) -> Client:
    officer = people.officer(deadline.grant.programme.distributor)
    return people.sign_in(client, officer)


def path(deadline: Deadline, rest: str = "") -> str:
    return f"/desk/review/{deadline.pk}/behalf/{rest}"


def upload(desk: Client, deadline: Deadline, data: bytes, name: str = "用紙.xlsx") -> Any:
    return desk.post(path(deadline, "upload/"), {"workbook": SimpleUploadedFile(name, data, XLSX)})


def test_an_officer_takes_the_workbook_along_reads_it_back_and_files_it(desk, deadline):
    got = desk.get(path(deadline, "workbook-ja.xlsx"))
    assert got["Content-Type"] == XLSX
    assert "attachment" in got["Content-Disposition"]
    assert upload(desk, deadline, behalf.filled_in(deadline)).status_code == 302
    page = desk.get(path(deadline)).content.decode()
    assert "①72回" in page
    assert "代理登録する" in page
    kept = ReturnedWorkbook.objects.get()
    said = {
        "file-seen": returned.look(kept, deadline).seen,
        "file-sender_name": "田中 一郎",
        "file-sender_address": "tanaka@example.jp",
        "file-arrived_on": "2026-10-14",
        "file-approved_by": "理事長",
        "file-manner": "mail",
        "file-approved_on": "2026-10-13",
    }
    incomplete = desk.post(path(deadline, "file/"), {**said, "file-sender_name": "", "file-arrived_on": ""})
    assert incomplete.status_code == 422
    text = incomplete.content.decode()
    assert "送ってきた方を書いてください" in text
    assert "届いた日を入力してください" in text
    assert "理事長" in text
    done = desk.post(path(deadline, "file/"), said, follow=True)
    assert "第1版として代理登録しました" in done.content.decode()
    assert "代理登録" in done.content.decode()
    assert OnBehalf.objects.get().sender_name == "田中 一郎"
    history = desk.get(f"/desk/review/{deadline.pk}/history/").content.decode()
    assert "田中 一郎が送付" in history
    assert f"/desk/review/{deadline.pk}/1/original/" in history
    assert desk.post(path(deadline, "file/"), said).status_code == 302


def test_a_wrong_file_is_told_on_the_page(desk, deadline):
    answer = upload(desk, deadline, b"a,b\n1,2\n", "報告.xlsx")
    assert answer.status_code == 422
    assert "追加できません" in answer.content.decode()
    assert desk.post(path(deadline, "upload/")).status_code == 422
    assert not ReturnedWorkbook.objects.exists()


def test_something_is_put_right_and_files_come_along(desk, deadline):
    from tests.tenants.evidence.pictures import jpeg

    upload(desk, deadline, behalf.filled_in(deadline))
    row = registry.identity("0101")
    part = path(deadline, f"parts/{row}/")
    assert "①72回" in desk.get(part).content.decode()
    posted = {f"row-{row}-text": "①73回", f"row-{row}-progress": "1"}
    assert desk.post(part, posted).status_code == 302
    kept = ReturnedWorkbook.objects.get()
    assert kept.corrected[str(row)]["text"] == "①73回"
    assert desk.post(part, {f"row-{row}-progress": "9"}).status_code == 404
    assert desk.get(path(deadline, "parts/nothing/")).status_code == 404
    files = {"files": [SimpleUploadedFile("写真.jpg", jpeg()), SimpleUploadedFile("x.exe", b"MZ...")]}
    answer = desk.post(path(deadline, "files/"), files)
    assert answer.status_code == 422
    one = kept.files.get()
    desk.post(
        path(deadline, "files/said/"), {f"caption-{one.uuid}": "夏のつどい", f"rights-{one.uuid}": "free"}
    )
    assert kept.files.get().caption == "夏のつどい"
    assert desk.get(path(deadline, f"files/{one.uuid}/"))["Content-Type"] == "image/jpeg"
    desk.post(path(deadline, "files/said/"), {f"caption-{one.uuid}": "夏のつどい", "remove": str(one.uuid)})
    assert not kept.files.exists()
    desk.post(path(deadline, "discard/"))
    assert not ReturnedWorkbook.objects.exists()


def written(data: bytes, deadline: Deadline, **cells: str) -> bytes:
    """The workbook with words of somebody's own in cells of row 0101."""

    def change(book: Any) -> None:
        sheet = answerbooks.sheet_of(book, "results")
        for name, words in cells.items():
            answerbooks.cell(sheet, registry.identity("0101"), name).value = words

    return answerbooks.changed(data, change)


def test_what_was_seemingly_meant_is_taken_with_one_press_and_kept_as_put_right(desk, deadline):
    row = registry.identity("0101")
    upload(desk, deadline, written(behalf.filled_in(deadline), deadline, progress="２ 計画どおり"))
    page = desk.get(path(deadline)).content.decode()
    assert "「２ 計画どおり」は選択肢にありません。「2 計画どおり進んでいる」のことと思われます" in page
    assert "このとおりにする" in page
    kept = ReturnedWorkbook.objects.get()
    assert not returned.look(kept, deadline).may_be_filed, "nothing is taken before somebody confirms"
    part = path(deadline, f"parts/{row}/")
    assert desk.post(part, {"proposed": "yes"}).status_code == 302
    kept = ReturnedWorkbook.objects.get()
    assert (kept.corrected[str(row)]["progress"], kept.corrected[str(row)]["text"]) == (
        2,
        "①72回\n②のべ640人",
    )
    assert returned.look(kept, deadline).may_be_filed
    assert "このとおりにする" not in desk.get(path(deadline)).content.decode()
    assert desk.post(path(deadline, "parts/activities/"), {"proposed": "yes"}).status_code == 404


def test_a_text_that_only_says_none_is_proposed_as_nothing_to_report_and_may_stay_a_text(desk, deadline):
    row = registry.identity("0101")
    upload(desk, deadline, written(behalf.filled_in(deadline), deadline, text="なし"))
    page = desk.get(path(deadline)).content.decode()
    assert "「なし」とだけ書かれています" in page
    looked = returned.look(ReturnedWorkbook.objects.get(), deadline)
    assert looked.rows[row].text == "なし"
    assert looked.may_be_filed, "the words may stand"
    desk.post(path(deadline, f"parts/{row}/"), {"proposed": "yes"})
    looked = returned.look(ReturnedWorkbook.objects.get(), deadline)
    assert (looked.rows[row].nothing, looked.rows[row].text) == (True, "")


def test_the_very_file_that_was_recalled_is_told(desk, deadline, hikari):
    data = behalf.filled_in(deadline)
    behalf.filed(deadline, behalf.taken(deadline, data))
    by = Actor(person_id=None, name="承認 太郎")
    handing_in.recall(deadline, by=by, at=behalf.AT)
    upload(desk, deadline, data)
    page = desk.get(path(deadline)).content.decode()
    assert "前回と同じファイルです" in page
    assert re.search(r"第1版は10月12日 \d\d:\d\dに団体が引き戻しています", page)
    upload(desk, deadline, written(data, deadline, text="①80回"))
    assert "前回と同じファイルです" not in desk.get(path(deadline)).content.decode()


def test_a_request_for_more_time_that_a_filing_on_behalf_ended_stands_in_the_history(desk, deadline):
    by = Actor(person_id=None, name="承認 太郎")
    until = deadline.effective_due_on + timedelta(days=9)
    extensions.ask(deadline, until=until, reason="担当者の入院", by=by, at=behalf.AT)
    behalf.filed(deadline)
    page = desk.get(f"/desk/review/{deadline.pk}/history/").content.decode()
    assert f"期限の延長の依頼（{day_year(until)}まで）は、これで終了しました" in page


def test_the_page_of_putting_right_shows_the_words_of_the_row(desk, deadline):
    upload(desk, deadline, behalf.filled_in(deadline))
    page = desk.get(path(deadline, f"parts/{registry.identity('0101')}/")).content.decode()
    assert "（0101）週3回の居場所が開かれている" in page
    assert "①開所回数" in page
    assert "目標：年間150回" in page


def test_the_workbook_is_sent_with_one_click(desk, deadline):
    said = {"send-address": "npo@example.jp", "send-name": "田中", "send-words": "", "send-language": "ja"}
    assert desk.post(path(deadline, "send/"), {**said, "send-address": "npo"}).status_code == 422
    answer = desk.post(path(deadline, "send/"), said, follow=True)
    assert "npo@example.jp に送ります" in answer.content.decode()
    assert Message.objects.get().address == "npo@example.jp"


def test_only_officers_of_this_distributor(deadline, client):
    reader = people.officer(deadline.grant.programme.distributor, "reader")
    people.sign_in(client, reader)
    assert client.get(path(deadline)).status_code == 200
    for rest in ("send/", "upload/", "file/", "discard/", "files/", "files/said/"):
        assert client.post(path(deadline, rest)).status_code == 403
    stranger = people.officer(programmes.distributor())
    people.sign_in(client, stranger)
    for rest in ("", "workbook-ja.xlsx", "parts/activities/"):
        assert client.get(path(deadline, rest)).status_code == 404
    for rest in ("send/", "upload/", "file/", "discard/"):
        assert client.post(path(deadline, rest)).status_code == 404


def test_the_page_asks_the_same_for_one_file_and_for_three(desk, deadline, django_assert_num_queries):
    kept = behalf.taken(deadline)
    from reporting.review import sent_files
    from tests.tenants.evidence.pictures import jpeg

    field = returned.look(kept, deadline).takes_files()
    with django_assert_num_queries(QUERIES):
        desk.get(path(deadline))
    for number in range(3):
        sent_files.add(
            kept, field=field, standing=0, data=jpeg((200 + number, 100)), filename=f"{number}.jpg"
        )
    with django_assert_num_queries(QUERIES):
        desk.get(path(deadline))


QUERIES = 20


def test_a_report_handed_in_says_so_and_offers_nothing(desk, deadline):
    filings.handed_in(deadline)
    page = desk.get(path(deadline)).content.decode()
    assert "もう提出されています" in page
    assert "記入用紙を送る" not in page
    assert desk.get(path(deadline, "workbook-ja.xlsx")).status_code == 302
