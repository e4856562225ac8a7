"""The demo's mailbox: mails as text, links that work, nothing outside the demo."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from minori.local.mailbox import store
from minori.mail import urls  # noqa: F401 - read before the demo is switched on: addresses are decided once

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The demo's mailbox."""
    settings.MINORI_DEMO, settings.HOME = True, tmp_path
    settings.ROOT_URLCONF = "tests.minori.mail.demo_urls"
    return tmp_path / "mailbox"


def arrive(folder: Path, subject: str, to: str, text: str = "本文\n") -> str:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "Minori <minori@localhost>", to
    mail.set_content(text)
    return store(folder, f"X-Envelope-To: {to}\r\n".encode() + mail.as_bytes()).name


def test_an_empty_mailbox_says_so(client: Client, folder: Path) -> None:
    assert "メールはまだ届いていません。" in client.get("/mailbox/").content.decode()


def test_mails_are_listed_and_can_be_chosen_by_address(client: Client, folder: Path) -> None:
    arrive(folder, "【あと3日】<進捗>", "a@hikari.example")
    arrive(folder, "確認コード 123456", "b@kibou.example")
    every = client.get("/mailbox/").content.decode()
    assert "【あと3日】&lt;進捗&gt;" in every
    assert every.index("確認コード 123456") < every.index("【あと3日】")
    one = client.get("/mailbox/", {"to": "a@hikari.example"}).content.decode()
    assert "確認コード 123456" not in one


def test_a_mail_is_shown_as_text_and_its_links_work(client: Client, folder: Path) -> None:
    name = arrive(
        folder, "お知らせ", "a@x.example", "<b>太字</b>\nhttp://127.0.0.1:8000/o/hikari/reports/3/\n"
    )
    page = client.get(f"/mailbox/{name}/").content.decode()
    assert "&lt;b&gt;太字&lt;/b&gt;" in page
    assert 'href="http://127.0.0.1:8000/o/hikari/reports/3/"' in page


@pytest.mark.parametrize("name", ["nothing.eml", "..%2Fpasswords.json", "passwords.json"])
def test_no_other_file_can_be_read(client: Client, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "passwords.json").write_text("{}")
    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_outside_the_demo_there_is_no_mailbox(client: Client, folder: Path, settings: Any) -> None:
    name = arrive(folder, "お知らせ", "a@x.example")
    settings.MINORI_DEMO = False
    assert client.get("/mailbox/").status_code == client.get(f"/mailbox/{name}/").status_code == 404
    settings.ROOT_URLCONF = "minori.urls"
    with pytest.raises(NoReverseMatch):
        reverse("mail:mailbox")
