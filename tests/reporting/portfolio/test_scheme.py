"""All programmes in numbers: one's own only, from the tallies, with sums of everything shown."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.audit.trail import MINORI
from minori.programmes import deadlines
from minori.programmes.models import Deadline, Round
from reporting.summaries import tallies, verifying
from tests.factories import filings, people, programmes, registry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [
    {"code": "0101", "statement": "居場所が開かれている", "indicators": [{"statement": "回数"}]},
    {"code": "0102", "statement": "相談につながる", "indicators": [{"statement": "件数"}]},
]


def add(distributor: Any, organization: Any, *, title: str, codes: Any) -> Round:
    """A programme with one round and two grants of the organization: one handed in two days late, one not."""
    owner = programmes.programme(of=distributor, title=title)
    round_ = programmes.round_(of=owner, opens_on=date(2020, 10, 1))
    for handed_in in (True, False):
        grant = programmes.grant(of=owner, organization=organization)
        registry.registered(grant, registry.framework(PLAN))
        deadline = programmes.deadline(of=grant, round=round_)
        if handed_in:
            rows = {
                row["code"]: {"text": "書いた", "progress": code, "remark": "事情" if code == 4 else ""}
                for row, code in zip(PLAN, codes, strict=True)
            }
            filings.handed_in(deadline, rows=rows, at=datetime(2026, 10, 16, 3, 0, tzinfo=UTC))
    return round_


@pytest.fixture
def ours(hikari: Any) -> Any:
    distributor = programmes.distributor()
    add(distributor, hikari, title="居場所", codes=(3, None))
    add(distributor, hikari, title="就労", codes=(2, 3))
    return distributor


def page(client: Any, distributor: Any, **filters: str) -> Any:
    people.sign_in(client, people.officer(distributor))
    return client.get(reverse("portfolio:scheme"), filters)


def test_sums_are_those_of_the_own_programmes_by_hand(ours: Any, client: Any, kibou: Any) -> None:
    add(programmes.distributor(), kibou, title="よその事業", codes=(4, 4))
    tallies.compile_scheme(at=AT)
    answer = page(client, ours)
    sums = answer.context["sums"]
    assert (sums["grants"], sums["handed_in"], sums["late"]) == (4, 2, 2)
    assert [sums[code] for code in ("1", "2", "3", "4", "nothing", "blank")] == [0, 1, 2, 0, 0, 1]
    html = answer.content.decode()
    assert "居場所" in html
    assert "よその事業" not in html


def test_what_is_not_required_is_out_of_nothing_and_named_besides(ours: Any, client: Any) -> None:
    missing = Deadline.objects.filter(round__programme__title="居場所", current_filing=None).get()
    deadlines.waive(missing, reason="終了", by=MINORI, at=AT)
    tallies.compile_scheme(at=AT)
    answer = page(client, ours)
    assert (answer.context["sums"]["required"], answer.context["sums"]["grants"]) == (3, 4)
    html = answer.content.decode()
    assert "1 / 1<br>" in html
    assert html.count("ほかに提出不要 1件") == 1
    assert "2 / 3" in html
    assert list(verifying.differences()) == []


def test_rounds_that_have_not_opened_are_left_out_and_older_ones_shown_on_demand(
    ours: Any, client: Any
) -> None:
    owner = ours.programmes.get(title="就労")
    programmes.round_(of=owner, title="次の期", opens_on=date(2099, 1, 1), due_on=date(2099, 2, 1))
    programmes.round_(of=owner, title="いまの期", opens_on=date(2020, 10, 2), due_on=date(2026, 10, 20))
    tallies.compile_scheme(at=AT)
    newest = page(client, ours)
    assert "いまの期" in newest.content.decode()
    assert "次の期" not in newest.content.decode()
    assert len(newest.context["lines"]) == 2
    assert len(page(client, ours, rounds="all").context["lines"]) == 3


def test_a_report_that_came_since_is_said_to_be_compiled(ours: Any, client: Any) -> None:
    tallies.compile_scheme(at=AT)
    assert "新しい内容を集計しています" not in page(client, ours).content.decode()
    waiting = ours.programmes.get(title="就労").rounds.get().deadlines.get(current_filing=None)
    filings.handed_in(waiting, rows={"0101": {"text": "書いた", "progress": 2}})
    assert "新しい内容を集計しています" in page(client, ours).content.decode()


def test_order_and_filters_stand_in_the_address(ours: Any, client: Any) -> None:
    tallies.compile_scheme(at=AT)
    assert page(client, ours, window="2099年度").context["lines"] == []
    assert len(page(client, ours, sort="missing", page="9").context["page"].items) == 2


def test_the_number_of_queries_does_not_grow_with_programmes(ours: Any, client: Any, hikari: Any) -> None:
    found = []
    people.sign_in(client, people.officer(ours))
    for more in (0, 3):
        for number in range(more):
            add(ours, hikari, title=f"事業{number}", codes=(1, 2))
        tallies.compile_scheme(at=AT)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("portfolio:scheme")).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1], found
