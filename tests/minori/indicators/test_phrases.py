"""Phrases of our own wording, one for every way of writing that the reader knows (phrases.txt, phrases_more.txt)."""

from pathlib import Path

import pytest

from minori.indicators.measures import Confidence
from minori.indicators.reading import read
from tests.minori.indicators import readings

LINES = [
    tuple(cell.strip() for cell in line.split("|"))
    for path in sorted(Path(__file__).parent.glob("phrases*.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize(("field", "text", "reading"), LINES, ids=lambda cell: cell or "(nothing)")
def test_the_phrase_is_read_as_it_is_meant(field, text, reading):
    measure = read(text.replace("\\n", "\n"), field=readings.FIELDS[field])

    expected = readings.parse(reading.lstrip("~!"))
    found = [amount for amount, _sure in readings.leaves(measure)]
    if expected.words:
        assert measure.kind.value in expected.words
    assert len(found) == len(expected.amounts)
    for one, other in zip(found, expected.amounts, strict=True):
        assert readings.agrees(one, other, closely=True)
    if reading.startswith("~"):
        assert measure.confidence is Confidence.SURE
    if reading.startswith("!"):
        assert measure.confidence is Confidence.CHECK


def test_there_are_phrases_for_every_kind():
    expected = [readings.parse(reading.lstrip("~!")) for _field, _text, reading in LINES]
    kinds = {kind for one in expected for kind in one.words} | {
        kind for one in expected for amount in one.amounts for kind in amount.kinds
    }
    assert kinds == set(readings.KINDS.values())
    assert len(LINES) >= 150


@pytest.mark.parametrize(
    "text",
    ["50名 or 60名", "50名または60名", "50名\nもしくは60名", "①50名 あるいは ②60名", "50名、60名のどちらか"],
)
def test_no_part_of_an_alternative_is_sure(text):
    measure = read(text)
    assert [part.value for part in measure.parts] == [50, 60]
    assert {part.confidence for part in measure.parts} == {Confidence.CHECK}
    assert measure.confidence is Confidence.CHECK
