"""Pages of long lists: which one an address asks for, and what leads to the others."""

import pytest
from django.http import QueryDict

from minori.programmes.models import Round
from reporting import paging
from tests.factories import programmes

LETTERS = "abcdefg"


def shown(address: str) -> paging.Window:
    return paging.window(LETTERS, asked=QueryDict(address), name="page", per_page=3)


@pytest.mark.parametrize(
    ("address", "items", "first", "last"),
    [
        ("", "abc", 1, 3),
        ("page=2", "def", 4, 6),
        ("page=3", "g", 7, 7),
        ("page=9", "g", 7, 7),
        ("page=0", "abc", 1, 3),
        ("page=-1", "abc", 1, 3),
        ("page=two", "abc", 1, 3),
        ("whole=page", "abcdefg", 1, 7),
        ("whole=other", "abc", 1, 3),
    ],
)
def test_the_page_asked_for_is_shown_or_the_nearest_there_is(address, items, first, last):
    window = shown(address)
    assert ("".join(window.items), window.first, window.last) == (items, first, last)
    assert window.count == 7


def test_the_addresses_of_the_other_pages_keep_everything_else_that_is_asked():
    window = shown("q=%E9%A3%9F&page=2")
    assert window.before == "?q=%E9%A3%9F&page=1"
    assert window.after == "?q=%E9%A3%9F&page=3"
    assert window.whole == "?q=%E9%A3%9F&whole=page"
    assert shown("page=3").after == ""
    assert shown("").before == ""
    everything = shown("q=a&whole=page")
    assert (everything.before, everything.after, everything.whole) == ("", "", "")
    assert everything.paged == "?q=a"


def test_a_list_too_long_for_one_page_is_not_offered_whole():
    many = range(paging.EVERYTHING + 1)
    window = paging.window(many, asked=QueryDict("q=a"), name="page", per_page=3)
    assert window.whole == ""
    forced = paging.window(many, asked=QueryDict("q=a&whole=page"), name="page", per_page=3)
    assert (forced.last, forced.pages) == (paging.EVERYTHING, 2)
    assert forced.after == "?q=a&whole=page&page=2"
    rest = paging.window(many, asked=QueryDict("whole=page&page=2"), name="page", per_page=3)
    assert list(rest.items) == [paging.EVERYTHING]


def test_a_list_that_fits_has_no_other_page():
    window = paging.window("ab", asked=QueryDict(""), name="page", per_page=3)
    assert (window.pages, window.whole, window.paged) == (1, "", "")
    assert paging.window("", asked=QueryDict("page=4"), name="page", per_page=3).first == 0


@pytest.mark.django_db
def test_rows_of_the_database_are_read_a_page_at_a_time_with_the_count_of_all(django_assert_num_queries):
    programme = programmes.programme()
    for number in range(1, 6):
        programmes.round_(of=programme, number=number)
    rows = Round.objects.filter(programme=programme).order_by("number").values("number")

    def read(address: str) -> paging.Window:
        return paging.read(rows, asked=QueryDict(address), name="page", per_page=2)

    with django_assert_num_queries(1):
        window = read("page=2")
    assert [one["number"] for one in window.items] == [3, 4]
    assert (window.count, window.pages) == (5, 3)
    behind = read("page=7")  # asked again: the nearest there is
    assert [one["number"] for one in behind.items] == [5]
    assert [one["number"] for one in read("whole=page").items] == [1, 2, 3, 4, 5]
    none = paging.read(rows.none(), asked=QueryDict("page=2"), name="page", per_page=2)
    assert (none.count, none.items) == (0, [])
