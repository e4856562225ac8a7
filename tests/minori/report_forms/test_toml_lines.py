"""Lines of what stands in a TOML file."""

import tomllib
from collections.abc import Iterator
from typing import Any

from minori.report_forms import editions
from minori.report_forms.toml_lines import line_at, lines_of

SOURCE = '''# a comment with [[parts]] in it
key = "x" # and one behind
title = { ja = "題 # not a comment", en = 'a "title"' }
"quoted key" = 3
dotted.key = true

[[parts]]
key = "one"
text = """
two
lines ]] with \\" a quote"""
numbers = [
  1, # the first
  2,
  { value = [3, 4], "b" = -1.5e3 },
]
  [[parts.sections]]
  key = "inner"
[[parts]]
key = "two"
[[parts.sections]]
[parts.sections.table]
day = 2026-10-14
literal = \'\'\'
' and ''\'\'\'
[end]
last = 1'''


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, f"{path}[{index}]")


def test_everything_that_tomllib_reads_has_its_line():
    assert set(lines_of(SOURCE)) == set(paths_of(tomllib.loads(SOURCE)))
    for file in editions.found_files():
        text = file.path.read_text(encoding="utf-8")
        assert set(lines_of(text)) == set(paths_of(tomllib.loads(text)))


def test_lines_count_from_one_and_are_those_of_the_key():
    lines = lines_of(SOURCE)
    wanted = {
        "key": "key = ",
        "title.en": "title = ",
        "quoted key": '"quoted key"',
        "dotted.key": "dotted.key",
        "parts[0].numbers[1]": "  2,",
        "parts[0].numbers[2].b": "  { value",
        "parts[0].sections[0].key": '  key = "inner"',
        "parts[1].key": 'key = "two"',
        "parts[1].sections[0].table.day": "day = ",
        "end.last": "last = 1",
    }
    text = SOURCE.split("\n")
    for path, begins in wanted.items():
        assert text[lines[path] - 1].startswith(begins), path


def test_what_is_missing_is_told_at_what_is_around_it():
    lines = lines_of(SOURCE)
    assert line_at(lines, "parts[1].title.ja") == lines["parts[1]"]
    assert line_at(lines, "parts[0].numbers[7]") == lines["parts[0].numbers"]
    assert line_at(lines, "nowhere") == 1
    assert line_at(lines, "") == 1
