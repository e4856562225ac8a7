"""Which rows of a results section stand open, and where it goes on."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tenants.reports.folding import MANY, first_unfinished, places_of, reading_of
from tests.factories import filings, programmes, registry
from tests.tenants.reports.conftest import open_deadline


@dataclass
class Row:
    key: str
    state: str
    wants_eyes: bool = False
    closed: bool = False

    @property
    def is_finished(self) -> bool:
        return self.state == "done" or self.closed


def rows(*states: str) -> list[Row]:
    return [Row(str(number), state) for number, state in enumerate(states)]


def test_finished_rows_are_folded_and_the_others_stand_open() -> None:
    found = places_of(rows("done", "started", "untouched", "done"))
    assert [one.folded for one in found] == [True, False, False, True]
    assert [one.next_key for one in found] == ["1", "2", "", ""]


def test_a_row_that_was_not_sent_back_is_nothing_to_go_on_to() -> None:
    plan = rows("returned", "started", "started")
    plan[1].closed = True
    assert first_unfinished(plan) == "0"
    assert [one.next_key for one in places_of(plan)] == ["2", "2", ""]


def test_of_a_long_list_only_the_first_untouched_row_stands_open() -> None:
    found = places_of(rows("done", *["untouched"] * MANY))
    assert [number for number, one in enumerate(found) if not one.folded] == [1]


def test_what_wants_to_be_seen_is_never_folded() -> None:
    finished = Row("0", "done", wants_eyes=True)
    assert not places_of([finished])[0].folded


def test_where_everything_is_filled_in_there_is_nowhere_to_go() -> None:
    assert first_unfinished(rows("done", "done")) == ""
    assert first_unfinished(rows("done", "returned")) == "1"


def test_a_folded_row_is_read_in_one_line() -> None:
    assert reading_of("①3回\n\n②20人") == "①3回 ②20人"
    assert len(reading_of("長" * 200)) == 61


@pytest.mark.django_db
def test_the_page_folds_the_finished_row_and_marks_an_unchanged_text(
    client: Client, hikari: Any, editor: Any
) -> None:
    grant = programmes.grant(organization=hikari)
    plan = [{"code": code, "statement": f"{code} 行"} for code in ("0101", "0102")]
    registry.registered(grant, registry.framework(plan))
    first = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    filings.handed_in(first, rows={"0101": {"text": "先期の文", "progress": 2}})
    deadline = open_deadline(hikari, of=grant)
    here, row = f"/o/hikari/reports/{deadline.pk}/sections/results/", registry.identity("0101")
    client.post(here, {f"v-{row}": "0", f"row-{row}-text": "先期の文", f"row-{row}-progress": "2"})
    page = client.get(here).content.decode()
    assert '<details data-row-state="done">' in page
    assert '<details open data-row-state="untouched">' in page
    assert "1 / 2 行 入力済み" in page
    assert f'href="#row-{registry.identity("0102")}">次の未入力の行へ' in page
    assert page.count("前回の報告と同じ文です") == 1
