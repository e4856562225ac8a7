"""Real servers in folders of their own: shared, killed, refused."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from minori.local.home import home_from, open_home
from minori.local.postgres import cluster_in
from minori.local.servers import given_or_running, quiet, running
from minori.local.valkey import valkey_in
from minori.problems import Problem

# A user of the servers in a process of its own: tells what it found, waits for a line, leaves.
USER = """
import json, sys
from pathlib import Path
import psycopg
from minori.local.servers import running

with running(Path(sys.argv[1]), durable=False) as servers:
    with psycopg.connect(servers.database_url) as connection:
        started = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()[0]
    print(json.dumps({"url": servers.database_url, "started": started}), flush=True)
    sys.stdin.readline()
"""


@contextlib.contextmanager
def user_of(root):
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.communicate("\n", timeout=60)
        process.stdin.close()
        process.stdout.close()


def told_by(process):
    return json.loads(process.stdout.readline())


def processes_of(root):
    home = open_home(root)
    return cluster_in(home, environment=os.environ, say=quiet).process, valkey_in(home).process


def nothing_runs_in(root):
    return not any(process.alive() for process in processes_of(root))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A home whose data are made once; each test starts and stops its servers."""
    folder = tmp_path_factory.mktemp("home")
    with running(folder, durable=False):
        pass
    return folder


def test_two_who_begin_at_the_same_moment_share_one_pair_of_servers(tmp_path):
    with user_of(tmp_path) as one, user_of(tmp_path) as other:
        found, found_too = told_by(one), told_by(other)

        one.communicate("\n", timeout=60)

        assert found == found_too
        assert not nothing_runs_in(tmp_path)
    assert nothing_runs_in(tmp_path)
    assert not open_home(tmp_path).sockets.exists()


def test_a_killed_user_leaves_servers_that_the_next_one_joins_and_stops(root):
    with user_of(root) as killed:
        found = told_by(killed)
        killed.kill()
        killed.wait()
    assert not nothing_runs_in(root)

    with user_of(root) as following:
        assert told_by(following) == found
    assert nothing_runs_in(root)


