"""Fixtures for everybody: a real PostgreSQL with the owner's and the app's logins, two organizations with equal keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

# a busy machine is no fault of what is tested: no timing decides whether a test passes
hypothesis.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("patient")


LONG = (
    "workers/test_bench.py",
    "lives",
    "faults",
    "journeys",
    "minori/test_cli.py",
    "minori/local",
    "workers",
)
"""Few tests that take long: begun first, so that at the end no process waits for another."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first; the others stay in their order."""
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(here).as_posix()
        return next((number for number, one in enumerate(LONG) if path.startswith(one)), len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[None]:
    """A database of this worker's own, made by the owner, with organizations `hikari` and `kibou` inside."""
    from django.db import connections

    from tests import database

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        database.create(f"test_minori_{worker}")
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def _flush_like_the_owner() -> None:
    """Django's flush TRUNCATEs as the app, which may not; and organizations outlive a test as their schemas do."""
    from django.test import TransactionTestCase

    from tests import database

    TransactionTestCase._fixture_teardown = lambda self: database.empty()


@pytest.fixture(autouse=True)
def _leave_rooms() -> Iterator[None]:
    yield
    from minori.tenancy.rooms import current_room_id

    assert current_room_id() is None, "the test left a room open"


@pytest.fixture
def hikari(db: None) -> Any:
    """An organization with a room."""
    from minori.organizations.models import Organization

    return Organization.objects.get(slug="hikari")


@pytest.fixture
def kibou(db: None) -> Any:
    """Another organization with a room: what must not leak from or into it."""
    from minori.organizations.models import Organization

    return Organization.objects.get(slug="kibou")


@pytest.fixture(autouse=True)
def _no_language_of_another_test() -> None:
    """A request leaves its reader's language in force: every test begins in the one of the settings."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser, the same for all tests of a file."""
    from tests import browser

    with browser.running() as chromium:
        yield chromium
