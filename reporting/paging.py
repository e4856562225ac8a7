"""A page of a long list, its address holding everything else that is shown. Totals are of the whole list, always.

`?whole=NAME` shows all of the list NAME at once, to print it; what is longer than `EVERYTHING` is taken along as a file.
`?charts=1` shows a page with the charts that are else fetched when they come into sight: a printer never scrolls.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Count, QuerySet
from django.db.models import Window as Over
from django.http import QueryDict

from minori.ui import addresses

_Filters = TypeVar("_Filters")

ROWS = 50
LINES = 25  # each is a strip of a dozen cells
EVERYTHING = 2000
WHOLE = "whole"
CHARTS = "charts"
UNTORN = 20
"""So many grants stand together where pages say so: a distributor's are compared at a glance; pages are for the scheme's."""


@dataclass(frozen=True)
class Window:
    """What is shown of a list: `items` of `count`, from `first` to `last` (counted from 1), on `page` of `pages`."""

    items: Sequence[Any]
    count: int
    first: int
    last: int
    page: int
    pages: int
    address: str
    whole: str = ""
    """The address of all on one page, where they are several."""
    paged: str = ""
    """The address of the first page, where all is shown at once."""

    @property
    def before(self) -> str:
        """The address of the page before; "" on the first."""
        return f"{self.address}{self.page - 1}" if self.page > 1 else ""

    @property
    def after(self) -> str:
        """The address of the next page; "" on the last."""
        return f"{self.address}{self.page + 1}" if self.page < self.pages else ""

    def showing(self, items: Sequence[Any]) -> "Window":
        """The same page with these things instead of its items: their words, one for one."""
        return replace(self, items=items)


@dataclass(frozen=True)
class Asked:
    """Which page of a list an address asks for: `page` from 1, `per_page` things on each; up to `untorn` stand together."""

    query: QueryDict
    name: str
    page: int
    per_page: int
    untorn: int = 0

    @property
    def start(self) -> int:
        """How many things stand before it."""
        return (self.page - 1) * self.per_page

    @property
    def stop(self) -> int:
        """The place behind its last thing."""
        return self.page * self.per_page

    def among(self, count: int) -> "Asked":
        """The same, or the nearest page there is among so many things."""
        per_page = max(self.per_page, self.untorn) if count <= self.untorn else self.per_page
        return replace(self, per_page=per_page, page=min(self.page, max(1, -(-count // per_page))))

    def window(self, items: Sequence[Any], *, count: int) -> Window:
        """The page with these items of `count` in all."""
        rest = self.query.copy()
        whole = rest.pop(WHOLE, [""])[-1] == self.name
        rest.pop(self.name, None)
        said = rest.urlencode()
        pages = max(1, -(-count // self.per_page))
        together = (f"?{said}&" if said else "?") + f"{WHOLE}={self.name}"
        others = together if whole else f"?{said}" if said else ""
        return Window(
            items=items,
            count=count,
            first=self.start + 1 if items else 0,
            last=self.start + len(items),
            page=self.page,
            pages=pages,
            address=f"{others}&{self.name}=" if others else f"?{self.name}=",
            whole=together if pages > 1 and count <= EVERYTHING else "",
            paged=f"?{said}" if whole else "",
        )


def asked_for(query: QueryDict, name: str, *, per_page: int, untorn: int = 0) -> Asked:
    """What the address asks for of the list `name`."""
    if query.get(WHOLE) == name:
        per_page = EVERYTHING
    return Asked(
        query, name, page=max(addresses.number(query.get(name)) or 1, 1), per_page=per_page, untorn=untorn
    )


def window(items: Sequence[Any], *, asked: QueryDict, name: str, per_page: int) -> Window:
    """The page that the address asks for by `name`; one that is none is the nearest there is."""
    of = asked_for(asked, name, per_page=per_page).among(len(items))
    return of.window(items[of.start : of.stop], count=len(items))


def read(rows: QuerySet[Any, Any], *, asked: QueryDict, name: str, per_page: int) -> Window:
    """The same of rows in the database, as dicts (`values`): one read, a second one where the page lies behind the end.

    Every dict has `count_of_all` besides.
    """
    counted, of = rows.annotate(count_of_all=Over(Count("*"))), asked_for(asked, name, per_page=per_page)
    found = list(counted[of.start : of.stop])
    if not found and of.page > 1:
        of = of.among(rows.count())
        found = list(counted[of.start : of.stop])
    return of.window(found, count=found[0]["count_of_all"] if found else 0)


def filters_in(query: QueryDict, kind: type[_Filters]) -> _Filters:
    """The filters of an address: a dataclass of texts, each "" where the address says nothing of it."""
    given = {name: query.get(name, "").replace("\0", "").strip() for name in vars(kind())}
    return kind(**given)


def with_charts(query: QueryDict) -> str:
    """The address of the same page with its charts, whatever else it shows."""
    rest = query.copy()
    rest[CHARTS] = "1"
    return f"?{rest.urlencode()}#charts"
