"""A report comes back: corrected on a phone by keyboard alone, from sign-in to handing in again; nothing typed is lost."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from minori.accounts.enums import Role
from minori.filings import reviewing
from minori.filings.models import Comment, Filing, OpenPart
from minori.filings.reviewing import GENERAL_WORDS, Remark
from minori.organizations.models import Organization
from minori.programmes.models import Deadline
from minori.report_forms.contents import Approval, ApprovalManner
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tenants.reports import drafts, handing_in
from tests.factories import people, programmes, registry
from tests.journeys.visitor import Visitor
from tests.minori.accounts.mailbox import Mails, code_in
from tests.tenants.evidence import documents, pictures
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_handing_in import OFFICER, fill

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CODES = ("0101", "0102", "0103")
FIRST, SECOND, THIRD = (str(registry.identity(code)) for code in CODES)
SAVED = re.compile(r"\d\d:\d\d に保存しました")


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def deadline(hikari: Organization) -> Deadline:
    """A report of three rows, open."""
    grant = programmes.grant(organization=hikari)
    rows = [
        {"code": code, "statement": f"（{code}）居場所が開かれている", "indicators": [{"statement": "回数"}]}
        for code in CODES
    ]
    registry.registered(grant, registry.framework(rows))
    return open_deadline(hikari, of=grant)


@pytest.fixture
def returned(deadline: Deadline) -> dict[str, Comment]:
    """The same, handed in and sent back with a comment at the first row and one at the outlook."""
    fill(deadline)
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        copy = drafts.read(deadline)
        handing_in.hand_in(
            deadline,
            approval=Approval(
                approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=date(2026, 10, 8)
            ),
            seen=handing_in.fingerprint(copy),
            by=by,
            at=timezone.now(),  # a room hands in now
        )
    deadline.refresh_from_db()
    remarks = [
        Remark(str(GENERAL_WORDS)),
        Remark("20人はいつの人数ですか。", anchor=FIRST),
        Remark("なぜ課題があるとお考えですか。", anchor="outlook"),
    ]
    assert deadline.current_filing is not None
    filing = deadline.current_filing
    reviewing.send_back(
        deadline, filing=filing, remarks=remarks, due_on=date(2099, 11, 1), by=OFFICER, at=timezone.now()
    )
    deadline.refresh_from_db()
    return {one.anchor: one for one in Comment.objects.all()}


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, mails: Mails) -> Iterator[Visitor]:
    one = Visitor(chromium, live_server.url, mails)
    one.page.set_viewport_size({"width": 360, "height": 800})
    yield one
    one.page.context.close()


class Keys:
    """Somebody who has no mouse: Tab, Space, Enter, arrows and letters."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str, *, most: int = 250) -> None:
        """Tab until the control has the focus, and see that it can be seen."""
        for _ in range(most):
            if self.page.evaluate("(one) => document.activeElement?.matches(one) ?? false", selector):
                expect(self.page.locator(":focus")).to_be_in_viewport()
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{selector} cannot be reached by keyboard on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Go there and press."""
        self.to(selector)
        self.page.keyboard.press(key)

    def go(self, selector: str, key: str = "Enter") -> None:
        """Go there, press, and wait for the page that follows."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def unfold(self, details: str) -> None:
        """Open what is folded."""
        if self.page.locator(details).get_attribute("open") is None:
            self.press(f"{details} > summary")

    def write(self, selector: str, words: str) -> None:
        """Go there and write at the end of what stands there."""
        self.to(selector)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(words)


def sign_in(keys: Keys, mails: Mails, email: str) -> None:
    keys.page.goto("/")
    keys.write("#id_email", email)
    keys.press("button[value=code]")
    expect(keys.page.locator("#id_code")).to_be_visible()
    keys.write("#id_code", code_in(mails()[-1]))
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator("#id_code")).to_have_count(0)


