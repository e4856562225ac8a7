"""Start everything on this machine: servers, web, workers, beat and, without a mail server, a mailbox.

Makes the database, brings it up to date and loads the demo when it is empty. Ctrl-C stops everything; the
data stay in the home folder (MINORI_HOME, var/local in the project). Where DATABASE_URL, DATABASE_APP_URL
and REDIS_URL are set, those servers are used.
"""

import argparse
import contextlib
import errno
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

from minori import jobs
from minori.local.addresses import Servers, servers_given
from minori.local.home import Home, home_from, open_home
from minori.local.mailbox import port_of, smtp_settings
from minori.local.messages import compile_messages, source_folders
from minori.local.processes import alone, last_words
from minori.local.servers import all_alive, given_or_running, running
from minori.local.supervisor import Service, Supervisor
from minori.problems import Problem

NEEDS_SERVERS = False  # it starts them itself, and keeps them

SERVICES = ("mailbox", "web", "worker", "exports", "beat")
_ANSWERS_WITHIN = 60  # seconds
_SIGN_INS = "Demo sign-ins"  # how the lines begin by which the demo tells who can sign in
_PROJECT = Path(__file__).resolve().parents[4]
_PYTHON = (sys.executable, "-m")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and whether to load the demo."""
    parser.add_argument("--port", type=int, default=8000, help="port of the web pages (8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)"
    )
    parser.add_argument("--no-demo", action="store_true", help="load no demo data, and show no demo mailbox")


def run(options: argparse.Namespace) -> int:
    """Start, wait, stop."""
    started_at = time.monotonic()
    home = open_home(home_from(os.environ))
    with _only_one(home, address=_address(options)), _told_to_stop() as stop:
        supervisor = Supervisor(home=home, folder=_PROJECT, say=_say)
        supervisor.end_orphans(SERVICES)
        _check_port(options.host, options.port)
        _say(f"everything is kept in {home.root}")
        with given_or_running(say=_say) as servers:
            if servers.database_url is None:
                msg = "`minori up` needs the owner's login of the database too, and DATABASE_URL is not set."
                raise Problem(
                    msg, "Set it, or leave all three unset to use the embedded servers.", exit_code=2
                )
            environment = _environment(home, servers, options)
            sign_ins = _prepare(home, environment, demo=not options.no_demo, stop=stop)
            try:
                if not stop.is_set:
                    _start_web(supervisor, home, environment, options)
                    _wait_for_the_web(supervisor, options, stop=stop)
                if not stop.is_set:
                    _start_workers(supervisor, home, environment)
                    seconds = time.monotonic() - started_at
                    _greet(home, environment, options, sign_ins=sign_ins, seconds=seconds)
                embedded = servers_given(os.environ) is None
                supervisor.watch(until=lambda: stop.is_set, also=lambda: _revive(home) if embedded else None)
            finally:
                _say("stopping")
                supervisor.stop()
    _say("stopped; the data stay")
    return 0


class _Stop:
    """Set by Ctrl-C, SIGTERM or the end of the terminal."""

    is_set = False


@contextlib.contextmanager
def _told_to_stop() -> Iterator[_Stop]:
    stop = _Stop()

    def remember(_number: int, _frame: object) -> None:
        stop.is_set = True

    before = {}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            before[number] = signal.signal(number, remember)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _only_one(home: Home, *, address: str) -> Iterator[None]:
    note = home.run / "up.address"
    where = note.read_text() if note.exists() else "another port"
    with alone(
        home.run / "up.lock",
        within=0,
        wrong=f"Minori is running already with the data in {home.root}, at {where}.",
        advice="End it there with Ctrl-C, or set MINORI_HOME to another folder for a second one.",
    ):
        note.write_text(address)
        yield


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as error:
            msg = f"{port} is no port: ports go from 1 to 65535."
            raise Problem(msg, exit_code=2) from error
        except PermissionError as error:
            msg = f"Port {port} may not be opened by an ordinary user."
            raise Problem(msg, f"Choose one above 1023: {_another(8001)}.", exit_code=2) from error
        except OSError as error:
            msg = (
                f"Port {port} is in use by another program."
                if error.errno == errno.EADDRINUSE
                else f"{host} is no address here."
            )
            raise Problem(msg, f"Choose another: {_another(port + 1)}.", exit_code=2) from error


def _another(port: int) -> str:
    return f"`minori up --port {port}`, or `make run PORT={port}`"


def _environment(home: Home, servers: Servers, options: argparse.Namespace) -> dict[str, str]:
    environment = {**os.environ, **servers.environment()}
    environment["MINORI_HOME"] = str(home.root)
    environment.setdefault("MINORI_URL", _address(options))
    environment["PYTHONUNBUFFERED"] = "1"
    if not environment.get("MINORI_SMTP_HOST"):
        environment |= smtp_settings(port_of(home))
    return environment


def _prepare(home: Home, environment: dict[str, str], *, demo: bool, stop: _Stop) -> str:
    """Words, tables, roles and demo data: each quick when there is nothing to do. Gives the demo's sign-ins."""
    if compiled := compile_messages(source_folders()):
        _say(f"compiled {len(compiled)} message catalogues")
    _say("bringing the database up to date")
    _command(home, environment, "migrate", stop=stop)
    told = ""
    if demo and importlib.util.find_spec("workers.commands.demo"):
        _say("looking whether the demo is to be loaded (the first time takes a minute)")
        log = _command(home, environment, "demo", "--if-empty", stop=stop)
        # it tells who can sign in where its data are, be it now or before; other data are left alone
        told = "" if stop.is_set else _sign_ins(log.read_text())
    # The demo's mailbox shows everybody's sign-in codes: never where the data are not the demo's.
    environment["MINORI_DEMO"] = "1" if told else "0"
    return told


