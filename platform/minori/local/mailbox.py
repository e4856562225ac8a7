"""The demo's mailbox: a real SMTP server on this machine that keeps what it is given, and a reader.

Run as a process: `python -m minori.local.mailbox FOLDER PORT`.
"""

import asyncio
import contextlib
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from minori.local.home import Home, home_from, open_home
from minori.local.processes import Process
from minori.problems import Problem

_LARGEST = 50_000_000  # bytes of one mail
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived. `recipients` are those of the envelope, so blind copies are seen too."""

    name: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


class _Keeper:
    """Writes each mail into a file of its own: whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        content: bytes = envelope.original_content or b""
        arrived = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        store(self.folder, arrived.encode() + content)
        return "250 kept"


def store(folder: Path, content: bytes) -> Path:
    """Keep one mail (RFC 5322, as bytes) under a name that sorts by the time of arrival."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(tz=UTC)
    name = f"{now:%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}"
    draft, kept = folder / f".{name}.new", folder / f"{name}.eml"
    draft.write_bytes(content)
    draft.rename(kept)
    return kept


@contextlib.contextmanager
def receiving(folder: Path, *, port: int = 0) -> Iterator[int]:
    """Receive mails into `folder` while the block lasts; gives the port (a free one when `port` is 0).

    Raises Problem when the port is taken.
    """
    from aiosmtpd.smtp import SMTP  # of the local servers only: an installation without them reads mails, too

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()

    def connected() -> SMTP:
        return SMTP(_Keeper(folder), data_size_limit=_LARGEST, enable_SMTPUTF8=True, loop=loop)

    try:
        server = loop.run_until_complete(loop.create_server(connected, host=_HOST, port=port))
    except OSError as error:
        loop.close()
        msg = f"Port {port} is in use, so the mailbox cannot receive there."
        raise Problem(msg, "End the program that uses it, or name another port.") from error
    thread = threading.Thread(target=loop.run_forever, name="mailbox", daemon=True)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_end_conversations(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_conversations() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def mailbox_process(home: Home) -> Process:
    """The mailbox of a home as `minori up` runs it."""
    return Process(name="the mailbox", file=home.run / "mailbox.lock")


@contextlib.contextmanager
def mailbox_for(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Settings by which mails reach the mailbox of the environment's home: its process, or ourselves for now.

    Nothing where the environment names a mail server (MINORI_SMTP_HOST).
    """
    if environment.get("MINORI_SMTP_HOST", "").strip():
        yield {}
        return
    home = open_home(home_from(environment), environment=environment)
    if mailbox_process(home).alive():
        yield smtp_settings(port_of(home))
        return
    with receiving(home.mailbox) as port:
        yield smtp_settings(port)


def port_of(home: Home) -> int:
    """The port of a home's mailbox: chosen once, so that a mailbox started again is found where it was."""
    file = home.run / "mailbox.port"
    if not file.exists():
        with socket.socket() as free:
            free.bind((_HOST, 0))
            file.write_text(str(free.getsockname()[1]))
    return int(file.read_text())


def smtp_settings(port: int) -> dict[str, str]:
    """What a process must know to send into the mailbox."""
    return {"MINORI_SMTP_HOST": _HOST, "MINORI_SMTP_PORT": str(port)}


def list_mails(folder: Path, *, limit: int = 200) -> list[Mail]:
    """The newest mails of a mailbox, newest first."""
    names = sorted((file.name for file in folder.glob("*.eml")), reverse=True)[:limit]
    return [mail for name in names if (mail := read_mail(folder, name)) is not None]


def read_mail(folder: Path, name: str) -> Mail | None:
    """One mail by the name of its file, or None where there is none of that name in this very folder."""
    file = folder / name
    if file.name != name or file.suffix != ".eml" or not file.is_file():
        return None
    content = file.read_bytes()
    message = message_from_bytes(content, policy=policy.default)
    stamp = datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    return Mail(
        name=name,
        received_at=stamp,
        sender=_sender(content) or str(message.get("From", "")),
        recipients=tuple(str(value) for value in message.get_all("X-Envelope-To", [])),
        subject=str(message.get("Subject", "")),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers=tuple((key, str(value)) for key, value in message.items() if key != "X-Envelope-To"),
    )


def _sender(content: bytes) -> str:
    """The sender as programs show it: the reader for addresses puts a space where a long name was folded (RFC 2047, 6.2)."""
    raw = message_from_bytes(content).get("From", "")
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError, HeaderParseError):
        return ""


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def main(arguments: list[str]) -> int:
    """Receive into a folder until told to stop."""
    folder, port = Path(arguments[0]), int(arguments[1])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with receiving(folder, port=port) as found:
            print(f"{time.strftime('%H:%M:%S')} receiving on {_HOST}:{found} into {folder}", flush=True)
            stop.wait()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
