"""The folder that holds everything embedded: data, mails, logs, passwords and the locks that count users."""

import hashlib
import json
import os
import pwd
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from minori.problems import Problem

# sockaddr_un holds 107 bytes and a zero; PostgreSQL names its socket itself.
_LONGEST_SOCKET_PATH = 107
_POSTGRES_SOCKET = ".s.PGSQL.5432"
_PASSWORDS = ("superuser", "owner", "app")


@dataclass(frozen=True)
class Home:
    """Paths inside one home folder and the folder of its sockets, which must be short and lies outside."""

    root: Path
    sockets: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def mailbox(self) -> Path:
        return self.root / "mailbox"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Lock files: who uses the servers, who starts them, which processes live."""
        return self.root / "run"

    @property
    def key(self) -> str:
        """Short name of this home, the same in every process."""
        return _key(self.root)


def home_from(environment: Mapping[str, str]) -> Path:
    """The home folder named by MINORI_HOME, else `var/local` in the project (or in the current folder)."""
    if given := environment.get("MINORI_HOME", "").strip():
        return Path(given).expanduser().resolve()
    project = Path(__file__).resolve().parents[3]
    return (project if (project / "manage.py").exists() else Path.cwd()) / "var" / "local"


def open_home(root: Path, *, environment: Mapping[str, str] | None = None) -> Home:
    """Make a home's folders, readable by nobody else; an existing one is checked and left as it is.

    Raises Problem when it belongs to somebody else, cannot be made, or its sockets' path is too long.
    """
    root = root.resolve()
    environment = os.environ if environment is None else environment
    home = Home(root=root, sockets=_sockets_folder(environment) / f"minori-{os.geteuid()}-{_key(root)}")
    longest = home.sockets / _POSTGRES_SOCKET
    if len(os.fsencode(longest)) > _LONGEST_SOCKET_PATH:
        msg = f"The path of a socket would be longer than {_LONGEST_SOCKET_PATH} bytes: {longest}"
        raise Problem(msg, "Set MINORI_SOCKETS to a folder with a short path, such as /tmp.")
    try:
        for folder in (root, home.valkey, home.mailbox, home.logs, home.run):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {root} cannot be made: {error.strerror}."
        raise Problem(msg, "Set MINORI_HOME to a folder you may write to.") from error
    if (owner := root.stat().st_uid) != os.geteuid():
        msg = f"The folder {root} belongs to {_name(owner)}, and you are {_name(os.geteuid())}."
        raise Problem(msg, f"Work as {_name(owner)}, or set MINORI_HOME to a folder of your own.")
    return home


def make_sockets_folder(home: Home, *, owner: int | None = None) -> None:
    """Make the folder of the sockets, closed to everybody else (it is the only lock in front of Valkey).

    `owner`: user number to give it to, where PostgreSQL runs as another user. Raises Problem when somebody
    else made a folder of this name before us.
    """
    home.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = home.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), owner) or found.st_mode & 0o077:
        msg = f"{home.sockets} is not a folder that only you can open."
        raise Problem(msg, "Remove it, or set MINORI_SOCKETS to another folder with a short path.")
    if owner is not None:
        os.chown(home.sockets, owner, -1)


def read_passwords(home: Home) -> dict[str, str]:
    """Passwords of the embedded PostgreSQL (superuser, owner, app), made up once and kept at 0600."""
    file = home.root / "passwords.json"
    if not file.exists():
        if (home.postgres / "PG_VERSION").exists():
            msg = f"{file} is gone, and without it the data in {home.postgres} cannot be opened."
            raise Problem(msg, "Put it back from a copy, or move the data folder away to begin anew.")
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            json.dump({login: secrets.token_urlsafe(24) for login in _PASSWORDS}, target)
            target.flush()
            os.fsync(target.fileno())
        draft.rename(file)
    passwords: dict[str, str] = json.loads(file.read_text())
    return passwords


def _sockets_folder(environment: Mapping[str, str]) -> Path:
    """A short place; not XDG_RUNTIME_DIR at first, which ends with the session that started the servers."""
    if given := environment.get("MINORI_SOCKETS", "").strip():
        return Path(given)
    tmp = Path("/tmp")  # noqa: S108 - short on purpose; the folder made in it is checked and closed
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    return tmp if os.access(tmp, os.W_OK) or not runtime else Path(runtime)


def _key(root: Path) -> str:
    return hashlib.sha256(os.fsencode(root)).hexdigest()[:10]


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
