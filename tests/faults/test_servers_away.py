"""Valkey and PostgreSQL are killed under the web server, and come back."""

import json
import re
import time

import pytest

from minori.local.servers import running
from tests.faults.installation import Installation, until

AWAY = "データベースにつながりません"


def test_without_valkey_handing_in_goes_on_and_once_it_is_back_with_no_memory_the_summary_follows(
    installation: Installation,
) -> None:
    approver = installation.visitor(installation.world["approver"])
    hand_in = approver.hand_in(installation.world["reports"][1])
    log = installation.log("waiting")
    with installation.worker("waiting"):
        until(lambda: "ready." in log.read_text(), log=log)
        until(installation.is_fresh, log=log)
        before = installation.handed_in()
        installation.kill_server("valkey")

        began = time.monotonic()
        status, page = hand_in()
        assert time.monotonic() - began < 3
        assert status == 200
        assert "第1版として提出しました" in page, page

        assert approver.get("/healthz")[0] == 200
        status, ready = approver.get("/readyz")
        assert (status, json.loads(ready)) == (503, {"database": True, "queue": False})
        assert not installation.is_fresh()

        installation.forget_the_queue()
        with running(installation.home, durable=False):
            assert approver.get("/readyz")[0] == 200
            assert installation.valkey_remembers() == 0
            installation.wake("workers.tasks.sweep_quickly")  # beat does so every minute
            until(installation.is_fresh, log=log)
    assert installation.handed_in() == before + 1


@pytest.fixture
def _without_postgres(installation: Installation) -> None:
    """Every thread of the web server has a connection, and then PostgreSQL is killed."""
    officer = installation.visitor(installation.world["officer"])
    for _ in range(8):
        assert officer.get("/desk/")[0] == 200
    installation.kill_server("postgres")


@pytest.mark.usefixtures("_without_postgres")
def test_without_postgres_every_page_says_so_and_comes_back_by_itself(installation: Installation) -> None:
    approver = installation.visitor(installation.world["approver"])
    officer = installation.visitor(installation.world["officer"])
    report = installation.world["reports"][0].removesuffix("check/")
    pages = [
        *((approver, page) for page in ("/", "/o/hikari/", report, "/o/hikari/plans/", "/settings/")),
        *(
            (officer, page)
            for page in ("/desk/", "/desk/programmes/ibasho/", "/desk/review/", "/desk/setup/")
        ),
    ]
    try:
        for _ in range(2):  # with the connections that broke, and with none
            for visitor, page in pages:
                status, text = visitor.get(page)
                assert status == 503, page
                assert AWAY in text, page
        status, text = sign_in(installation)
        assert status == 503
        assert AWAY in text
        assert officer.get("/healthz") == (200, "ok\n")
        status, ready = officer.get("/readyz")
        assert status == 503
        assert json.loads(ready)["database"] is False
    finally:
        with running(installation.home, durable=False):
            pass
    until(lambda: officer.get("/readyz")[0] == 200, seconds=10)
    assert AWAY not in sign_in(installation)[1]  # it speaks of the mail server, of which there is none
    for visitor, page in pages:
        assert visitor.get(page)[0] == 200, page


def sign_in(installation: Installation) -> tuple[int, str]:
    """Somebody who is signed out reads the sign-in page, which needs no database, and sends it, which does."""
    visitor = installation.visitor()
    status, page = visitor.get("/sign-in/")
    assert status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    return visitor.get("/sign-in/", {"csrfmiddlewaretoken": token[1], "email": "nobody@example.jp"})
