"""The command line as a person meets it: in a process of its own, with its exit code and what it says."""

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from minori.cli import COMMANDS, main
from minori.local.home import open_home
from minori.local.mailbox import list_mails
from minori.local.servers import all_alive, running
from minori.report_forms.editions import SHIPPED

ADDRESSES = ("DATABASE_URL", "DATABASE_APP_URL", "REDIS_URL")


def minori(*arguments, **environment):
    """Run a command without the servers of the tests, unless they are named."""
    clean = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    return subprocess.run(
        [sys.executable, "-m", "minori.cli", *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose data are made once."""
    root = tmp_path_factory.mktemp("home")
    with running(root, durable=False):
        pass
    return root


def test_help_lists_the_commands_with_what_each_does():
    told = minori("--help")

    assert told.returncode == 0
    for name in ("up", "check", "migrate", "roles"):
        assert f"\n  {name:<10} " in told.stdout
    assert minori().stdout == told.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(name, capsys):
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
    finally:
        signal.signal(signal.SIGTERM, before)

    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: minori {name}")


def test_help_needs_no_servers(tmp_path):
    told = minori("roles", "--help", MINORI_HOME=str(tmp_path))

    assert told.returncode == 0, told.stderr
    assert not (tmp_path / "postgres").exists()


def test_a_mistyped_command_is_told_with_a_guess():
    told = minori("rolse")

    assert told.returncode == 2
    assert "There is no command “rolse”. Did you mean “roles”?" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_command_starts_servers_for_as_long_as_it_needs_them(home):
    told = minori("check", MINORI_HOME=str(home))

    assert "PostgreSQL 18" in told.stdout
    assert "run `minori migrate`" in told.stdout
    assert told.returncode == 1
    assert not all_alive(open_home(home))


def test_a_command_uses_running_servers_and_leaves_them_running(home):
    with running(home, durable=False):
        told = minori("check", MINORI_HOME=str(home))

        assert "Valkey 9" in told.stdout
        assert all_alive(open_home(home))


def test_migrating_twice_and_at_once_makes_a_database_that_is_checked_right(tmp_path):
    with running(tmp_path, durable=False):
        environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
        both = [
            subprocess.Popen(
                [sys.executable, "-m", "minori.cli", "migrate"],
                env=environment | {"MINORI_HOME": str(tmp_path)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _ in range(2)
        ]
        for process in both:
            output, _ = process.communicate(timeout=120)
            assert process.returncode == 0, output
            assert "up to date, with 0 rooms" in output

        told = minori("check", MINORI_HOME=str(tmp_path))
        again = minori("roles", MINORI_HOME=str(tmp_path))

    assert told.returncode == 0, told.stdout
    assert again.stdout == "roles, grants and row security are as they should be, for 0 rooms\n"


def test_a_half_set_environment_is_refused():
    told = minori("check", DATABASE_URL="postgresql://o:o@db/minori", REDIS_URL="redis://queue")

    assert told.returncode == 2
    assert "DATABASE_URL and REDIS_URL are set, but DATABASE_APP_URL is not." in told.stderr


def test_a_command_for_the_owner_is_refused_without_the_owners_login():
    told = minori("roles", DATABASE_APP_URL="postgresql://a:a@db/minori", REDIS_URL="redis://queue")

    assert told.returncode == 2
    assert "`minori roles` needs the owner's login of the database" in told.stderr


@pytest.mark.parametrize("command", ["roles", "migrate"])
def test_a_database_out_of_reach_is_told_in_a_sentence(tmp_path, command):
    told = minori(
        command,
        DATABASE_URL=f"postgresql://o:o@/minori?host={tmp_path}",
        DATABASE_APP_URL=f"postgresql://a:a@/minori?host={tmp_path}",
        REDIS_URL="redis://queue",
    )

    assert told.returncode == 1
    assert told.stderr.startswith("minori: PostgreSQL cannot be reached: ")
    assert "Traceback" not in told.stderr


def test_a_database_without_tables_is_told_in_a_sentence(home):
    """`home`: its servers have a database, and nobody has migrated it."""
    said = minori("filing", "nobody", MINORI_HOME=str(home))
    assert said.returncode == 1
    assert "no tables yet" in said.stderr
    assert "minori migrate" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_command_that_is_told_to_end_stops_the_servers_it_started(home):
    environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    process = subprocess.Popen(
        [sys.executable, "-c", _WAITS],
        env=environment | {"MINORI_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "waiting\n"
        assert all_alive(open_home(home))
        process.terminate()
        assert process.wait(timeout=60) == 128 + 15

    assert not all_alive(open_home(home))


# The real command line with one more command, which only waits.
_WAITS = """
import sys, types, time
from pathlib import Path
import tempfile
from minori import cli

folder = Path(tempfile.mkdtemp())
(folder / "waits.py").write_text('''
import time
def add_arguments(parser): pass
def run(options):
    print("waiting", flush=True)
    time.sleep(60)
''')
sys.path.insert(0, str(folder))
cli.COMMANDS["waits"] = "waits"
sys.exit(cli.main(["waits"]))
"""


def test_mails_of_a_command_are_received_while_it_lasts(home):
    environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    done = subprocess.run(
        [sys.executable, "-c", _SENDS],
        env={name: value for name, value in environment.items() if not name.startswith("MINORI_SMTP")}
        | {"MINORI_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    (mail,) = list_mails(home / "mailbox")
    assert (mail.subject, mail.recipients) == ("from a command", ("hanako@example.org",))
    assert time.time() - mail.received_at.timestamp() < 60


_SENDS = (
    _WAITS.replace('print("waiting", flush=True)', "from django.core.mail import send_mail")
    .replace(
        "time.sleep(60)",
        'return 1 - send_mail("from a command", "text", "minori@example.org", ["hanako@example.org"])',
    )
    .replace("import time\ndef", "import time\nNEEDS_MAIL = True\ndef")
)


@pytest.mark.parametrize(
    "command",
    [("measure", "年間150人以上"), ("when", "2023年度末"), ("--help",), ("edition", "check", "x.toml")],
)
@pytest.mark.parametrize("out", [">/dev/full", ">&-", "<&- >&-", "| true"])
def test_output_that_cannot_be_written_is_no_traceback(command, out):
    line = f"{shlex.join([sys.executable, '-m', 'minori.cli', *command])} {out}"
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False, timeout=120)

    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if out == ">/dev/full" and command[0] != "edition":
        assert done.returncode == 1
        assert "No space left on device" in done.stderr


def test_without_any_input_nothing_is_measured():
    line = f"{sys.executable} -m minori.cli measure <&-"
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False, timeout=120)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("moment", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_moment_that_nobody_means_is_refused_in_a_sentence(home, moment):
    told = minori("remind", "--at", moment, MINORI_HOME=str(home))

    assert told.returncode == 2
    assert "between 1990 and 2150" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "a = " + "[" * 100_000, "a = " + "{a=" * 100_000, ".".join(["a"] * 200_000) + " = 1"],
)
def test_a_file_nested_without_end_is_a_mistake_told_at_once(tmp_path, text):
    file = tmp_path / "deep.v1.toml"
    file.write_text(text)
    began = time.monotonic()
    told = minori("edition", "check", str(file))

    assert told.returncode == 1
    assert told.stdout.startswith(f"{file}:1: ")
    assert "recursion" not in told.stdout + told.stderr
    assert time.monotonic() - began < 30


def test_sections_without_a_heading_are_hinted_at_and_no_mistake():
    told = minori("edition", "check", str(SHIPPED / "plain.v1.toml"))

    assert told.returncode == 0
    assert "hint: no `heading`: summary, results," in told.stdout
    assert "hint" not in minori("edition", "check", str(SHIPPED / "2020.v1.toml")).stdout
