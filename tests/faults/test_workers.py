"""Workers that are killed, and workers that get the same work."""

from psycopg import sql

from tests.faults.installation import Installation, kill, until

COMPILE = "workers.tasks.compile_round"
# Whoever holds this lets a compile begin and not end. No sweep reads it: a sweep that waited would keep a worker.
# Before it is held, everything is quiet: the compile of another round that waited would keep one as well.
HOLD = sql.SQL("LOCK TABLE registry_registeredrow IN ACCESS EXCLUSIVE MODE")


def is_compiling(installation: Installation) -> bool:
    """Whether a compile has begun and is waiting in the middle for what `HOLD` holds."""
    return bool(
        installation.ask(
            "SELECT started_at IS NOT NULL AND EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND relation = 'registry_registeredrow'::regclass) FROM summaries_summary WHERE round_id = %s",
            installation.world["round"],
        )
    )


def test_a_worker_killed_in_the_middle_of_a_compile_loses_nothing(installation: Installation) -> None:
    approver = installation.visitor(installation.world["approver"])
    hand_in = approver.hand_in(installation.world["reports"][0])
    with installation.worker("killed") as worker:
        until(lambda: "ready." in installation.log("killed").read_text(), log=installation.log("killed"))
        before = installation.handed_in()
        assert hand_in()[0] == 200
        until(installation.is_fresh, log=installation.log("killed"))
        assert installation.handed_in() == before + 1
        until(lambda: installation.is_quiet("killed"), log=installation.log("killed"))

        with installation.database() as holding, holding.transaction():
            holding.execute(HOLD)
            installation.ask(
                "UPDATE summaries_summary SET events_compiled = 0 WHERE round_id = %s RETURNING 1",
                installation.world["round"],
            )
            wake(installation)
            until(lambda: is_compiling(installation), log=installation.log("killed"))
            kill(worker)

    assert not installation.is_fresh()
    with installation.worker("next"):
        # nobody wakes it: the queue keeps the killed worker's message for a quarter of an hour
        until(installation.is_fresh, seconds=60, log=installation.log("next"))
    assert installation.handed_in() == before + 1
    assert not installation.ask("SELECT failure FROM summaries_summary")


def test_two_workers_with_the_same_compile_do_it_once(installation: Installation) -> None:
    with installation.worker("one"), installation.worker("other"):
        logs = [installation.log("one"), installation.log("other")]
        until(lambda: all("ready." in log.read_text() for log in logs))
        until(installation.is_fresh)
        until(lambda: installation.is_quiet("one", "other"), log=logs[0])
        done = len(results(logs))
        before = installation.ask("SELECT contents FROM summaries_summary")
        with installation.database() as holding, holding.transaction():
            holding.execute(HOLD)
            installation.ask("UPDATE summaries_summary SET events_compiled = 0 RETURNING 1")
            for _ in range(2):
                wake(installation)
            until(lambda: is_compiling(installation), log=logs[0])
            until(
                lambda: installation.ask(
                    "SELECT true FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                ),
                log=logs[1],
            )
        until(installation.is_fresh)
        until(lambda: len(results(logs)) >= done + 2)
    assert (
        results(logs)[done:].count("True") == 1
    )  # a sweep may have woken one more, which found it fresh too
    assert installation.ask("SELECT contents FROM summaries_summary") == before


def results(logs: list) -> list[str]:
    """What the workers say that their compiles gave back."""
    lines = sorted(line for log in logs for line in log.read_text().splitlines())  # they begin with the time
    return [line.rpartition(" ")[2] for line in lines if COMPILE in line and "succeeded in" in line]


def wake(installation: Installation) -> None:
    world = installation.world
    installation.wake(COMPILE, programme_id=world["programme"], round_id=world["round"])
