import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage

import pytest

from minori.local.mailbox import list_mails, read_mail, receiving
from minori.problems import Problem


def mail(subject):
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "minori@example.org"
    message["To"] = "山田 花子 <hanako@example.org>"
    message.set_content("締切は10月14日です。\n.\n以上")
    message.add_alternative("<p>締切は<b>10月14日</b>です。</p>", subtype="html")
    return message


def send(port, message, *, to=("hanako@example.org",)):
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(message, to_addrs=list(to))


def test_a_mail_is_kept_and_read_back_whole(tmp_path):
    with receiving(tmp_path) as port:
        send(
            port,
            mail("【あと3日】進捗報告書 10月14日締切"),
            to=("hanako@example.org", "hidden@example.org"),
        )

    (kept,) = list_mails(tmp_path)
    assert kept.subject == "【あと3日】進捗報告書 10月14日締切"
    assert kept.recipients == ("hanako@example.org", "hidden@example.org")
    assert kept.text.splitlines() == ["締切は10月14日です。", ".", "以上"]
    assert kept.html.strip() == "<p>締切は<b>10月14日</b>です。</p>"
    assert ("To", "山田 花子 <hanako@example.org>") in kept.headers
    assert read_mail(tmp_path, kept.name) == kept


def test_the_newest_mail_comes_first_and_the_list_can_be_cut(tmp_path):
    with receiving(tmp_path) as port:
        for number in range(3):
            send(port, mail(f"{number}"))

    assert [kept.subject for kept in list_mails(tmp_path)] == ["2", "1", "0"]
    assert [kept.subject for kept in list_mails(tmp_path, limit=1)] == ["2"]


def test_nothing_outside_the_mailbox_is_read(tmp_path):
    folder = tmp_path / "mailbox"
    folder.mkdir()
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")

    for name in ("../secret.eml", str(tmp_path / "secret.eml"), "none.eml", ""):
        assert read_mail(folder, name) is None


def test_a_mail_cut_off_on_the_way_is_not_kept(tmp_path):
    with receiving(tmp_path) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            lines = client.makefile("rb")
            lines.readline()
            for command in ("HELO x", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"):
                client.sendall(f"{command}\r\n".encode())
                lines.readline()
            client.sendall(b"Subject: half\r\n\r\nhalf a")
            lines.close()
        send(port, mail("whole"))

    assert [kept.subject for kept in list_mails(tmp_path)] == ["whole"]


def test_a_taken_port_is_told(tmp_path):
    with (
        receiving(tmp_path) as port,
        pytest.raises(Problem, match=f"Port {port} is in use"),
        receiving(tmp_path, port=port),
    ):
        pass


def test_it_runs_as_a_process_and_stops_when_told(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "minori.local.mailbox", str(tmp_path), "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        port = int(process.stdout.readline().partition("127.0.0.1:")[2].split()[0])
        send(port, mail("to a process"))
        process.terminate()
        assert process.wait(timeout=10) == 0

    assert [kept.subject for kept in list_mails(tmp_path)] == ["to a process"]