def test_a_returned_report_is_corrected_and_handed_in_again_without_a_mouse(
    visitor: Visitor, mails: Mails, hikari: Organization, deadline: Deadline, returned: dict[str, Comment]
) -> None:
    page, keys = visitor.page, Keys(visitor.page)
    who = people.member(hikari, Role.APPROVER, name="承認 太郎")
    sign_in(keys, mails, who.email)
    expect(page.get_by_text("返事待ち")).to_have_count(2)
    row, outlook = returned[FIRST], returned["outlook"]

    # the row that came back: answered, corrected, marked as dealt with; the others are only to be read
    keys.go(f"a[href$='#comment-{row.pk}']")
    expect(page.locator(f"#comment-{row.pk}")).to_be_in_viewport()
    expect(page.locator(f"[name=row-{SECOND}-text]")).to_have_count(0)
    expect(page.locator(f"#row-{SECOND}")).to_contain_text("差戻しなし")
    keys.write(f"[name=answer-{row.pk}]", "9月末現在の人数です。書き足しました。")
    keys.write(f"[name=row-{FIRST}-text]", "（9月末現在）")
    keys.press(f"[name=row-{FIRST}-progress][value='2']", "ArrowDown")
    expect(page.locator("#save-state")).to_have_text(SAVED)
    keys.go("button[name=then][value=stay]:not([tabindex='-1'])")
    expect(page.get_by_text("返事を送りました")).to_be_visible()
    page.goto(page.url)
    keys.go(f"button[name=dealt][value='{row.pk}']")
    expect(page.locator(f"#comment-{row.pk}")).to_contain_text("対応済み")

    # another row has to be corrected too: opened with a reason
    keys.unfold(f"#row-{SECOND} > details")
    keys.press(f"#row-{SECOND} .opening > summary")
    keys.write(f"[name=reason-{SECOND}]", "同じ数字を使っているため")
    keys.go(f"button[name=open][value='{SECOND}']")
    expect(page.locator(f"[name=row-{SECOND}-text]")).to_have_count(1)
    keys.unfold(f"#row-{SECOND} > details")
    keys.write(f"[name=row-{SECOND}-text]", "のべ31人")
    keys.go("button[name=then][value=list]:not([tabindex='-1'])")

    # the outlook: another choice by the arrow keys, and the answer to its comment
    keys.go("a[href$='/sections/outlook/']")
    keys.write(f"[name=answer-{outlook.pk}]", "会場の改修が長引いたためです。")
    keys.go("button[name=then][value=list]:not([tabindex='-1'])")
    expect(page.get_by_text("返事を送りました")).to_be_visible()

    # the check, and again in the officer's hands
    keys.go("a[href$='/check/']")
    keys.write("#id_approved_by", "施設長")
    keys.press("[name=manner]", "Space")
    keys.go("#hand-in button")
    expect(page.get_by_text("第2版として提出しました")).to_be_visible()

    first, second = Filing.objects.order_by("revision")
    before, after = ({one["row"]: one for one in filing.contents["rows"]} for filing in (first, second))
    assert after[FIRST]["text"] == f"{before[FIRST]['text']}（9月末現在）"
    assert (before[FIRST]["progress"], after[FIRST]["progress"]) == (2, 3)
    assert after[SECOND]["text"] == "のべ31人"
    assert after.get(THIRD) == before.get(THIRD)
    answered = Comment.objects.exclude(answers=None).order_by("pk")
    assert [(one.answers_id, one.body) for one in answered] == [
        (row.pk, "9月末現在の人数です。書き足しました。"),
        (outlook.pk, "会場の改修が長引いたためです。"),
    ]
    assert Comment.objects.get(pk=row.pk).dealt_with_by_name == "承認 太郎"
    assert OpenPart.objects.get(anchor=SECOND).reason == "同じ数字を使っているため"
    assert visitor.complaints == []


def test_answers_outlive_a_session_that_ends_while_they_are_typed(
    visitor: Visitor, mails: Mails, hikari: Organization, deadline: Deadline, returned: dict[str, Comment]
) -> None:
    page, keys = visitor.page, Keys(visitor.page)
    who = people.member(hikari, Role.EDITOR, name="編集 花子")
    sign_in(keys, mails, who.email)
    comment = returned[FIRST]
    results = f"/o/hikari/reports/{deadline.pk}/sections/results/"
    answer = page.locator(f"[name=answer-{comment.pk}]")

    # the session ends while the answer is typed; back by the sign-in, it stands there
    page.goto(results)
    answer.fill("9月末の人数です。")
    page.wait_for_timeout(500)
    Session.objects.all().delete()
    sign_in(keys, mails, who.email)
    page.goto(results)
    expect(answer).to_have_value("9月末の人数です。")
    # the check before handing in says that an answer waits here, and leads back to it
    page.goto(f"/o/hikari/reports/{deadline.pk}/check/")
    expect(page.get_by_text("まだ送られずにこの端末に残っています")).to_be_visible()
    page.get_by_role("link", name="ページを開いて返事を送る").click()
    expect(answer).to_have_value("9月末の人数です。")
    # and it ends again when the button is pressed: server or device, whichever was first, keeps it behind the sign-in
    answer.fill("9月末の人数です。名簿で数えました。")
    Session.objects.all().delete()
    page.locator("button[name=then][value=stay]").last.click()
    page.locator("#id_email").fill(who.email)
    page.locator("button[value=code]").click()
    page.locator("#id_code").fill(code_in(mails()[-1]))
    page.keyboard.press("Enter")
    expect(answer).to_have_value("9月末の人数です。名簿で数えました。", timeout=30_000)
    assert not Comment.objects.exclude(answers=None).exists()
    page.locator("button[name=then][value=stay]").last.click()
    expect(page.get_by_text("返事を送りました")).to_be_visible()
    assert Comment.objects.get(answers=comment).body == "9月末の人数です。名簿で数えました。"
    assert page.evaluate("JSON.stringify(localStorage).includes('名簿')") is False
    page.goto(f"/o/hikari/reports/{deadline.pk}/check/")
    expect(page.locator("[data-unsent]")).to_be_attached()
    expect(page.locator("[data-unsent]")).to_be_hidden()


