"""Two beats and three workers at once, and PostgreSQL restarted while mails go out: none lost, none doubled unsaid."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_string

import pytest

from tests.faults.installation import Installation, until
from tests.minori.mail.faulty import Faults

BEATS, WORKERS = ("beat-one", "beat-other"), ("worker-one", "worker-two", "worker-three")
PEOPLE = 60


@pytest.fixture(scope="module")
def crowd(installation: Installation, server: Faults) -> Iterator[None]:
    """Two beats that wake and three workers that do, on one queue; at most thirty mails a second."""
    with pytest.MonkeyPatch.context() as environment, ExitStack() as stack:
        environment.setenv("MINORI_MAIL_PER_SECOND", "30")
        for name in WORKERS:
            stack.enter_context(installation.worker(name))
        for name in BEATS:
            stack.enter_context(installation.beat(name))
        until(lambda: all("ready." in installation.log(name).read_text() for name in WORKERS))
        yield


def reminded(installation: Installation, name: str) -> list[int]:
    """People who are to be reminded from now on."""
    done = installation.run("tests.faults.reminded", name, str(PEOPLE), owner=True)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


def mails(installation: Installation, people: list[int], more: str = "") -> int:
    return int(
        installation.ask(f"SELECT count(*) FROM mail_message WHERE person_id = ANY(%s) {more}", people)
    )


def arrived(server: Faults, name: str) -> Counter[str]:
    """How often each address got a mail, by what the mail server took."""
    to = [message_from_string(one)["To"] for one in list(server.taken)]
    return Counter(one for one in to if one.startswith(f"{name}-"))


def identities(server: Faults, name: str) -> Counter[str]:
    """How often each Message-ID arrived."""
    taken = [message_from_string(one) for one in list(server.taken)]
    return Counter(one["Message-ID"] for one in taken if one["To"].startswith(f"{name}-"))


def ledger(installation: Installation, people: list[int]) -> Counter[tuple[str, str]]:
    with installation.database() as connection:
        rows = connection.execute(
            "SELECT outcome, reason FROM mail_ledgerentry WHERE person_id = ANY(%s)", [people]
        )
        return Counter((outcome, reason) for outcome, reason in rows)


def check_the_ledger(installation: Installation, people: list[int]) -> None:
    """One mail a person about three reports, whose newest step speaks and whose older ones collapsed, each once."""
    found = ledger(installation, people)
    assert found["sent", ""] == 3 * PEOPLE
    assert set(found) == {("sent", ""), ("skipped", "stale")}
    assert not installation.ask(
        "SELECT count(*) FROM (SELECT FROM mail_ledgerentry WHERE person_id = ANY(%s)"
        " GROUP BY deadline_id, step, person_id, due_version HAVING count(*) > 1) AS doubled",
        people,
    )


@pytest.mark.usefixtures("crowd")
def test_two_beats_and_three_workers_write_and_send_every_mail_once(
    installation: Installation, server: Faults
) -> None:
    people = reminded(installation, "many")
    until(
        lambda: mails(installation, people, "AND state = 'sent'") == PEOPLE, log=installation.log(WORKERS[0])
    )
    log = {name: installation.log(name).read_text() for name in (*BEATS, *WORKERS)}
    until(lambda: all(woken(installation, name) >= 2 for name in BEATS))
    for task in ("workers.tasks.sweep[", "workers.tasks.send_waiting_mail["):
        assert sum(task in log[name] for name in WORKERS) >= 2, f"{task} was done by one worker only"
    assert mails(installation, people) == PEOPLE
    assert set(arrived(server, "many").values()) == {1}
    assert len(arrived(server, "many")) == PEOPLE
    check_the_ledger(installation, people)


def woken(installation: Installation, beat: str) -> int:
    """How often a beat has woken the sweep."""
    return len(re.findall(r"Sending due task sweep \(", installation.log(beat).read_text()))


@pytest.mark.usefixtures("crowd")
def test_postgres_restarted_while_mails_go_out_loses_none_and_doubles_none_unsaid(
    installation: Installation, server: Faults
) -> None:
    installation.restart_postgres()  # from here on a commit is kept through a kill
    people = reminded(installation, "restarted")
    until(lambda: arrived(server, "restarted").total() >= 8, log=installation.log(WORKERS[0]))
    installation.restart_postgres()
    before = arrived(server, "restarted").total()
    assert before < PEOPLE, "it was restarted in the middle"
    until(lambda: arrived(server, "restarted").total() >= before + 8, log=installation.log(WORKERS[0]))
    installation.restart_postgres(kill=True)
    assert arrived(server, "restarted").total() < PEOPLE, "it was killed in the middle"

    def all_sent() -> bool:
        # claims of senders that lost their connection end after five minutes: here at once, where the worker has moved on
        installation.ask(
            "WITH left_behind AS (UPDATE mail_message SET claimed_until = now() - interval '1 second'"
            " WHERE state = 'claimed' AND person_id = ANY(%s) AND claimed_until < now() + interval '4 minutes 50 seconds'"
            " RETURNING 1) SELECT count(*) FROM left_behind",
            people,
        )
        return mails(installation, people, "AND state = 'sent'") == PEOPLE

    until(all_sent, log=installation.log(WORKERS[0]))
    assert mails(installation, people) == PEOPLE
    assert len(arrived(server, "restarted")) == PEOPLE, "none is lost"
    came = identities(server, "restarted")
    with installation.database() as connection:
        written = connection.execute(
            "SELECT message_id, resends FROM mail_message WHERE person_id = ANY(%s)", [people]
        ).fetchall()
    assert all(1 <= came[one] <= 1 + resends for one, resends in written), "none came twice unsaid"
    assert set(came) == {one for one, _resends in written}
    check_the_ledger(installation, people)
