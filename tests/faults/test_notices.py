"""Workers that are killed while they write or send notices: each is written once, and no mail arrives twice."""

import json
from collections import Counter
from email import message_from_string

import pytest
from psycopg import sql

from tests.faults.installation import Installation, kill, until
from tests.minori.mail.faulty import Faults

# Whoever holds this lets notices be planned and not be written.
HOLD = sql.SQL("LOCK TABLE mail_message IN SHARE MODE")
OF_THESE = "FROM mail_message WHERE split_part(key, ':', 1) = 'event' AND split_part(key, ':', 2) = ANY(%s)"


def news(installation: Installation) -> list[str]:
    """Something happens, of which the approver is to be told; the events' numbers."""
    done = installation.run("tests.faults.news", owner=True)
    assert done.returncode == 0, done.stderr
    return [str(pk) for pk in json.loads(done.stdout.splitlines()[-1])]


def arrivals(installation: Installation, faults: Faults, events: list[str]) -> list[int]:
    """How often each notice of these events has reached the mail server, in their order."""
    arrived = Counter(message_from_string(one)["Message-ID"] for one in faults.taken)
    with installation.database() as connection:
        rows = connection.execute(f"SELECT message_id {OF_THESE} ORDER BY id", [events])
        return [arrived[message_id] for (message_id,) in rows]


def count(installation: Installation, events: list[str], more: str = "") -> int:
    return int(installation.ask(f"SELECT count(*) {OF_THESE} {more}", events))


def is_planning(installation: Installation) -> bool:
    return bool(
        installation.ask(
            "SELECT true FROM pg_locks WHERE NOT granted AND relation = 'mail_message'::regclass"
        )
    )


def test_a_worker_killed_while_writing_notices_leaves_none_half_done(
    installation: Installation, server: Faults
) -> None:
    events = news(installation)
    with installation.database() as holding, holding.transaction():
        holding.execute(HOLD)
        with installation.worker("planner") as worker:
            until(lambda: is_planning(installation), log=installation.log("planner"))
            kill(worker)
    until(lambda: not is_planning(installation))
    assert count(installation, events) == 0
    with installation.worker("planner-two"):
        until(lambda: count(installation, events) == 3, log=installation.log("planner-two"))
        until(
            lambda: count(installation, events, "AND state = 'sent'") == 3,
            log=installation.log("planner-two"),
        )
        installation.wake("workers.tasks.sweep")
        installation.wake("workers.tasks.sweep")
        until(lambda: installation.log("planner-two").read_text().count("sweep[") >= 3)
    assert count(installation, events) == 3
    assert arrivals(installation, server, events) == [1, 1, 1]


@pytest.mark.parametrize("where", ["data", "text"])
def test_a_worker_killed_while_sending_neither_loses_nor_doubles_a_notice(
    installation: Installation, server: Faults, where: str
) -> None:
    events = news(installation)
    setattr(server, where, "hang")
    with installation.worker(f"sender-{where}") as worker:
        until(
            lambda: count(installation, events, "AND state = 'claimed'") == 1,
            log=installation.log(f"sender-{where}"),
        )
        if where == "text":  # it has the mail and does not say so
            until(lambda: sum(arrivals(installation, server, events)) == 1)
        kill(worker)
    setattr(server, where, "")
    with installation.worker(f"sender-{where}-two"):
        installation.wake("workers.tasks.send_waiting_mail")  # as beat does every minute
        until(
            lambda: count(installation, events, "AND state = 'sent'") == 2,
            log=installation.log(f"sender-{where}-two"),
        )
        assert count(installation, events, "AND state = 'claimed'") == 1, "somebody may still be sending it"
        installation.ask(
            "UPDATE mail_message SET claimed_until = now() - interval '1 second' WHERE state = 'claimed' RETURNING 1"
        )
        installation.wake("workers.tasks.send_waiting_mail")
        until(lambda: count(installation, events, "AND state = 'uncertain'") == 1)
        installation.wake("workers.tasks.send_waiting_mail")
        until(lambda: count(installation, events, "AND state = 'claimed'") == 0)
    reached = arrivals(installation, server, events)
    assert max(reached) == 1, "none came twice"
    assert sum(reached) == (3 if where == "text" else 2)
    assert count(installation, events, "AND state IN ('sent', 'uncertain')") == 3, "none is forgotten"
