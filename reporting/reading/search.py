"""Searching everything that was handed in: words of two letters and more, newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from minori.filings.models import Filing
from minori.programmes.models import Deadline, Distributor, Grant
from reporting.reading import folding, taking_in
from reporting.reading.models import Passage, TakenIn
from reporting.reading.naming import Names

A_PAGE = 20
COUNTED = 1000
"""So many are counted; where there are more, a page says so."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for, as the address says it. `earlier`: revisions too that do not count any more."""

    words: tuple[str, ...] = ()
    programme: int | None = None
    round: int | None = None
    part: str = ""
    earlier: bool = False


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One passage found. `place` is the name of the question or row, `name` the
    same with the words marked, `current` whether its revision counts.
    """

    passage: Passage
    deadline: Deadline
    revision: int
    current: bool
    place: str
    name: tuple[folding.Piece, ...]
    pieces: tuple[folding.Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of what was found; `count` stops at `COUNTED`, `more` says that it did."""

    hits: Sequence[Hit] = field(default=())
    count: int = 0
    more: bool = False
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages can be leafed through."""
        return -(-self.count // A_PAGE)


def search(asked: Asked, *, distributors: Collection[Distributor], language: str, page: int = 1) -> Found:
    """The passages of these distributors' grants that hold all the words, newest first: two queries for any number.

    Without words nothing is found.
    """
    if not asked.words or not distributors:
        return Found()
    found = matching(asked, distributors=distributors)
    count = found.order_by().values("pk")[: COUNTED + 1].count()
    last = max(1, -(-min(count, COUNTED) // A_PAGE))
    page = min(max(page, 1), last)
    related = (
        "filing__deadline__grant__organization",
        "filing__deadline__grant__programme",
        "filing__deadline__round",
    )
    whole = found.select_related(*related).defer(
        "filing__contents", "filing__part_hashes", "folded", "tokens"
    )
    shown = list(whole[(page - 1) * A_PAGE : page * A_PAGE])
    names = Names(distributors, language)
    return Found(
        hits=[_hit(one, asked.words, names) for one in shown],
        count=min(count, COUNTED),
        more=count > COUNTED,
        page=page,
    )


def matching(asked: Asked, *, distributors: Collection[Distributor]) -> QuerySet[Passage]:
    """The passages that hold all the words, newest first."""
    keys = [one.pk for one in distributors]
    # one key as "=", not IN: the index of the newest then gives the order too
    found = Passage.objects.filter(Q(distributor=keys[0]) if len(keys) == 1 else Q(distributor__in=keys))
    letters = sorted({token for word in asked.words for token in folding.tokens_of_word(word)})
    found = found.filter(tokens__contains=letters)
    for word in asked.words:
        found = found.filter(folded__contains=word)
    if asked.programme is not None:
        found = found.filter(programme=asked.programme)
    if asked.round is not None:
        found = found.filter(round=asked.round)
    if asked.part:
        found = found.filter(part=asked.part)
    if not asked.earlier:
        found = found.filter(Exists(Deadline.objects.filter(current_filing=OuterRef("filing"))))
    return found.order_by("-handed_in_at", "filing", "position")


def organizations(asked: Asked, *, distributors: Collection[Distributor], most: int = 10) -> list[Grant]:
    """Grants whose organization, title or code holds all the words, in the order of the names."""
    if not asked.words:
        return []
    found = Grant.objects.filter(programme__distributor__in=[one.pk for one in distributors])
    if asked.programme is not None:
        found = found.filter(programme=asked.programme)
    for word in asked.words:
        found = found.filter(
            Q(organization__name__icontains=word)
            | Q(organization__name_kana__icontains=word)
            | Q(title__icontains=word)
            | Q(code__icontains=word)
        )
    related = found.select_related("organization", "programme").order_by("organization__name_kana", "code")
    return list(related[:most])


def not_taken_in(distributors: Collection[Distributor]) -> tuple[int, int]:
    """How many filings of these distributors wait to be searchable, and how many cannot be read.

    A filing is taken in once, so where there are as many of both nothing waits, and nobody's need to be looked through:
    one query then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, [folding.FORMAT])
        behind, broken = cursor.fetchone() or (0, 0)
    ours = {"deadline__grant__programme__distributor__in": [one.pk for one in distributors]}
    unread = TakenIn.objects.exclude(failure="").filter(filing__in=Filing.objects.filter(**ours))
    return (taking_in.waiting().filter(**ours).count() if behind else 0), (unread.count() if broken else 0)


_BEHIND = """
    SELECT (SELECT count(*) FROM filings_filing) - (SELECT count(*) FROM reading_takenin WHERE format = %s),
        (SELECT count(*) FROM reading_takenin WHERE failure <> '')"""


def _hit(passage: Passage, words: tuple[str, ...], names: Names) -> Hit:
    deadline = passage.filing.deadline
    return Hit(
        passage=passage,
        deadline=deadline,
        revision=passage.filing.revision,
        current=deadline.current_filing_id == passage.filing_id,
        place=names.of(passage, deadline.round),
        name=folding.excerpt(passage.name, words, most=1),
        pieces=folding.excerpt(passage.text, words),
    )
