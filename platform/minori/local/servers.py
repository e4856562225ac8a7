"""The embedded servers, shared: the first user starts them, others join, the last one stops them."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from minori.local.addresses import Servers, servers_given
from minori.local.home import Home, home_from, make_sockets_folder, open_home
from minori.local.postgres import Cluster, cluster_in
from minori.local.processes import Process, alone, counted, is_last
from minori.local.valkey import Valkey, valkey_in

Say = Callable[[str], None]


def quiet(_step: str) -> None:
    """Say nothing."""


@contextlib.contextmanager
def given_or_running(*, environment: Mapping[str, str] | None = None, say: Say = quiet) -> Iterator[Servers]:
    """The servers the environment names, else the embedded ones of its home for as long as the block lasts.

    Raises Problem when only some of the addresses are set, and whatever `running` raises.
    """
    environment = os.environ if environment is None else environment
    if (given := servers_given(environment)) is not None:
        yield given
        return
    with running(home_from(environment), environment=environment, say=say) as servers:
        yield servers


@contextlib.contextmanager
def running(
    root: Path, *, environment: Mapping[str, str] | None = None, durable: bool = True, say: Say = quiet
) -> Iterator[Servers]:
    """Embedded PostgreSQL and Valkey of a home folder, running for as long as the block lasts.

    Users are counted by a shared file lock, so a killed one does not spoil the count; servers left over by
    one are joined. `durable=False` (for the one who starts them) gives up safety in a power cut for speed.
    Raises Problem when they cannot be started, with what to do.
    """
    environment = os.environ if environment is None else environment
    home = open_home(root, environment=environment)
    with counted(home.run / "users.lock") as users:
        with _one_at_a_time(home):
            cluster, valkey = cluster_in(home, environment=environment, say=say), valkey_in(home)
            try:
                _bring_up(cluster, valkey, environment=environment, durable=durable, say=say)
            except BaseException:
                _stop_if_last(users, cluster, valkey)
                raise
        try:
            yield Servers(
                database_url=cluster.url("owner"), database_app_url=cluster.url("app"), redis_url=valkey.url
            )
        finally:
            with _one_at_a_time(home):
                _stop_if_last(users, cluster, valkey)


def _bring_up(
    cluster: Cluster, valkey: Valkey, *, environment: Mapping[str, str], durable: bool, say: Say
) -> None:
    make_sockets_folder(cluster.home, owner=cluster.account.user_number)
    if not (cluster.process.alive() and cluster.answers()):
        cluster.stop()
        say("starting PostgreSQL")
        cluster.start(durable=durable, say=say)
    if not (valkey.process.alive() and valkey.answers()):
        valkey.stop()
        say("starting Valkey")
        valkey.start(environment=environment)


def _stop_if_last(users: int, cluster: Cluster, valkey: Valkey) -> None:
    if is_last(users):
        valkey.stop()
        cluster.stop()
        with contextlib.suppress(OSError):
            cluster.home.sockets.rmdir()


def _one_at_a_time(home: Home) -> contextlib.AbstractContextManager[None]:
    return alone(
        home.run / "start.lock",
        within=180,
        wrong=f"Another process has been starting or stopping the servers in {home.root} for three minutes.",
        advice=f"Look into {home.logs}, end that process, and try again.",
    )


def all_alive(home: Home) -> bool:
    """Whether both server processes of a home live; asks the file system only."""
    return all(Process(name=name, file=home.run / f"{name}.lock").alive() for name in ("postgres", "valkey"))
