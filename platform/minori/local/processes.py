"""Processes known by a locked file: the lock lives exactly as long as the process and its children do.

So nobody is misled by a kill -9, a number given to another process, or a restart of the machine.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from minori.problems import Problem

_LOG_GROWS_TO = 10_000_000  # bytes

# Kept until they are stopped: Python would otherwise complain that nobody waits for them.
_started: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Process:
    """A process that is to exist once for a home."""

    name: str
    file: Path

    def start(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str],
        folder: Path | None = None,
        user: tuple[int, int] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, so that Ctrl-C reaches us alone; its output goes into `log`.

        `user`: user and group number to run as, where that is not ourselves. Raises Problem when it runs.
        """
        with _opened(self.file) as lock:
            if not _take(lock, within=1):
                msg = f"{self.name} is running already (process {self.number()})."
                raise Problem(msg)
            if log.exists() and log.stat().st_size > _LOG_GROWS_TO:
                log.replace(log.with_suffix(".log.1"))
            with log.open("ab") as output:
                process = subprocess.Popen(
                    [str(part) for part in command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=dict(environment),
                    cwd=folder,
                    start_new_session=True,
                    pass_fds=(lock,),
                    user=user[0] if user else None,
                    group=user[1] if user else None,
                    extra_groups=[] if user else None,
                )
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(process.pid).encode(), 0)
        _started[process.pid] = process
        return process

    def alive(self) -> bool:
        """Whether it or a child of it still lives."""
        if not self.file.exists():
            return False
        with _opened(self.file) as lock:
            return not _take(lock, fcntl.LOCK_SH)

    def number(self) -> int | None:
        """Its process number as it was written down; only meaningful while it is alive."""
        text = self.file.read_text() if self.file.exists() else ""
        return int(text) if text.isdigit() else None

    def stop(self, *, gently: signal.Signals = signal.SIGTERM, within: float = 20) -> None:
        """End it: ask with the signal `gently`, after `within` seconds end it and its children by force."""
        number = self.number()
        if self.alive() and number is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, gently)
            if not self._gone(within):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(number, signal.SIGKILL)
                self._gone(10)
        if number is not None and (process := _started.pop(number, None)):
            process.wait()

    def _gone(self, within: float) -> bool:
        until = time.monotonic() + within
        while self.alive():
            if time.monotonic() > until:
                return False
            time.sleep(0.03)
        return True


@contextlib.contextmanager
def alone(file: Path, *, within: float, wrong: str, advice: str) -> Iterator[None]:
    """Hold a file's lock: one process at a time. Raises Problem when it is not free in time (seconds)."""
    with _opened(file) as lock:
        if not _take(lock, within=within):
            raise Problem(wrong, advice)
        yield


@contextlib.contextmanager
def counted(file: Path) -> Iterator[int]:
    """Be one of the users of something for a while; ask `is_last` with the handle before leaving."""
    with _opened(file) as lock:
        _take(lock, fcntl.LOCK_SH, within=30)
        yield lock


def is_last(lock: int) -> bool:
    """Whether nobody else is counted. It gives up our own count: only on the way out."""
    return _take(lock)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[int]:
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _take(lock: int, kind: int = fcntl.LOCK_EX, *, within: float = 0) -> bool:
    until = time.monotonic() + within
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.03)
        else:
            return True


def last_words(log: Path, *, lines: int = 8) -> str:
    """The end of a log, to be shown with what went wrong."""
    if not log.exists():
        return ""
    with log.open("rb") as source:
        source.seek(max(0, log.stat().st_size - 8_000))
        return "\n".join(f"  {line}" for line in source.read().decode(errors="replace").splitlines()[-lines:])
