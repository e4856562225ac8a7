"""The programme page as officers see it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import filings, people, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [{"code": "0101", "statement": "（0101）居場所が開かれている", "indicators": [{"statement": "回数"}]}]


@pytest.fixture
def round_(hikari: Any, kibou: Any) -> Any:
    """A round that has opened; hikari has handed in, kibou has not."""
    round_ = programmes.round_(opens_on=date(2026, 10, 1), due_on=date(2026, 10, 14))
    for organization in (hikari, kibou):
        add(round_, organization, hand_in=organization == hikari)
    return round_


def add(round_: Any, organization: Any, *, hand_in: bool) -> Any:
    grant = programmes.grant(of=round_.programme, organization=organization)
    registry.registered(grant, registry.framework(PLAN))
    deadline = programmes.deadline(of=grant, round=round_)
    if hand_in:
        rows = {"0101": {"text": "12回", "progress": 3}}
        filings.handed_in(deadline, rows=rows, at=datetime(2026, 10, 13, 3, 0, tzinfo=UTC))
    return deadline


@pytest.fixture
def page(round_: Any, client: Any) -> Any:
    """Gets the programme page as its officer, with these filters."""
    people.sign_in(client, people.officer(round_.programme.distributor))

    def get(**filters: str) -> Any:
        return client.get(reverse("portfolio:programme", kwargs={"code": round_.programme.code}), filters)

    return get


def test_before_the_first_compile_the_page_says_so_and_asks_again(page):
    response = page()
    assert "はじめての集計をしています" in response.content.decode()
    assert b"hx-get" in response.content


def test_board_and_map_come_from_the_summary(page, round_):
    compiling.compile_round(round_.pk, at=AT)
    html = page().content.decode()
    assert "確認待ち" in html
    assert "期限超過" in html or "未提出" in html
    assert "（0101）" not in html  # the map shows codes; the words are one click away
    assert "計画より遅れている" in html
    assert "/freshness/" not in html, "a fresh summary is not asked for again"


def test_a_stale_summary_is_shown_with_the_word_that_it_is_being_compiled(page, round_, kibou):
    compiling.compile_round(round_.pk, at=AT)
    deadline = kibou.deadlines.get()
    filings.handed_in(deadline, rows={"0101": {"text": "2回", "progress": 2}}, at=AT)
    html = page().content.decode()
    assert "新しい内容を集計しています" in html
    assert "集計</span>" in html


def test_the_fragment_tells_the_page_to_show_itself_anew_once_fresh(page, round_, client):
    path = reverse("portfolio:freshness", kwargs={"code": round_.programme.code, "number": round_.number})
    page()
    assert "HX-Refresh" not in client.get(path)
    compiling.compile_round(round_.pk, at=AT)
    assert client.get(path)["HX-Refresh"] == "true"


def test_filters_narrow_the_board_and_the_map_and_nonsense_is_ignored(page, round_):
    compiling.compile_round(round_.pk, at=AT)
    hikari = {"特定非営利活動法人 ひかり"}

    def organizations(**filters: str) -> set[str]:
        shown = page(**filters).context
        rows = {row.organization for row in shown["board_page"].items}
        assert {line.row.organization for line in shown["map_page"].items} == rows
        return rows

    assert organizations(state="handed_in") == hikari
    assert organizations(code="3") == hikari
    assert organizations(q="ひかり") == hikari
    assert organizations(q="%") == set()  # a letter like others, not a pattern
    assert organizations(officer="佐伯 真理", code="nothing") == set()
    assert organizations(state="no such state") == organizations(code="no such code") == set()
    assert len(organizations(q="\0")) == 2
    assert page(round="９９").status_code == 200
    assert page(round="-1", officer="' OR 1=1").status_code == 200


def test_what_is_shown_of_an_outlook_are_those_who_chose_it(page, round_):
    compiling.compile_round(round_.pk, at=AT)
    (line,) = page().context["outlook"]
    assert (line.count, line.organizations) == (1, ("特定非営利活動法人 ひかり",))
    shown = page(outlook=line.key).context
    assert [row.organization for row in shown["board_page"].items] == ["特定非営利活動法人 ひかり"]
    assert page(outlook="nothing=here").context["board_page"].count == 0


def test_the_page_says_since_when_new_reports_are_being_compiled(page, round_, kibou):
    compiling.compile_round(round_.pk, at=AT)
    assert "集計しています" not in page().content.decode()
    filings.handed_in(kibou.deadlines.get(), rows={"0101": {"text": "2回", "progress": 2}}, at=AT)
    Summary.objects.filter(round=round_).update(started_at=AT)
    assert "12:00から新しい報告を集計しています" in page().content.decode()


def test_charts_come_when_they_are_looked_at_and_have_a_page_of_their_own(page, round_, client):
    compiling.compile_round(round_.pk, at=AT)
    address = reverse("portfolio:charts", kwargs={"code": round_.programme.code, "number": round_.number})
    html = page().content.decode()
    assert f'hx-get="{address}" hx-trigger="intersect once"' in html
    assert f'href="{address}"' in html  # without JavaScript
    whole = client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    for shown in (whole, part):
        assert "<img" in shown
    assert "<h1>" in whole
    assert "<h1>" not in part
    assert client.get(address.replace(f"/{round_.number}/", "/99/")).status_code == 404


def test_a_page_to_print_has_its_charts_and_keeps_what_else_it_shows(page, round_):
    compiling.compile_round(round_.pk, at=AT)
    later = page(sort="name").content.decode()
    assert 'href="?sort=name&amp;charts=1#charts"' in later
    picture = reverse(
        "charts:svg", kwargs={"code": round_.programme.code, "number": round_.number, "name": "progress"}
    )
    assert picture not in later
    at_once = page(sort="name", charts="1").content.decode()
    assert f'<img src="{picture}"' in at_once
    assert "intersect once" not in at_once


def test_a_programme_without_deadlines_says_what_to_do(db, client):
    empty = programmes.programme()
    people.sign_in(client, people.officer(empty.distributor))
    response = client.get(reverse("portfolio:programme", kwargs={"code": empty.code}))
    assert "設定" in response.content.decode()


def test_the_page_takes_the_same_number_of_queries_for_two_and_for_four_grants(page, round_, hikari, kibou):
    compiling.compile_round(round_.pk, at=AT)
    page()
    with CaptureQueriesContext(
        connection,
    ) as two:
        page()
    add(round_, hikari, hand_in=True)
    add(round_, kibou, hand_in=False)
    compiling.compile_round(round_.pk, at=AT)
    with CaptureQueriesContext(connection) as four:
        page()
    assert len(two) == len(four) == 7


def test_the_list_counts_what_waits_in_a_fixed_number_of_queries(page, round_, client):
    page()
    with CaptureQueriesContext(connection) as one:
        html = client.get(reverse("portfolio:index")).content.decode()
    assert "確認待ち 1件" in html
    programmes.programme(of=round_.programme.distributor)
    programmes.programme(of=round_.programme.distributor)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("portfolio:index"))
    assert len(one) == len(three)


def test_the_page_is_in_english_for_those_who_read_english(page, round_, client):
    compiling.compile_round(round_.pk, at=AT)
    client.cookies["django_language"] = "en"
    html = page().content.decode()
    assert "Progress map" in html
    assert "waiting for review" in html


def test_the_page_leads_to_taking_the_round_along(page, round_):
    compiling.compile_round(round_.pk, at=AT)
    names = {"code": round_.programme.code, "number": round_.number}
    assert reverse("exports:round", kwargs=names) in page().content.decode()


@pytest.fixture
def many(hikari: Any) -> Any:
    """A round with 60 grants: the first 30 handed in and behind, the others awaited."""
    round_ = programmes.round_(opens_on=date(2026, 10, 1), due_on=date(2026, 10, 14))
    for number in range(60):
        add(round_, hikari, hand_in=number < 30)
    compiling.compile_round(round_.pk, at=AT)
    return round_


def test_long_lists_come_in_pages_and_the_address_keeps_what_is_shown(many: Any, client: Any) -> None:
    people.sign_in(client, people.officer(many.programme.distributor))
    address = reverse("portfolio:programme", kwargs={"code": many.programme.code})
    first = client.get(address, {"sort": "name"})
    assert [len(first.context[name].items) for name in ("board_page", "map_page")] == [15, 8]
    html = first.content.decode()
    assert "1–15 / 60" in html
    assert "?sort=name&amp;page=2#board" in html
    others = [client.get(address, {"sort": "name", "page": page, "line": "8"}) for page in ("2", "3", "4")]
    # every grant stands on exactly one page, and the tiles are about all of them
    shown = [row.grant for one in (first, *others) for row in one.context["board_page"].items]
    assert len(shown) == len(set(shown)) == 60
    tiles = others[2].context["tiles"]
    assert (tiles.handed_in, tiles.required, tiles.overdue) == (30, 60, 30)
    assert others[0].context["map_page"].last == 60
    behind_the_end = client.get(address, {"page": "99", "line": "x"}).context
    assert [row.grant for row in behind_the_end["board_page"].items] == [
        row.grant for row in client.get(address, {"page": "4"}).context["board_page"].items
    ]
    whole = client.get(address, {"whole": "page"}).context
    assert (len(whole["board_page"].items), len(whole["map_page"].items)) == (60, 8)


def test_the_map_begins_with_what_got_worse_and_what_is_behind(many: Any, client: Any) -> None:
    people.sign_in(client, people.officer(many.programme.distributor))
    address = reverse("portfolio:programme", kwargs={"code": many.programme.code})
    lines = [
        line for page in "12345678" for line in client.get(address, {"line": page}).context["map_page"].items
    ]
    assert [line.handed_in for line in lines] == [True] * 30 + [False] * 30


def test_the_table_can_be_sorted_by_name(many: Any, client: Any) -> None:
    people.sign_in(client, people.officer(many.programme.distributor))
    address = reverse("portfolio:programme", kwargs={"code": many.programme.code})
    urgent = client.get(address, {"whole": "page"}).context["board_page"].items
    assert [row.now.state for row in urgent] == ["overdue"] * 30 + ["waiting"] * 30
    by_name = client.get(address, {"sort": "name", "whole": "page"}).context["board_page"].items
    assert [row.code for row in by_name] == [
        line["grant_code"] for line in Summary.objects.get(round=many).contents["board"]
    ]


@pytest.mark.parametrize("grants", [1, 3, 30])
def test_the_number_of_queries_is_the_same_for_1_3_and_30_grants(
    hikari: Any, client: Any, grants: int
) -> None:
    round_ = programmes.round_(opens_on=date(2026, 10, 1), due_on=date(2026, 10, 14))
    for _number in range(grants):
        add(round_, hikari, hand_in=True)
    compiling.compile_round(round_.pk, at=AT)
    people.sign_in(client, people.officer(round_.programme.distributor))
    address = reverse("portfolio:programme", kwargs={"code": round_.programme.code})
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) == 7


def test_a_row_that_was_drawn_is_drawn_anew_when_only_its_facts_change(page, round_, hikari):
    compiling.compile_round(round_.pk, at=AT)
    grant = round_.programme.grants.get(organization=hikari)
    for name in ("佐伯 真理", "大野 健"):  # standing and days stay what they are
        grant.lead_officer = people.officer(round_.programme.distributor, name=name)
        grant.save(update_fields=["lead_officer"])
        compiling.compile_round(round_.pk, at=AT, force=True)
        assert f"<small>{name}</small>" in page().content.decode()


def test_words_without_a_code_are_not_reported_and_it_says_that_there_are_words(page, round_, client, hikari):
    said = []
    for row in ({"text": "12回"}, {}):
        grant = programmes.grant(organization=hikari, of=round_.programme)
        registry.registered(grant, registry.framework())
        filings.handed_in(programmes.deadline(of=grant, round=round_), rows={"0101": row})
        compiling.compile_round(round_.pk, at=AT)
        of = {"code": round_.programme.code, "number": round_.number, "grant": grant.code}
        cell = reverse("portfolio:cell", kwargs=of | {"row": registry.identity("0101")})
        assert f"{cell.rsplit('/', 2)[0]}/" in page().content.decode()
        said.append(client.get(cell).content.decode())
    for html in said:
        assert "未報告" in html
    assert ["進捗状況は空欄です（文章は書かれています）" in html for html in said] == [True, False]


def test_the_words_behind_a_cell_are_a_part_or_a_page_and_only_of_reports_that_are_in(
    page, round_, client, hikari, kibou
):
    compiling.compile_round(round_.pk, at=AT)
    row = registry.identity("0101")

    def address(organization: Any, **other: Any) -> str:
        grant = round_.programme.grants.get(organization=organization)
        of = {"code": round_.programme.code, "number": round_.number, "grant": grant.code, "row": row}
        return reverse("portfolio:cell", kwargs=of | other)

    html = page().content.decode()
    there = address(hikari).removesuffix(f"{row}/")
    assert f'data-words="{there}"' in html
    assert address(kibou).removesuffix(f"{row}/") not in html
    part = client.get(address(hikari), headers={"HX-Request": "true"}).content.decode()
    assert "（0101）居場所が開かれている" in part
    assert "12回" in part
    assert "<h1" not in part
    whole = client.get(address(hikari)).content.decode()
    assert hikari.name in whole
    assert "12回" in whole
    assert "本文を閉じる" not in whole  # nothing is open that could be closed
    for nothing in (
        address(kibou),
        address(hikari, row=registry.identity("0999")),
        address(hikari, number=99),
    ):
        assert client.get(nothing).status_code == 404
