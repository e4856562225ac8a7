"""One installation for all tests of faults, so that nobody else's servers are killed."""

from collections.abc import Iterator

import pytest

from minori.local.servers import running
from tests.faults.installation import Installation, filled, free_port, until


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Migrated and filled, with the web server running; no worker."""
    home = tmp_path_factory.mktemp("faults")
    with running(home, durable=False) as servers:
        made = Installation(home=home, servers=servers, port=free_port())
        made.world = filled(made)
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


def _answers(installation: Installation) -> bool:
    try:
        return installation.visitor().get("/healthz")[0] == 200
    except OSError:
        return False
