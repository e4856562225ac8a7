"""A whole installation of a test's own: servers that may be killed, a real web server, real workers."""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from celery import Celery

from minori.local.addresses import Servers, celery_broker_url
from minori.local.home import open_home
from minori.local.postgres import cluster_in
from minori.local.processes import Process
from minori.local.servers import quiet
from tests.faults.world import APPROVED

ROOT = Path(__file__).resolve().parents[2]

_ENDED = re.compile(r"\] (?:succeeded in|raised|failed)\b")


@dataclass
class Installation:
    """Servers in a home folder, and what was filled in (`world.fill`)."""

    home: Path
    servers: Servers
    port: int
    world: dict[str, Any] = field(default_factory=dict)

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        left_out = {"DATABASE_URL", "DATABASE_APP_URL", "REDIS_URL", "MINORI_FILES"}
        clean = {name: value for name, value in os.environ.items() if name not in left_out}
        return (
            clean
            | self.servers.environment(owner=owner)
            | {
                "MINORI_HOME": str(self.home),
                "MINORI_URL": self.address,
                "DJANGO_SETTINGS_MODULE": "minori.settings",
                "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            }
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str, owner: bool = False) -> "subprocess.CompletedProcess[str]":
        """A Python module with its arguments, to its end."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            env=self.environment(owner=owner),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def started(self, name: str, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A Python module that goes on; ended with its children."""
        with self.log(name).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            kill(process)

    def worker(self, name: str) -> Any:
        """A Celery worker that takes one task at a time."""
        worker = ("celery", "--app", "workers.app", "worker", "--concurrency", "1", "--loglevel", "INFO")
        return self.started(
            name, *worker, "--hostname", f"{name}@test", "--without-gossip", "--without-mingle"
        )

    def log(self, name: str) -> Path:
        return self.home / "log" / f"{name}.log"

    def kill_server(self, name: str) -> None:
        """kill -9 `postgres` or `valkey` with all its children."""
        process = Process(name, open_home(self.home).run / f"{name}.lock")
        number = process.number()
        assert number is not None
        os.killpg(number, signal.SIGKILL)
        until(lambda: not process.alive())

    def beat(self, name: str) -> Any:
        """A beat that wakes what the real one wakes, every two seconds instead of every minute or five."""
        beat = ("celery", "--app", "tests.faults.quickly", "beat", "--loglevel", "INFO")
        return self.started(name, *beat, "--schedule", str(self.home / f"{name}-schedule"), "--pidfile=")

    def forget_the_queue(self) -> None:
        """Take away what Valkey keeps on disk, while it does not run: it starts with an empty memory."""
        folder = open_home(self.home).valkey
        assert any(folder.iterdir()), "it had kept something"
        shutil.rmtree(folder)

    def valkey_remembers(self) -> int:
        """How many keys Valkey had when it started: what is kept is read then, and nothing later."""
        address = celery_broker_url(self.servers.redis_url)
        with Celery("test", broker=address, set_as_current=False) as app, app.connection_for_read() as broker:
            said = broker.default_channel.client.info("persistence")
        return int(said["rdb_last_load_keys_loaded"])

    def restart_postgres(self, *, kill: bool = False) -> None:
        """Stop PostgreSQL as it is stopped in life, cutting off everybody (or kill it), and start it again.

        From then on it keeps what it has said is committed, whatever happens.
        """
        cluster = cluster_in(open_home(self.home), environment=os.environ, say=quiet)
        if kill:
            self.kill_server("postgres")
        cluster.stop()  # of a killed one it takes away what is left
        cluster.start(durable=True, say=quiet)

    def database(self) -> "psycopg.Connection[Any]":
        """A connection with the owner's login."""
        assert self.servers.database_url is not None
        return psycopg.connect(self.servers.database_url, autocommit=True)

    def ask(self, statement: Any, *values: Any) -> Any:
        """The first column of the first row."""
        with self.database() as connection:
            row = connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def is_fresh(self) -> bool:
        """Whether the round's summary has counted every event; asked of PostgreSQL, not of Minori."""
        return bool(
            self.ask(
                "SELECT s.events_compiled = (SELECT count(*) FROM audit_event e WHERE e.programme_id = s.programme_id"
                " AND (e.round_id = s.round_id OR e.round_id IS NULL)) FROM summaries_summary s WHERE s.round_id = %s",
                self.world["round"],
            )
        )

    def is_quiet(self, *workers: str) -> bool:
        """Whether nothing waits in the queue and these workers have finished whatever they received."""
        logs = "".join(self.log(name).read_text() for name in workers)
        received, ended = len(re.findall(r"\] received$", logs, re.MULTILINE)), len(_ENDED.findall(logs))
        address = celery_broker_url(self.servers.redis_url)
        with Celery("test", broker=address, set_as_current=False) as app, app.connection_for_read() as broker:
            waiting = broker.default_channel.client.llen("celery")
        return waiting == 0 and received == ended

    def handed_in(self) -> int:
        """How many reports the compiled summary counts."""
        return int(
            self.ask(
                "SELECT (contents #>> '{totals,handed_in}')::int FROM summaries_summary WHERE round_id = %s",
                self.world["round"],
            )
        )

    def wake(self, task: str, **ids: int) -> None:
        """Put a wake-up into the queue, as beat and the web server do."""
        with Celery("test", broker=celery_broker_url(self.servers.redis_url), set_as_current=False) as app:
            app.send_task(task, kwargs=ids, ignore_result=True)

    def visitor(self, session: str = "") -> "Visitor":
        return Visitor(self.address, session)


class Visitor:
    """Somebody with a browser that knows cookies and nothing else."""

    def __init__(self, address: str, session: str) -> None:
        self.address, self.session = address, session
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.jar = jar
        if session:
            self.jar.set_cookie(
                http.cookiejar.Cookie(
                    *(0, "sessionid", session, None, False, "127.0.0.1", False, False, "/", True),
                    *(False, None, True, None, None, {}),
                )
            )

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of a page, redirections followed; `form` is posted."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.address + path, data)  # noqa: S310 - our own address
        request.add_header("Accept-Language", "ja")
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def hand_in(self, page: str) -> Callable[[], tuple[int, str]]:
        """Read the check before handing in; what is given back presses its button."""
        status, text = self.get(page)
        assert status == 200, text
        form = APPROVED | {
            name: found[1]
            for name in ("seen", "csrfmiddlewaretoken")
            if (found := re.search(f'name="{name}" value="([^"]+)"', text))
        }
        assert set(form) > {"seen", "csrfmiddlewaretoken"}, text
        return lambda: self.get(page, form)


def until(what: Callable[[], Any], *, seconds: float = 60, log: Path | None = None) -> None:
    """Wait for something to become true, looking often."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, log.read_text()[-3000:] if log else "it did not happen in time"
        time.sleep(0.05)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 a process and its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def filled(installation: Installation) -> dict[str, Any]:
    """Migrate and fill it."""
    for module in (("minori.cli", "migrate"), ("tests.faults.world",)):
        done = installation.run(*module, owner=True)
        assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))
