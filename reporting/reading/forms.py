"""What an address asks for, read without trusting it."""

from django.http import QueryDict

from minori.report_forms.texts import clean
from reporting.reading import folding
from reporting.reading.enums import Part
from reporting.reading.search import Asked

LONGEST = 200


def asked(query: QueryDict, *, programmes: dict[str, int]) -> Asked:
    """What is searched for. `programmes`: the keys of the programmes that may be named, by code.

    A programme or part that does not exist narrows nothing down.
    """
    part = query.get("part", "")
    return Asked(
        words=folding.words_of(clean(query.get("q", "")[:LONGEST])),
        programme=programmes.get(query.get("programme", "")),
        part=part if part in Part.values else "",
        earlier=query.get("earlier") == "1",
    )
