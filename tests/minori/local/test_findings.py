"""What `minori check` sees, on real servers that are right and wrong in turn."""

import re
import socket
import threading

import psycopg
import pytest

from minori.local import findings
from minori.local.findings import CHECKS, find
from minori.local.home import open_home
from minori.local.postgres import APP, OWNER
from minori.local.servers import running

NOWHERE = "postgresql://minori_app:x@/minori?host=/tmp/nowhere"


@pytest.fixture
def servers(tmp_path, monkeypatch, settings):
    with running(tmp_path, durable=False) as found:
        for name, value in found.environment().items():
            monkeypatch.setenv(name, value)
        settings.REDIS_URL = found.redis_url
        yield found


def superuser(root):
    home = open_home(root)
    from minori.local.home import read_passwords

    return psycopg.connect(
        host=str(home.sockets),
        user="postgres",
        password=read_passwords(home)["superuser"],
        dbname="minori",
        autocommit=True,
    )


def grades(check):
    return [(grade, sentence) for grade, sentence in check() if grade != "ok"]


def test_servers_that_are_right_are_found_right(servers):
    assert grades(findings.check_database) == []
    assert grades(findings.check_logins) == []
    assert grades(findings.check_queue) == []


def test_a_login_that_may_too_much_or_too_little_is_found(servers, tmp_path):
    with superuser(tmp_path) as connection:
        connection.execute(f"ALTER ROLE {APP} CREATEROLE INHERIT; ALTER ROLE {OWNER} NOCREATEROLE")

    found = grades(findings.check_logins)

    assert [grade for grade, _ in found] == ["error", "error", "error"]
    assert "may make roles or databases" in found[0][1]
    assert "inherits from its rooms" in found[1][1]
    assert "may not make roles" in found[2][1]


def test_an_owner_who_is_not_known_here_is_said_to_be_unchecked(servers, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")

    assert [grade for grade, _ in grades(findings.check_logins)] == ["warning"]


def test_a_table_that_rooms_can_read_without_row_security_is_found(servers, tmp_path):
    assert grades(findings.check_isolation) == [
        ("error", "the rooms' roles are missing: run `minori migrate`")
    ]
    with psycopg.connect(servers.database_url, autocommit=True) as owner:
        owner.execute("CREATE ROLE minori_rooms NOLOGIN")
        owner.execute("CREATE TABLE guarded (id int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE TABLE bare (id int, note text)")
        owner.execute("CREATE TABLE closed (id int)")
        owner.execute("GRANT SELECT ON guarded TO minori_rooms; GRANT UPDATE (note) ON bare TO minori_rooms")
        assert grades(findings.check_isolation) == [
            ("error", "rooms can read bare without row security: run `minori roles`")
        ]

        owner.execute("ALTER TABLE bare ENABLE ROW LEVEL SECURITY")
        owner.execute(f"CREATE SCHEMA o_hikari; GRANT USAGE ON SCHEMA o_hikari TO {APP}")

    assert grades(findings.check_isolation) == [
        ("error", "the desk can look into rooms without entering them: o_hikari")
    ]


class Pooler(threading.Thread):
    """Stands before PostgreSQL as a pooler does: passes everything on, but tells a process number of its own."""

    def __init__(self, real, folder):
        super().__init__(daemon=True)
        self.real, self.listener = real, socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self.real / ".s.PGSQL.5432"))
            threading.Thread(target=self.pass_on, args=(client, server), daemon=True).start()
            threading.Thread(target=self.pass_on, args=(server, client, True), daemon=True).start()

    def pass_on(self, source, target, renumber=False):
        while data := source.recv(65536):
            if renumber:
                data = re.sub(
                    rb"(K\x00\x00\x00[\x0c-\xff])....",
                    lambda found: found[1] + b"\0\0\0\7",
                    data,
                    flags=re.DOTALL,
                )
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_a_pooler_before_the_database_is_refused(servers, tmp_path, monkeypatch):
    folder = tmp_path / "pooler"
    folder.mkdir()
    real = open_home(tmp_path).sockets
    pooler = Pooler(real, folder)
    pooler.start()
    monkeypatch.setenv("DATABASE_APP_URL", servers.database_app_url.replace(str(real), str(folder)))

    ((grade, sentence),) = grades(findings.check_database)

    pooler.listener.close()
    assert grade == "error"
    assert sentence.startswith("a connection pooler stands before PostgreSQL")


def test_servers_that_do_not_answer_are_told_and_stop_no_other_check(monkeypatch, settings):
    monkeypatch.setenv("DATABASE_APP_URL", NOWHERE)
    settings.REDIS_URL = "unix:///tmp/nowhere.sock?db=0"

    found = list(find(CHECKS[:4]))

    assert [grade for grade, _ in found] == ["error"] * 4
    assert found[0][1].startswith("PostgreSQL cannot be reached:")
    assert found[3][1].startswith("Valkey or Redis cannot be reached:")


def test_a_check_that_is_not_there_is_an_error_of_its_own():
    ((grade, sentence),) = find(["minori.nothing.here"])

    assert grade == "error"
    assert "minori.nothing.here could not look" in sentence


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"BASE_URL": "http://minori.example.org"}, "it must be https"),
        ({"ALLOWED_HOSTS": ["other.example.org"]}, "MINORI_HOSTS does not name"),
        ({"MINORI_DEMO": True}, "MINORI_DEMO is on"),
    ],
)
def test_settings_that_would_harm_people_are_errors(settings, tmp_path, wrong, sentence):
    right = {
        "BASE_URL": "https://minori.example.org",
        "ALLOWED_HOSTS": ["minori.example.org"],
        "MINORI_DEMO": False,
        "FILES_DIR": tmp_path / "files",
    }
    for name, value in (right | wrong).items():
        setattr(settings, name, value)

    ((_, said),) = grades(findings.check_settings)

    assert sentence in said