def test_files_at_a_row_with_captions_that_save_themselves(
    visitor: Visitor, mails: Mails, hikari: Organization, deadline: Deadline
) -> None:
    page, keys = visitor.page, Keys(visitor.page)
    who = people.member(hikari, Role.EDITOR, name="編集 花子")
    sign_in(keys, mails, who.email)
    page.goto(f"/o/hikari/reports/{deadline.pk}/rows/{FIRST}/files/")
    sent = [
        {"name": "居場所.heic", "mimeType": "image/heic", "buffer": pictures.heic()},
        {"name": "名簿.pdf", "mimeType": "application/pdf", "buffer": documents.pdf()},
        {"name": "議事録.docx", "mimeType": "application/octet-stream", "buffer": documents.docx()},
    ]
    page.locator("[name=files]").set_input_files(sent)
    page.get_by_role("button", name="追加する").click()
    expect(page.locator("[data-upload-status]")).to_have_text("3件中 3件を追加しました。")
    expect(page.get_by_text("議事録.docx").first).to_be_visible()
    visitor.look("row-files")
    page.set_viewport_size({"width": 360, "height": 800})
    with entering(hikari):
        stored = attachments.of(deadline.pk)
    assert {str(one.row_uuid) for one in stored} == {FIRST}
    assert [one.content_type.rpartition("/")[2][-8:] for one in stored] == ["jpeg", "pdf", "document"]
    # at the row itself they are listed; in the section of files their captions save themselves
    page.goto(f"/o/hikari/reports/{deadline.pk}/sections/results/#row-{FIRST}")
    expect(page.locator(f"#row-{FIRST}").get_by_text("名簿.pdf")).to_be_visible()
    page.goto(f"/o/hikari/reports/{deadline.pk}/sections/photos/")
    caption = page.locator(f"[name=file-{stored[0].uuid}-caption]")
    caption.fill("夏のつどい")
    expect(page.locator("#save-state")).to_have_text(SAVED)
    page.locator(f"[name=file-{stored[0].uuid}-rights]").select_option("agreed")
    # one more, added on this page: its caption saves itself too
    photo = {"name": "秋.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    page.locator("[name=files]").set_input_files([photo])
    page.get_by_role("button", name="追加する").click()
    expect(page.locator("#files").get_by_text("秋.jpg").first).to_be_visible()
    page.get_by_label("説明").last.fill("秋のつどい")
    with page.expect_response("**/autosave/"):
        page.keyboard.press("Tab")
    with entering(hikari):
        said = [(one.caption, one.rights) for one in attachments.of(deadline.pk)]
    assert (said[0], said[-1][0]) == (("夏のつどい", "agreed"), "秋のつどい")
    # somebody else writes the same one meanwhile: both stand there
    colleague = people.sign_in(Client(), people.member(hikari, Role.EDITOR, name="共同 次郎"))
    key = f"file-{stored[0].uuid}"
    colleague.post(
        f"/o/hikari/reports/{deadline.pk}/sections/photos/",
        {f"v-{key}": "夏のつどい", f"{key}-caption": "夏祭り"},
    )
    caption.fill("夏のつどい（8月）")
    torn = page.locator(f"#conflict-{key}")
    expect(torn).to_contain_text("この欄は、ほかの画面でも変更されています")
    expect(torn).to_contain_text("夏祭り")
    assert all("422" in one for one in visitor.complaints), "a conflict is answered with 422"
    visitor.complaints.clear()
    visitor.look("caption-conflict")
    torn.locator("button[value=theirs]").click()
    expect(torn).to_have_count(0)
    expect(caption).to_have_value("夏祭り")
    page.set_viewport_size({"width": 360, "height": 800})
