"""The programme's figures and its common indicators, as pages: what stands there, for whom, and in how many queries."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.accounts.enums import StaffRole
from minori.filings.enums import Aspect
from minori.indicators.measures import Kind
from reporting.charts import queries as chart_queries
from reporting.charts import series
from reporting.common.models import CommonIndicator, MappedIndicator
from reporting.portfolio import figure_lines, figures_page
from reporting.portfolio.figure_lines import Line
from reporting.portfolio.queries import GrantFacts
from reporting.summaries import compiling
from reporting.summaries.models import GrantNumbers
from tests.factories import numbers, people, programmes, registry
from tests.reporting.common.conftest import PEOPLE, PLAN, SHARE, defined, file, mapped, world

__all__ = ["world"]  # the fixture
pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def officer(world: Any, client: Any) -> Any:
    """Signed in as an officer of the programme's distributor."""
    return people.sign_in(client, people.officer(world.distributor))


def reported(world: Any, place: int, value: int, *, round_: int = 1, target: int = 200) -> None:
    grant = world.grants_[place]
    if round_ == 1:
        numbers.registered(grant, PEOPLE, one=numbers.measure(target, kind=Kind.AT_LEAST))
        numbers.registered(grant, PEOPLE, Aspect.ACHIEVE_BY, on=grant.ends_on)
    file(grant.reports[round_ - 1])
    numbers.reported(grant.reports[round_ - 1], PEOPLE, numbers.measure(value))


def compiled(world: Any) -> None:
    for round_ in world.rounds_:
        compiling.compile_round(round_.pk, at=AT)


def html_of(client: Any, name: str, query: str = "?round=1", **kwargs: Any) -> str:
    response = client.get(reverse(name, kwargs=kwargs) + query)
    assert response.status_code == 200
    return unescape(response.content.decode())


def figures(client: Any, world: Any, query: str = "?round=1") -> str:
    return html_of(client, "portfolio:figures", query, code=world.code)


def test_every_line_stands_with_actual_target_achievement_time_and_the_way_to_its_explanation(officer, world):
    reported(world, 0, 50)
    compiled(world)
    html = figures(officer, world)
    assert "25.0 %" in html  # 50 of 200
    assert "50 ÷ 200 = 25.0 %" in html
    assert "佐伯 真理" in html
    assert f'href="/desk/grants/g-1/numbers/?round=1&at={PEOPLE}#i-{PEOPLE}"' in html
    # 1 April 2025 to 30 September 2026 are 548 of the 1,096 days to 31 March 2028
    assert "50.0 %" in html
    assert "経過した期間より遅れ" in html
    assert "6指標のうち1指標に達成率があります。" in html


def test_the_filters_stand_in_the_address(officer, world):
    reported(world, 0, 50)
    reported(world, 2, 200)
    compiled(world)
    assert "2指標を表示" in figures(officer, world)
    only = figures(officer, world, "?round=1&grant=g-3")
    assert "1指標を表示" in only
    assert "100.0 %" in only
    assert "25.0 %" not in only
    assert "1指標を表示" in figures(officer, world, "?round=1&show=reached")
    assert "1指標を表示" in figures(officer, world, "?round=1&show=behind")
    assert "0指標を表示" in figures(officer, world, "?round=1&show=worse")
    assert "0指標を表示" in figures(officer, world, "?round=1&q=ない言葉")
    assert "2指標を表示" in figures(officer, world, "?round=1&page=99&show=nonsense")


def test_what_the_database_counts_is_what_the_filters_and_the_chart_count(world):
    for place, (value, target) in enumerate([(50, 200), (200, 200), (0, 10)]):
        reported(world, place, value, target=target)
    reported(world, 0, 10, round_=2)
    compiled(world)
    for stored in GrantNumbers.objects.filter(summary__programme=world):
        lines = [Line(facts, GrantFacts("", "", "")) for facts in stored.short]
        assert stored.figures == len(lines)
        for show, column in figures_page.COLUMNS.items():
            passing = [line for line in lines if figure_lines.matches(line, show=show)]
            assert getattr(stored, column.removeprefix("n.")) == len(passing), show
        chart = series.achieved_in(1, "", stored.short).counts
        assert (stored.at_target, stored.ahead, stored.late, stored.undated) == tuple(
            chart[sort] for sort in ("reached", "ahead", "behind", "unknown")
        )
    everything = GrantNumbers.objects.filter(summary__programme=world)
    assert everything.filter(carried=1).exists()
    assert everything.filter(reached=1).exists()


