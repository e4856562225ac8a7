"""A page of a long list, its address holding everything else that is shown. Totals are of the whole list, always."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

ROWS = 50
LINES = 25  # each is a strip of a dozen cells


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

    @property
    def before(self) -> str:
        """The address of the page before; "" on the first."""
        return f"{self.address}{self.page - 1}" if self.page > 1 else ""

    @property
    def after(self) -> str:
        """The address of the next page; "" on the last."""
        return f"{self.address}{self.page + 1}" if self.page < self.pages else ""


def window(items: Sequence[Any], *, asked: QueryDict, name: str, per_page: int) -> Window:
    """The page that the address asks for by `name`; one that is none is the nearest there is."""
    page = Paginator(items, per_page).get_page(asked.get(name))
    rest = asked.copy()
    rest.pop(name, None)
    address = f"?{rest.urlencode()}&{name}=" if rest else f"?{name}="
    return Window(
        items=items[page.start_index() - 1 : page.end_index()] if items else (),
        count=len(items),
        first=page.start_index(),
        last=page.end_index(),
        page=page.number,
        pages=page.paginator.num_pages,
        address=address,
    )
