"""A long paper in pieces that the typesetter can hold: cut between blocks, and between rows of a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

LARGE = 25_000
"""So much of a paper is set at once, in letters; a line of a table counts as some more."""

A_ROW = 60


@dataclass(frozen=True, kw_only=True)
class Block:
    """A heading with what stands under it: a note, a text, a picture, a table. All may be empty."""

    heading: str = ""
    quiet: str = ""
    said: str = ""
    picture: str = ""
    alt: str = ""
    heads: Sequence[str] = ()
    widths: Sequence[int] = ()
    rows: Iterable[Sequence[str]] = ()

    def with_rows(self, rows: Iterable[Sequence[str]]) -> "Block":
        """The same with other rows."""
        return replace(self, rows=rows)


@dataclass(frozen=True)
class Part:
    """A chapter; `again`: what follows of one that began in the piece before."""

    title: str
    again: bool
    blocks: list[Block]


@dataclass
class Piece:
    """What is set at once. `begins`: it stands first; `continues`: it goes on with a chapter."""

    begins: bool
    continues: bool
    parts: list[Part] = field(default_factory=list)
    size: int = 0


def in_pieces(parts: Iterable[tuple[str, Iterator[Block]]], *, large: int = LARGE) -> Iterator[Piece]:
    """The chapters that have blocks, cut into pieces of about this size; always at least one."""
    piece = Piece(begins=True, continues=False)
    for title, blocks in parts:
        begun = False
        for block in _cut(blocks, large):
            if piece.size >= large:
                yield piece
                piece = Piece(begins=False, continues=begun)
            if not begun or not piece.parts:
                piece.parts.append(Part(title, begun, []))
                begun = True
            piece.parts[-1].blocks.append(block)
            piece.size += _size(block)
    yield piece


def _cut(blocks: Iterable[Block], large: int) -> Iterator[Block]:
    """The blocks; a table that is too long comes as several, the first of which has the heading."""
    for block in blocks:
        rows: list[Sequence[str]] = []
        size, left = 0, block
        for row in block.rows:
            if size >= large:
                yield left.with_rows(rows)
                left, rows, size = replace(left, heading="", quiet="", said=""), [], 0
            rows.append(row)
            size += _row_size(row)
        yield left.with_rows(rows)


def _size(block: Block) -> int:
    words = block.heading, block.quiet, block.said
    return sum(map(len, words)) + A_ROW + sum(_row_size(row) for row in block.rows)


def _row_size(row: Sequence[str]) -> int:
    return A_ROW + sum(map(len, row))
