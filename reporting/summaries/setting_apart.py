"""Keeping a filing that cannot be compiled apart: the others are compiled, and it is named with the reason."""

from collections.abc import Callable
from typing import TypeVar

from minori.filings.models import Filing
from minori.filings.unreadable import BROKEN, Unreadable, contents_of
from reporting.summaries.shape import UnreadableLine

T = TypeVar("T")


class SetApart:
    """The grants whose filing could not be compiled, each with why."""

    def __init__(self, round_id: int) -> None:
        self._round_id = round_id
        self._found: dict[int, str] = {}

    def attempt(self, grant: int, make: Callable[[], T]) -> T | None:
        """What `make` makes of a grant's filing; None where that goes wrong, which is about this grant alone."""
        try:
            return make()
        except BROKEN as error:
            self._found[grant] = self._why(grant) or f"{type(error).__name__}: {error}"
            return None

    @property
    def lines(self) -> list[UnreadableLine]:
        """What the summary says of them."""
        return [UnreadableLine(grant=grant, reason=reason) for grant, reason in sorted(self._found.items())]

    def _why(self, grant: int) -> str:
        """The place in the paper that does not fit, where it is the paper."""
        filing = Filing.objects.filter(
            deadline__grant_id=grant,
            deadline__round_id=self._round_id,
            deadline__current_filing__isnull=False,
        ).order_by("-revision")[:1]
        try:
            for one in filing:
                contents_of(one)
        except Unreadable as unreadable:
            return unreadable.reason
        return ""
