"""One installation for all tests of faults, so that nobody else's servers are killed."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from minori.local.processes import alone
from minori.local.servers import running
from tests.faults.installation import Installation, filled, free_port, until
from tests.minori.mail.faulty import Faults, misbehaving


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Migrated and filled, with the web server running; no worker."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = base / "faults"
    world = _taken_from(_made_once(shared), home)
    with running(home, durable=False) as servers:
        made = Installation(home=home, servers=servers, port=free_port())
        made.world = world or filled(made)
        web = (
            "gunicorn",
            "minori.wsgi:application",
            "--bind",
            f"127.0.0.1:{made.port}",
            "--no-control-socket",
        )
        with made.started("web", *web, "--worker-class", "gthread", "--threads", "4"):
            until(lambda: _answers(made), log=made.log("web"))
            yield made


@pytest.fixture(scope="module")
def server(installation: Installation) -> Iterator[Faults]:
    """A mail server for the workers of a module's tests, which counts what it took."""

    class Told:
        """Where the server puts its address."""

    with misbehaving(Told) as faults, pytest.MonkeyPatch.context() as environment:
        environment.setenv("MINORI_SMTP_HOST", "127.0.0.1")
        environment.setenv("MINORI_SMTP_PORT", str(vars(Told)["EMAIL_PORT"]))
        environment.setenv("MINORI_MAIL_PER_SECOND", "1000")
        yield faults


def _made_once(shared: Path) -> Path:
    """A home that is made, migrated and filled by whichever process of the tests comes first, and stopped."""
    ready = shared / "faults-ready"
    wrong = "Another process of the tests has been making an installation for five minutes."
    with alone(shared / "faults-ready.lock", within=300, wrong=wrong, advice="Look at its log."):
        if not ready.exists():
            draft = shared / "faults-draft"
            with running(draft, durable=False) as servers:
                world = filled(Installation(home=draft, servers=servers, port=free_port()))
            (draft / "world.json").write_text(json.dumps(world))
            draft.rename(ready)
    return ready


def _taken_from(ready: Path, home: Path) -> dict[str, object]:
    """Copy it, and say what was filled in; nothing where PostgreSQL keeps its data outside the home."""
    if not (ready / "postgres" / "PG_VERSION").exists():
        return {}
    shutil.copytree(ready, home, symlinks=True)
    return dict(json.loads((home / "world.json").read_text()))


def _answers(installation: Installation) -> bool:
    try:
        return installation.visitor().get("/healthz")[0] == 200
    except OSError:
        return False