def test_of_many_points_the_chart_shows_those_furthest_behind_and_says_so(officer, world, monkeypatch):
    for place, value in enumerate((50, 200, 20)):  # 25 %, 100 % and 10 % of 200, of half the time
        reported(world, place, value)
    compiled(world)
    every = chart_queries.of_numbers(world, world.rounds_[0])[1]
    assert (len(every.points), every.beyond) == (3, 0)
    monkeypatch.setattr(chart_queries, "MOST_POINTS", 2)
    few = chart_queries.of_numbers(world, world.rounds_[0])[1]
    assert [point.achieved_number for point in few.points] == [10.0, 25.0]
    assert (few.of, few.beyond) == (3, 1)
    html = html_of(officer, "portfolio:figure_charts", "", code=world.code, number=1)
    assert "遅れが大きい2指標を示しています（ほかの1指標は省いています）" in html


def test_every_line_stands_on_exactly_one_page_whatever_is_asked(officer, world, monkeypatch):
    monkeypatch.setattr(figures_page, "PAGE", 2)
    for place, value in enumerate([50, 200, 20]):
        reported(world, place, value)
        numbers.registered(world.grants_[place], SHARE, one=numbers.measure(100, kind=Kind.AT_LEAST))
    compiled(world)

    def shown(query: str) -> list[tuple[str, str]]:
        address = reverse("portfolio:figures", kwargs={"code": world.code})
        page = officer.get(f"{address}?round=1&{query}").context["page"]
        return [(line.grant.code, line.facts["indicator"]) for line in page.items]

    whole = shown("whole=page")
    assert len(set(whole)) == len(whole) == 6
    assert [one for page in "123" for one in shown(f"page={page}")] == whole
    assert shown("page=9") == shown("page=3")
    behind = shown("show=behind&whole=page")
    assert [one for page in "12" for one in shown(f"show=behind&page={page}")][: len(behind)] == behind
    found = [one for page in "12" for one in shown(f"q=人数&page={page}")]
    assert found == [one for one in whole if one[1] == str(PEOPLE)]
    assert shown("q=人数&show=reached") == [one for one in found if one[0] == "g-2"]


def test_charts_of_the_figures_come_when_they_are_looked_at(officer, world):
    reported(world, 0, 50)
    compiled(world)
    address = reverse("portfolio:figure_charts", kwargs={"code": world.code, "number": 1})
    assert f'hx-get="{address}"' in figures(officer, world)
    assert f'hx-get="{address}"' not in figures(officer, world, "?round=1&show=behind")
    to_print = figures(officer, world, "?round=1&charts=1")
    assert (to_print.count("<img"), f'hx-get="{address}"' in to_print) == (2, False)
    whole = officer.get(address).content.decode()
    assert whole.count("<img") == 2  # how many stand where, and the pace of each
    part = officer.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" not in part


def test_the_trend_tells_each_round_with_its_own_figure(officer, world):
    reported(world, 0, 50)
    reported(world, 0, 100, round_=2)
    compiled(world)
    html = " ".join(figures(officer, world, "?round=2").split())
    assert "第1回</span> 25.0 %</span><br>" in html
    assert "第2回</span> 50.0 %</span>" in html


def test_a_common_indicator_opens_down_to_the_texts_who_confirmed_and_the_filing(officer, world):
    mapped(defined(world), *world.grants_)
    reported(world, 0, 20)
    reported(world, 1, 15)
    compiled(world)
    html = html_of(officer, "portfolio:common", code=world.code, number=1)
    assert "35人" in html
    assert "20 + 15 = 35人" in html
    assert "3指標中2指標" in html
    assert "未報告：1" in html
    assert "「20人」" in html
    assert f'href="/desk/review/{world.grants_[0].reports[0].pk}/"' in html
    assert "同じ数え方" in html
    assert "35人" in figures(officer, world)


def test_a_common_indicator_is_called_by_its_english_name_in_english_and_one_number_explains_nothing(
    officer, world
):
    mapped(defined(world), world.grants_[0])
    reported(world, 0, 20)
    compiled(world)
    html = html_of(officer, "portfolio:common", code=world.code, number=1)
    assert "居場所を利用した子ども</h1>" in html
    assert '<span lang="en">Children who came</span>' in html
    assert "20 = 20人" not in html
    officer.cookies["django_language"] = "en"
    html = html_of(officer, "portfolio:common", code=world.code, number=1)
    assert "Children who came</h1>" in html
    assert '<span lang="ja">居場所を利用した子ども</span>' in html
    assert "Children who came" in figures(officer, world)


def test_what_is_carried_says_from_which_round(officer, world):
    mapped(defined(world), world.grants_[0])
    reported(world, 0, 20)
    compiled(world)
    html = html_of(officer, "portfolio:common", "?round=2", code=world.code, number=1)
    assert "第1回の値を引き継ぎ" in html
    assert "前の回から引き継ぎ：1" in html
    assert "この回：未報告" in html
    assert "前の回から引き継いだ値を含む" in html