def test_a_killed_postgres_comes_back_with_what_was_committed(root):
    with running(root) as servers:
        with psycopg.connect(servers.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        postgres, valkey = processes_of(root)
        os.killpg(postgres.number(), signal.SIGKILL)
        os.killpg(valkey.number(), signal.SIGKILL)
        while postgres.alive() or valkey.alive():
            time.sleep(0.01)

        with running(root) as again, psycopg.connect(again.database_url) as connection:
            assert connection.execute("DELETE FROM kept RETURNING number").fetchone() == (7,)
            assert redis.Redis.from_url(again.redis_url).ping()
    assert nothing_runs_in(root)


def test_a_killed_postmaster_whose_children_linger_is_waited_for(root):
    with (
        running(root, durable=False) as servers,
        contextlib.closing(psycopg.connect(servers.database_url)) as lingering,
    ):
        lingering.execute("SELECT 1")
        postgres, _ = processes_of(root)
        os.kill(postgres.number(), signal.SIGKILL)

        with running(root, durable=False) as again, psycopg.connect(again.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_number_left_by_a_dead_postgres_and_taken_by_another_program_is_no_obstacle(root):
    file = root / "postgres" / "postmaster.pid"
    file.write_text(f"{os.getppid()}\n{root / 'postgres'}\n0\n5432\n/tmp\n\n0 0\nready\n")

    with running(root, durable=False) as servers, psycopg.connect(servers.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_what_the_queue_holds_outlives_a_restart(root):
    with running(root) as servers:
        redis.Redis.from_url(servers.redis_url).set("kept", "yes")
    with running(root) as servers:
        assert redis.Redis.from_url(servers.redis_url).get("kept") == b"yes"


def test_nobody_else_can_reach_the_servers(root):
    with running(root) as servers:
        home = open_home(root)

        with psycopg.connect(servers.database_url) as connection:
            settings = {
                name: connection.execute(f"SHOW {name}").fetchone()[0]
                for name in ("listen_addresses", "jit", "max_locks_per_transaction", "fsync")
            }
        assert settings == {
            "listen_addresses": "",
            "jit": "off",
            "max_locks_per_transaction": "1024",
            "fsync": "on",
        }
        assert redis.Redis.from_url(servers.redis_url).config_get("port") == {"port": "0"}
        assert home.sockets.stat().st_mode & 0o777 == 0o700
        assert (root / "passwords.json").stat().st_mode & 0o777 == 0o600
        for url in (servers.database_url, servers.database_app_url):
            user, _, rest = url.removeprefix("postgresql://").partition(":")
            wrong = f"postgresql://{user}:wrong@{rest.partition('@')[2]}"
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(wrong)


def test_the_owner_may_make_rooms_that_the_app_enters_and_nobody_is_superuser(root):
    with running(root) as servers:
        with psycopg.connect(servers.database_url, autocommit=True) as owner:
            owner.execute("CREATE ROLE minori_rooms NOLOGIN")
            owner.execute("CREATE ROLE minori_room_1 NOLOGIN IN ROLE minori_rooms")
            owner.execute("GRANT minori_room_1 TO minori_app")
            owner.execute("CREATE DATABASE minori_another")
            assert owner.execute("SELECT usesuper FROM pg_user ORDER BY usename").fetchall() == [
                (False,),
                (False,),
                (True,),
            ]
        with psycopg.connect(servers.database_app_url, autocommit=True) as app:
            app.execute("SET ROLE minori_room_1")
            assert app.execute("SELECT current_user").fetchone() == ("minori_room_1",)
            app.execute("RESET ROLE")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("CREATE TABLE mine (id int)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("CREATE ROLE mine")


def test_search_by_parts_of_words_finds_japanese(root):
    with running(root) as servers, psycopg.connect(servers.database_url) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        assert len(owner.execute("SELECT show_trgm('助成金')").fetchone()[0]) == 4


def test_data_of_another_version_are_not_touched_and_the_way_on_is_told(root):
    version = root / "postgres" / "PG_VERSION"
    before = version.read_text()
    version.write_text("15\n")
    try:
        with pytest.raises(Problem) as caught, running(root):
            pass
    finally:
        version.write_text(before)

    assert "were written by PostgreSQL 15; this is PostgreSQL" in caught.value.wrong
    assert "MINORI_POSTGRES_BIN" in caught.value.advice
    assert "pg_dump" in caught.value.advice
    assert nothing_runs_in(root)


def test_a_lost_password_file_is_told_before_anything_is_overwritten(root):
    file, aside = root / "passwords.json", root / "aside.json"
    file.rename(aside)
    try:
        with pytest.raises(Problem, match=r"passwords\.json is gone"), running(root):
            pass
        assert not file.exists()
    finally:
        aside.rename(file)
    assert nothing_runs_in(root)


def test_passwords_of_other_data_are_told_at_once(root):
    file = root / "passwords.json"
    before = file.read_text()
    file.write_text(json.dumps(dict.fromkeys(json.loads(before), "other")))
    try:
        with pytest.raises(Problem, match="are not those of"), running(root):
            pass
    finally:
        file.write_text(before)
    assert nothing_runs_in(root)


def test_a_socket_path_that_is_too_long_is_told_with_a_way_out(tmp_path):
    environment = os.environ | {"MINORI_SOCKETS": f"/tmp/{'x' * 80}"}

    with pytest.raises(Problem, match="longer than 107 bytes") as caught:
        open_home(tmp_path, environment=environment)

    assert "MINORI_SOCKETS" in caught.value.advice


def test_a_socket_folder_that_others_can_open_is_refused(root):
    sockets = open_home(root).sockets
    sockets.mkdir(mode=0o755)
    (sockets / "somebody's").touch()
    try:
        with pytest.raises(Problem, match="is not a folder that only you can open"), running(root):
            pass
    finally:
        shutil.rmtree(sockets)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_home_of_somebody_else_is_refused(tmp_path):
    os.chown(tmp_path, 65534, 65534)

    with pytest.raises(Problem, match=r"belongs to nobody, and you are root\."):
        open_home(tmp_path)


def test_programs_that_are_not_there_are_told(tmp_path):
    for name, sentence in (("POSTGRES", "No PostgreSQL programs in"), ("VALKEY", "No Valkey program in")):
        environment = os.environ | {f"MINORI_{name}_BIN": str(tmp_path / "none")}
        with pytest.raises(Problem, match=sentence), running(tmp_path / "home", environment=environment):
            pass
        assert nothing_runs_in(tmp_path / "home")


def test_a_server_that_does_not_start_tells_its_last_words(tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "valkey-server"
    program.write_text("#!/bin/sh\necho 'the disk is on fire'\nexit 1\n")
    program.chmod(0o755)

    with (
        pytest.raises(Problem, match="the disk is on fire"),
        running(tmp_path / "home", environment=os.environ | {"MINORI_VALKEY_BIN": str(programs)}),
    ):
        pass
    assert nothing_runs_in(tmp_path / "home")


def test_servers_named_by_the_environment_are_used_instead(tmp_path):
    environment = {
        "MINORI_HOME": str(tmp_path / "home"),
        "DATABASE_URL": "postgresql://owner:o@db/minori",
        "DATABASE_APP_URL": "postgresql://app:a@db/minori",
        "REDIS_URL": "redis://queue/0",
    }

    with given_or_running(environment=environment) as servers:
        assert servers.redis_url == "redis://queue/0"
    assert not (tmp_path / "home").exists()

    with pytest.raises(Problem, match="but REDIS_URL is not"):
        given_or_running(environment=environment | {"REDIS_URL": ""}).__enter__()


def test_the_home_is_named_by_the_environment_or_lies_in_the_project():
    project = Path(__file__).parents[3]

    assert home_from({"MINORI_HOME": "/srv/minori"}) == Path("/srv/minori")
    assert home_from({}) == project / "var" / "local"
