"""Measures in a few words, with units in either language."""

import pytest
from django.utils import translation

from minori.filings.measure_words import measure, with_unit
from minori.indicators.reading import read


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("150", "人", "150人"),
        ("80", "%", "80%"),
        ("20", "t", "20t"),
        ("1,150", "kg", "1,150kg"),
        ("300", "people", "300 people"),
    ],
)
def test_a_word_of_latin_letters_stands_apart_from_its_number(number, unit, words):
    assert with_unit(number, unit) == words


def test_an_english_target_reads_as_english():
    with translation.override("en"):
        assert measure(read("at least 300 people a year")) == "at least 300 people, per year"
        assert measure(read("15 firms")) == "at least 15 firms"
    with translation.override("ja"):
        assert measure(read("年間300人以上")) == "300人以上／年"