def _command(home: Home, environment: Mapping[str, str], *arguments: str, stop: _Stop) -> Path:
    """Run another of our commands in a process of its own; gives the log of its output. Raises Problem."""
    log = home.logs / f"{arguments[0]}.log"
    if stop.is_set:
        return log
    with log.open("wb") as output:
        code = subprocess.run(
            [*_PYTHON, "minori.cli", *arguments],
            env=dict(environment),
            cwd=_PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code != 0 and not stop.is_set:  # Ctrl-C reaches it as well
        msg = f"`minori {' '.join(arguments)}` ended with code {code}. Its last words:\n{last_words(log)}"
        raise Problem(msg, f"The whole log is {log}.")
    return log


def _start_web(
    supervisor: Supervisor, home: Home, environment: dict[str, str], options: argparse.Namespace
) -> None:
    if _mails_are_kept(home, environment):
        _say("starting the mailbox")
        mailbox = (*_PYTHON, "minori.local.mailbox", str(home.mailbox), str(port_of(home)))
        supervisor.start(Service("mailbox", mailbox, _without_owner(environment)))
    _say("starting the web server")
    gunicorn = (
        *(*_PYTHON, "gunicorn", "minori.wsgi:application", "--preload"),
        *("--bind", f"{_bracketed(options.host)}:{options.port}", "--no-control-socket"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--access-logfile", "-", "--graceful-timeout", "5", "--max-requests", "5000"),
    )
    supervisor.start(Service("web", gunicorn, _without_owner(environment)))


def _start_workers(supervisor: Supervisor, home: Home, environment: dict[str, str]) -> None:
    _say("starting workers and beat")
    celery = (*_PYTHON, "celery", "--app", "workers.app")
    worker = ("worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle")
    common = ("--queues", jobs.COMMON, "--concurrency", "2")
    supervisor.start(Service("worker", (*celery, *worker, *common), environment))
    # a long export delays nothing else, and the memory it took goes back with its process
    exports = (
        "--queues",
        jobs.EXPORTS,
        "--hostname",
        "exports@%h",
        "--concurrency",
        "1",
        "--max-tasks-per-child",
        "1",
    )
    supervisor.start(Service("exports", (*celery, *worker, *exports), _without_owner(environment)))
    beat = ("beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(home.run / "beat-schedule"))
    supervisor.start(Service("beat", (*celery, *beat), _without_owner(environment)))


def _without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of all others: only the common worker makes rooms."""
    return {name: value for name, value in environment.items() if name != "DATABASE_URL"}


def _mails_are_kept(home: Home, environment: Mapping[str, str]) -> bool:
    return smtp_settings(port_of(home)).items() <= environment.items()


def _wait_for_the_web(supervisor: Supervisor, options: argparse.Namespace, *, stop: _Stop) -> None:
    until = time.monotonic() + _ANSWERS_WITHIN
    while not stop.is_set:
        supervisor.look_after()
        try:
            with urllib.request.urlopen(f"{_address(options)}/healthz", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return  # it answers, to other names than ours (MINORI_HOSTS)
            if time.monotonic() > until:
                log = supervisor.log("web")
                msg = f"The web server does not answer ({error}). Its last words:\n{last_words(log)}"
                raise Problem(msg, f"The whole log is {log}.") from error
        time.sleep(0.1)


def _greet(
    home: Home,
    environment: Mapping[str, str],
    options: argparse.Namespace,
    *,
    sign_ins: str,
    seconds: float,
) -> None:
    _say(f"ready after {seconds:.0f} seconds")
    _print(f"\n  Minori: {_address(options)}\n")
    if sign_ins:
        _print("\n".join(f"  {line}" for line in sign_ins.splitlines()) + "\n")
    if _mails_are_kept(home, environment):
        _print(f"  Mails are not sent, but kept in {home.mailbox}")
    _print(f"  Logs are in {home.logs}\n  Ctrl-C stops everything.\n")


def _sign_ins(said: str) -> str:
    """The lines of the demo's output that tell who can sign in; "" where the data are not the demo's."""
    _, header, rest = said.partition(_SIGN_INS)
    return f"{header}{rest}".strip()


def _revive(home: Home) -> None:
    """Bring embedded servers back that ended while we use them."""
    if not all_alive(home):
        with running(home.root, say=lambda step: _say(f"a server ended: {step} again")):
            pass


def _address(options: argparse.Namespace) -> str:
    anywhere = options.host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return f"http://{'127.0.0.1' if anywhere else _bracketed(options.host)}:{options.port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(step: str) -> None:
    _print(f"minori  {step}")


def _print(lines: str) -> None:
    """Print for whoever still listens: a closed terminal must not keep us from stopping in order."""
    with contextlib.suppress(OSError):
        print(lines, flush=True)
