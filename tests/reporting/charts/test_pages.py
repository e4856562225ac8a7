"""Charts on the pages: a picture with words and links, its table below, drawn again only when its numbers changed."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.summaries import compiling
from tests.factories import filings
from tests.reporting.review.desk import Desk, desk, signed_in

pytestmark = pytest.mark.django_db


def address(here: Desk, name: str = "progress") -> str:
    return reverse(
        "charts:svg", kwargs={"code": here.programme.code, "number": here.round.number, "name": name}
    )


@pytest.fixture
def here(hikari: Any) -> Desk:
    found = desk()
    filings.handed_in(found.deadline(hikari), rows={"0101": {"text": "12回", "progress": 3}})
    compiling.compile_round(found.round.pk, at=filings.AT)
    return found


def test_the_programme_page_shows_charts_with_words_and_tables(here):
    page = reverse("portfolio:charts", kwargs={"code": here.programme.code, "number": here.round.number})
    html = signed_in(here.officer).get(page).content.decode()
    assert f'hx-get="{address(here)}" hx-trigger="load"' in html
    assert f'<noscript><img src="{address(here)}" alt="進捗の推移。' in html
    assert "グラフの数値" in html
    assert '<th scope="col">▼ 計画より遅れている</th>' in html


def test_a_chart_is_svg_and_drawn_again_only_when_its_numbers_changed(here, hikari):
    browser = signed_in(here.officer)
    first = browser.get(address(here))
    assert first["Content-Type"] == "image/svg+xml"
    assert b"<svg" in first.content
    mark = first["ETag"]
    assert browser.get(address(here), headers={"If-None-Match": mark}).status_code == 304
    filings.handed_in(here.deadline(hikari), rows={"0101": {"text": "1回", "progress": 1}})
    compiling.compile_round(here.round.pk, at=filings.AT)
    assert browser.get(address(here), headers={"If-None-Match": mark}).status_code == 200


def test_another_distributor_sees_no_chart_and_unknown_ones_are_not_there(here):
    assert signed_in(desk().officer).get(address(here)).status_code == 404
    browser = signed_in(here.officer)
    for name in ("pace", "nonsense"):  # nobody confirmed a number; no such chart
        assert browser.get(address(here, name)).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_chart_takes_the_same_number_of_queries_for_any_number_of_grants(count, hikari):
    found = desk()
    for _one in range(count):
        filings.handed_in(found.deadline(hikari))
    compiling.compile_round(found.round.pk, at=filings.AT)
    browser = signed_in(found.officer)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address(found)).status_code == 200
    assert len(queries) == 8
