"""A mail server that misbehaves as told: it speaks real SMTP on a real port and counts what it took."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    """What goes wrong where. Values: an answer such as "451 later", "drop", or "hang"; "" is as it should be."""

    greeting: str = ""
    rcpt: str = ""
    data: str = ""
    text: str = ""
    taken: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class _Conversation(socketserver.StreamRequestHandler):
    faults: Faults

    def handle(self) -> None:
        with contextlib.suppress(_Over, OSError):
            self.say(self.faults.greeting or "220 faulty")
            while line := self.rfile.readline():
                self.answer(line.decode().strip().upper())

    def answer(self, line: str) -> None:
        if line.startswith("EHLO"):
            self.say("250-faulty")
            self.say("250 8BITMIME")
        elif line.startswith("RCPT"):
            self.say(self.faults.rcpt or "250 ok")
        elif line == "DATA":
            self.say(self.faults.data or "354 go ahead")
            if not self.faults.data:
                self.take()
        elif line == "QUIT":
            self.say("221 bye")
            raise _Over
        else:
            self.say("250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        self.faults.taken.append("".join(lines))
        self.say(self.faults.text or "250 kept")

    def say(self, what: str) -> None:
        if what == "drop":
            raise _Over
        if what == "hang":
            self.faults.stop.wait(20)
            raise _Over
        self.wfile.write(f"{what}\r\n".encode())


class _Over(Exception):  # noqa: N818 - the end of a conversation
    pass


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def misbehaving(settings: Any, **faults: str) -> Iterator[Faults]:
    """Point Django at a server with these faults; one second is how long a sender waits for it."""
    told = Faults(**faults)
    handler = type("Conversation", (_Conversation,), {"faults": told})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_TIMEOUT = 1
        settings.MAIL_PER_SECOND = 1000
        try:
            yield told
        finally:
            told.stop.set()
            server.shutdown()
