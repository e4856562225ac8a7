"""The supervisor with real processes: small ones, and all of Minori."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from minori.local.commands.up import SERVICES
from minori.local.home import open_home
from minori.local.processes import Process
from minori.local.servers import all_alive
from minori.local.supervisor import Service, Supervisor
from minori.problems import Problem

WAITS = "import time; print('here', flush=True); time.sleep(60)"
ENDS = "import sys; print('no bread left', flush=True); sys.exit(3)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    supervisor = Supervisor(home=open_home(tmp_path), folder=tmp_path, say=said.append)
    yield supervisor
    supervisor.stop()


def service(name, program, *, ends_within=10.0):
    return Service(name, (sys.executable, "-c", program), dict(os.environ), ends_within)


def process(supervisor, name):
    return Process(name=name, file=supervisor.home.run / f"{name}.lock")


def wait_for(condition, *, within=30):
    until = time.monotonic() + within
    while not (result := condition()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
    return result


def test_a_service_that_is_killed_is_started_again(supervisor, said):
    supervisor.start(service("web", WAITS))
    first = process(supervisor, "web").number()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not process(supervisor, "web").alive())

    supervisor.look_after()

    assert process(supervisor, "web").alive()
    assert process(supervisor, "web").number() != first
    assert said == [f"web ended (by signal 9); starting it again. Its log: {supervisor.log('web')}"]


def test_a_service_that_keeps_ending_is_given_up_with_its_last_words(supervisor, said):
    supervisor.start(service("worker", ENDS))

    with pytest.raises(Problem, match=r"worker ended 6 times within a minute(.|\n)*no bread left"):
        supervisor.watch(until=lambda: False)

    assert len(said) == 5


def test_a_service_that_does_not_listen_is_ended_by_force(supervisor):
    supervisor.start(service("beat", DEAF, ends_within=0.3))
    wait_for(lambda: "here" in supervisor.log("beat").read_text())

    supervisor.stop()

    assert not process(supervisor, "beat").alive()


def test_what_a_killed_supervisor_left_is_ended_by_the_next(supervisor, said):
    supervisor.start(service("web", WAITS))
    following = Supervisor(home=supervisor.home, folder=supervisor.folder, say=said.append)

    following.end_orphans(["web", "worker"])

    assert not process(supervisor, "web").alive()
    assert said == ["ending web, left over from a run that was killed"]


# ---- all of Minori ----


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _heeding_signals():
    """As in a terminal, though the tests themselves may run under nohup or in the background."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextlib.contextmanager
def up(root, port, *arguments):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DATABASE_APP_URL", "REDIS_URL", "MINORI_URL", "MINORI_SMTP_HOST"}
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "minori.cli", "up", "--no-demo", "--port", str(port), *arguments],
        env=environment | {"MINORI_HOME": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_heeding_signals,  # noqa: PLW1509 - this process has one thread
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        if process.stdout.closed:
            process.wait(timeout=90)
        else:
            process.communicate(timeout=90)


def read_until(process, words):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_up_starts_everything_survives_kills_and_stops_everything(tmp_path):
    home, port = open_home(tmp_path), free_port()
    services = {name: Process(name=name, file=home.run / f"{name}.lock") for name in SERVICES}

    with up(tmp_path, port) as first:
        told = read_until(first, "Ctrl-C stops everything")
        assert f"http://127.0.0.1:{port}" in told
        assert answers(port)
        assert all(service.alive() for service in services.values())

        # the web process does not hold the owner's login, the worker does
        assert b"\0DATABASE_URL=" not in environment_of(services["web"].number())
        assert b"\0DATABASE_URL=" in environment_of(services["worker"].number())

        with up(tmp_path, free_port()) as second:
            said, _ = second.communicate(timeout=30)
            assert second.returncode == 1
            assert (
                f"Minori is running already with the data in {tmp_path}, at http://127.0.0.1:{port}." in said
            )

        os.killpg(services["web"].number(), signal.SIGKILL)
        os.killpg(Process("PostgreSQL", home.run / "postgres.lock").number(), signal.SIGKILL)
        read_until(first, "a server ended: starting PostgreSQL again")
        wait_for(lambda: answers(port))

        first.kill()
        first.wait()
        assert services["worker"].alive()

    with up(tmp_path, port) as again:
        told = read_until(again, "Ctrl-C stops everything")
        assert "ending worker, left over from a run that was killed" in told
        assert "making the database folder" not in told

        # the terminal is closed: nobody listens any more, and all is stopped in order nevertheless
        again.stdout.close()
        again.send_signal(signal.SIGHUP)
        assert again.wait(timeout=60) == 0

    assert not any(service.alive() for service in services.values())
    assert not all_alive(home)
    assert not home.sockets.exists()


def environment_of(number):
    return b"\0" + Path(f"/proc/{number}/environ").read_bytes()


def test_up_that_is_stopped_while_it_prepares_leaves_nothing_running(tmp_path):
    with up(tmp_path, free_port()) as stopped:
        read_until(stopped, "bringing the database up to date")
        stopped.send_signal(signal.SIGTERM)
        said, _ = stopped.communicate(timeout=60)

    assert stopped.returncode == 0
    assert "starting the web server" not in said
    assert said.endswith("minori  stopped; the data stay\n")
    assert not all_alive(open_home(tmp_path))


def test_up_on_a_taken_port_says_so_and_names_the_way_out(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with up(tmp_path, port) as refused:
            said, _ = refused.communicate(timeout=30)

    assert refused.returncode == 2
    assert f"Port {port} is in use by another program." in said
    assert f"`minori up --port {port + 1}`, or `make run PORT={port + 1}`" in said
    assert "Traceback" not in said
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize(
    ("port", "sentence"), [("70000", "70000 is no port"), ("x", "invalid int value: 'x'")]
)
def test_up_on_no_port_at_all_says_so(tmp_path, port, sentence):
    with up(tmp_path, port) as refused:
        said, _ = refused.communicate(timeout=30)

    assert refused.returncode == 2
    assert sentence in said
