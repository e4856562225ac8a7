"""The places of a paper that people can speak about, by the names they know."""

from collections.abc import Iterator

from minori.documents.paper import Paper

LONGEST_NAME = 40


def places_of(paper: Paper) -> list[tuple[str, str]]:
    """Anchor and name of every row, question and list of photos, in the order of the form."""
    return list(_places(paper))


def _places(paper: Paper) -> Iterator[tuple[str, str]]:
    for part in paper.parts:
        for section in part.sections:
            for table in section.tables:
                yield from ((row.anchor, _short(row.statement)) for row in table.rows)
            yield from ((said.anchor, said.label or section.title) for said in section.said)
            yield from ((photos.anchor, photos.label or section.title) for photos in section.photo_lists)


def _short(statement: str) -> str:
    first = " ".join(statement.split())
    return first if len(first) <= LONGEST_NAME else f"{first[:LONGEST_NAME]}…"