def test_an_officer_defines_maps_with_a_reason_and_ends(officer, world):
    reported(world, 0, 20)
    said = {"name": "利用した子ども", "name_en": "", "rule": "sum", "unit": "人", "description": ""}
    response = officer.post(reverse("common:new", kwargs={"code": world.code}), said)
    assert response.status_code == 302
    page = reverse("common:map", kwargs={"code": world.code, "number": 1})
    html = unescape(officer.get(page).content.decode())
    assert "単位が同じ" in html
    chosen = [f"g-1/{PEOPLE}", f"g-2/{PEOPLE}"]
    refused = officer.post(page, {"chosen": chosen, "reason": ""})
    assert refused.status_code == 422
    assert f'value="{chosen[0]}" checked' in unescape(refused.content.decode())
    assert officer.post(page, {"reason": "x"}).status_code == 422
    assert not MappedIndicator.objects.exists()
    assert officer.post(page, {"chosen": chosen, "reason": "同じ数え方"}).status_code == 302
    assert MappedIndicator.objects.count() == 2
    end = reverse(
        "common:end", kwargs={"code": world.code, "number": 1, "pk": MappedIndicator.objects.first().pk}
    )
    assert officer.post(end, {"reason": "数え方が違った"}).status_code == 302
    assert MappedIndicator.objects.standing().count() == 1
    assert officer.post(reverse("common:retire", kwargs={"code": world.code, "number": 1})).status_code == 302
    assert officer.get(page).status_code == 404


def test_a_unit_that_does_not_fit_is_told_where_it_would_be_chosen_and_refused_when_posted(officer, world):
    defined(world, unit="世帯")
    reported(world, 0, 20)
    page = reverse("common:map", kwargs={"code": world.code, "number": 1})
    html = unescape(officer.get(page).content.decode())
    assert "単位が合いません（この指標：人、共通指標：世帯）。" in html
    assert f'value="g-1/{PEOPLE}"' not in html
    response = officer.post(page, {"chosen": [f"g-1/{PEOPLE}"], "reason": "x"})
    assert response.status_code == 422
    assert "単位が合いません" in unescape(response.content.decode())


@pytest.mark.parametrize(
    "chosen", ["g-1", "g-1/x", f"nowhere/{PEOPLE}", "", "/", "g-1/" + "0" * 32, f"g-1\0/{PEOPLE}"]
)
def test_what_is_no_indicator_of_the_programme_maps_nothing(officer, world, chosen):
    defined(world)
    page = reverse("common:map", kwargs={"code": world.code, "number": 1})
    assert officer.post(page, {"chosen": [chosen], "reason": "x"}).status_code == 422
    assert not MappedIndicator.objects.exists()


def test_readers_see_figures_and_change_nothing(client, world):
    mapped(defined(world), world.grants_[0])
    compiled(world)
    people.sign_in(client, people.officer(world.distributor, StaffRole.READER))
    assert "共通指標を設定する" not in figures(client, world)
    assert "対応づけを終える" not in html_of(client, "portfolio:common", code=world.code, number=1)
    assert client.get(reverse("common:map", kwargs={"code": world.code, "number": 1})).status_code == 403


def test_another_distributor_sees_neither_figures_nor_common_indicators(client, world):
    mapped(defined(world), world.grants_[0])
    people.sign_in(client, people.officer(programmes.distributor()))
    for name, kwargs in (
        ("portfolio:figures", {"code": world.code}),
        ("portfolio:common", {"code": world.code, "number": 1}),
        ("common:map", {"code": world.code, "number": 1}),
    ):
        assert client.get(reverse(name, kwargs=kwargs)).status_code == 404
    assert CommonIndicator.objects.count() == 1


@pytest.mark.parametrize("count", [0, 2, 7])
def test_the_pages_take_the_same_queries_for_any_number_of_grants(officer, world, hikari, count):
    common = defined(world)
    mapped(common, world.grants_[0])
    for number in range(count):
        grant = programmes.grant(of=world, organization=hikari, code=f"more-{number}")
        registry.registered(grant, registry.framework(PLAN))
        grant.reports = [programmes.deadline(of=grant, round=one) for one in world.rounds_]
        world.grants_.append(grant)
        mapped(common, grant)
        reported(world, len(world.grants_) - 1, 10)
    compiled(world)
    for name, kwargs, most in (
        ("portfolio:figures", {"code": world.code}, 8),
        ("portfolio:common", {"code": world.code, "number": 1}, 10),
        ("common:map", {"code": world.code, "number": 1}, 9),
    ):
        with CaptureQueriesContext(connection) as asked:
            officer.get(reverse(name, kwargs=kwargs) + "?round=1")
        assert len(asked) == most, name


def test_before_anything_is_compiled_the_page_says_so(officer, world):
    assert "まだ集計がありません。" in figures(officer, world)
    assert html_of(officer, "portfolio:figures", code=programmes.programme(of=world.distributor).code)
