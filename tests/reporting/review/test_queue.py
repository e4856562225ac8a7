"""The queue at the size of a country: pages of every list, with the same number of queries for any number."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.programmes.models import Deadline
from reporting.review import queries
from tests.factories import filings
from tests.reporting.review.desk import desk, signed_in, url

ADDRESS = "/desk/review/"


@pytest.fixture
def ours(db):
    return desk()


def waiting(ours, organization, count: int, **fields) -> list[Deadline]:
    """So many reports that wait, the first the longest."""
    found = []
    for place in range(count):
        deadline = ours.deadline(organization, **fields)
        filings.handed_in(deadline, at=timezone.now() - timedelta(days=count - place))
        found.append(deadline)
    return found


def test_a_page_shows_fifteen_and_leads_to_the_others(ours, hikari):
    reports = waiting(ours, hikari, 18)
    browser = signed_in(ours.officer)
    first = browser.get(ADDRESS).content.decode()
    assert [url(one) in first for one in reports] == [True] * 15 + [False] * 3
    assert 'href="?mine=2#mine"' in first
    assert "1–15 / 18" in first
    second = browser.get(ADDRESS, {"mine": "2"}).content.decode()
    assert [url(one) in second for one in reports] == [False] * 15 + [True] * 3
    whole = browser.get(ADDRESS, {"whole": "mine"}).content.decode()
    assert all(url(one) in whole for one in reports)


def test_each_list_has_pages_of_its_own(ours, hikari):
    waiting(ours, hikari, 16)
    waiting(ours, hikari, 16, lead_officer=ours.colleague())
    page = signed_in(ours.officer).get(ADDRESS, {"mine": "2"}).content.decode()
    mine, others = page.split('id="others"')
    assert mine.count("task-list__item") == 1
    assert others.count("task-list__item") == 15
    assert "others=2" in others
    assert "mine=2" in others  # leafing through one list leaves the other where it is


def test_the_number_of_queries_is_the_same_for_one_three_and_thirty(ours, hikari):
    browser, counts = signed_in(ours.officer), []
    for more in (1, 2, 27):
        waiting(ours, hikari, more)
        browser.get(ADDRESS)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(ADDRESS).status_code == 200
        counts.append(len(asked))
    assert counts == [10, 10, 10]


def test_the_reports_before_and_after_are_the_same_as_in_the_queue(ours, hikari):
    theirs = waiting(ours, hikari, 2, lead_officer=ours.colleague())
    mine = waiting(ours, hikari, 2)
    order = [*mine, *theirs]

    def beside(deadline: Deadline):
        return queries.neighbours(deadline, [ours.distributor.pk], person_id=ours.officer.pk)

    found = beside(order[2])
    assert (found.place, found.of) == (3, 4)
    assert found.before is not None
    assert found.after is not None
    assert (found.before.pk, found.after.pk) == (order[1].pk, order[3].pk)
    assert beside(order[0]).before is None
    assert beside(order[3]).after is None
