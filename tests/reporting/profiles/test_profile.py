"""An organization's profile: what the distributor knows of it, on one page, in a fixed number of reads."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.accounts.requests import actor
from minori.filings import readings
from minori.filings.enums import Aspect
from minori.filings.readings import Given
from minori.filings.reviewing import Remark
from minori.indicators.measures import Kind, Measure
from minori.indicators.statements import Covers
from minori.registry.models import RegisteredIndicator
from reporting.review import notes
from reporting.summaries import compiling
from tests.factories import changes as requests
from tests.factories import filings, people, programmes, registry
from tests.reporting.review.desk import begun, desk, sent_back, signed_in

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PATH = "/desk/organizations/hikari/"
PLAN = [
    {
        "code": "0101",
        "statement": "居場所が開かれている",
        "indicators": [{"statement": "回数", "target": "200回"}],
    },
    {"code": "0102", "statement": "相談につながる", "indicators": [{"statement": "件数", "target": "40件"}]},
]


def times(value: int, unit: str) -> Measure:
    return Measure(f"{value}{unit}", Kind.EXACT, value=Decimal(value), unit=unit)


def test_the_page_shows_lateness_tally_and_the_mean_of_what_is_confirmed(hikari: Any) -> None:
    here = desk()
    deadline = here.deadline(hikari)
    registry.registered(deadline.grant, registry.framework(PLAN))
    rows = {"0101": {"text": "50回", "progress": 3}, "0102": {"text": "30件", "progress": 2}}
    # 23:30 in Tokyo on the 16th: two days late
    filing = filings.handed_in(deadline, rows=rows, at=datetime(2026, 10, 16, 14, 30, tzinfo=UTC))
    by = actor(here.officer)
    targets = RegisteredIndicator.objects.filter(row__version__grant=deadline.grant).order_by("pk")
    figures = filing.figures.filter(indicator_uuid__isnull=False).order_by("position")
    # 50 of 200 times is 25 %, 30 of 40 cases 75 %: the mean is 50 %
    for target, figure, (goal, now, unit) in zip(
        targets, figures, ((200, 50, "回"), (40, 30, "件")), strict=True
    ):
        readings.confirm(target, aspect=Aspect.TARGET, given=Given(measure=times(goal, unit)), by=by, at=AT)
        given = Given(measure=times(now, unit), covers=Covers.START)
        readings.confirm(figure, given=given, by=by, at=AT)
    compiling.compile_round(here.round.pk, at=AT)
    answer = signed_in(here.officer).get(PATH)
    trend = answer.context["parts"][0].rounds[0].trend
    assert trend.counts == (("2", 1), ("3", 1))
    assert (trend.counted, trend.of, trend.achieved) == (2, 2, Fraction(1, 2))
    html = answer.content.decode()
    assert "期限後2日" in html
    assert "50.0" in html
    assert "数値を確認した2指標のうち2指標の平均" in html


def test_a_report_that_came_after_the_compile_is_said_to_be_stale(hikari: Any) -> None:
    here = desk()
    deadline = here.deadline(hikari)
    compiling.compile_round(here.round.pk, at=AT)
    filings.handed_in(deadline)
    assert "新しい内容を集計しています" in signed_in(here.officer).get(PATH).content.decode()


def test_nothing_of_another_distributors_programme_stands_on_the_page(hikari: Any) -> None:
    here, there = desk(), desk()
    mine, theirs = here.deadline(hikari), there.deadline(hikari, title="よその事業")
    for one in (mine, theirs):
        filings.handed_in(one, attachments=[filings.photo(filename=f"{one.grant.title}.jpg")])
        notes.write(one, body=f"{one.grant.title}のメモ", by=actor(here.officer), at=AT)
    sent_back(begun(theirs, there.officer), there.officer, Remark("よそからの質問", anchor="activities"))
    html = signed_in(here.officer).get(PATH).content.decode()
    assert f"{mine.grant.title}のメモ" in html
    for words in ("よその事業", "よそからの質問"):
        assert words not in html


def test_comments_files_notes_and_change_requests_lead_to_their_places(hikari: Any) -> None:
    here = desk()
    deadline = here.deadline(hikari)
    filings.handed_in(deadline, attachments=[filings.photo()])
    sent_back(begun(deadline, here.officer), here.officer, Remark("いつのことですか。", anchor="activities"))
    notes.write(deadline, body="電話で確認する", by=actor(here.officer), at=AT)
    sent = requests.sent(deadline.grant)
    html = signed_in(here.officer).get(PATH).content.decode()
    assert "いつのことですか。" in html
    assert f"/desk/review/{deadline.pk}/#part-activities" in html
    assert "写真1.jpg" in html
    assert "電話で確認する" in html
    assert (
        reverse("setup:change_request", kwargs={"code": deadline.grant.code, "number": sent.number}) in html
    )


def test_the_board_the_review_and_the_search_lead_to_the_profile(hikari: Any) -> None:
    here = desk()
    deadline = here.deadline(hikari)
    filings.handed_in(deadline)
    compiling.compile_round(here.round.pk, at=AT)
    browser = signed_in(here.officer)
    for page in (
        f"/desk/programmes/{here.programme.code}/",
        f"/desk/review/{deadline.pk}/",
        reverse("reading:search") + "?q=ひかり",
    ):
        assert PATH in browser.get(page).content.decode(), page


def test_the_number_of_queries_does_not_grow_with_grants_rounds_and_papers(hikari: Any, kibou: Any) -> None:
    here = desk()
    browser = signed_in(here.officer)

    def more(count: int) -> None:
        for _each in range(count):
            deadline = here.deadline(hikari)
            filings.handed_in(deadline, attachments=[filings.photo()])
            notes.write(deadline, body="メモ", by=actor(here.officer), at=AT)
            programmes.deadline(of=deadline.grant)
            people.member(hikari, "editor")
        here.deadline(kibou)
        compiling.compile_round(here.round.pk, at=AT)

    found = []
    more(1)
    browser.get(PATH)
    for count in (0, 2, 27):  # 1, 3 and 30 grants
        more(count) if count else None
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PATH).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1] == found[2], found
