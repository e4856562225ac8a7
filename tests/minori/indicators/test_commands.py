"""`minori measure` and `minori when`: one JSON line for each text, as docs/measures.md and its schemas promise."""

import io
import json
import re
from pathlib import Path

import pytest

from minori import cli
from minori.indicators import records
from minori.indicators.reading import Field, read
from minori.indicators.whens import read_when
from tests.minori.test_cli import minori

ROOT = Path(__file__).resolve().parents[3]
PHRASES = [
    line.split("|")[1].strip().replace("\\n", "\n")
    for line in (Path(__file__).parent / "phrases.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
TYPES = {"string": str, "null": type(None), "object": dict, "array": list, "integer": int}


def obeys(value, schema, root):
    """The part of JSON Schema that our two files use."""
    if schema.get("$ref") == "#":
        return obeys(value, root, root)
    types = schema.get("type", [])
    if types and not isinstance(
        value, tuple(TYPES[name] for name in ([types] if isinstance(types, str) else types))
    ):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return False
    if isinstance(value, list):
        right = len(value) >= schema.get("minItems", 0) and len(value) <= schema.get("maxItems", len(value))
        return right and all(obeys(item, schema.get("items", {}), root) for item in value)
    return not isinstance(value, dict) or obeys_as_object(value, schema, root)


def obeys_as_object(value, schema, root):
    named = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    if not set(schema.get("required", [])) <= value.keys():
        return False
    for name, item in value.items():
        if not re.search(schema.get("propertyNames", {}).get("pattern", ""), name):
            return False
        if name not in named and others is False:
            return False
        if not obeys(item, named.get(name, others if isinstance(others, dict) else {}), root):
            return False
    return True


def load(name):
    return json.loads((ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("field", Field)
def test_every_reading_obeys_the_schema(field):
    schema = load("measure")
    for text in PHRASES:
        written = json.loads(json.dumps(records.of_measure(read(text, field=field))))
        assert obeys(written, schema, schema), text
        assert list(written) == schema["required"]


def test_every_time_obeys_the_schema():
    schema = load("when")
    for text in [*PHRASES, "2024年3月末", "①2023/12\n②2024.3", "事業終了時", "毎年", "2024年6月以降"]:
        written = json.loads(json.dumps(records.of_when(read_when(text))))
        assert obeys(written, schema, schema), text
        assert list(written) == schema["required"]


def test_the_schema_refuses_what_is_no_reading():
    schema = load("measure")
    good = json.loads(json.dumps(records.of_measure(read("①3人\n②5人"))))
    assert obeys(good, schema, schema)
    for wrong in (
        {"value": 3},
        {"value": "3E+2"},
        {"kind": "maybe"},
        {"per": "week"},
        {"span": [1]},
        {"more": 1},
    ):
        assert not obeys(good | wrong, schema, schema)
    assert not obeys(good | {"parts": [{}]}, schema, schema)


def test_measure_prints_one_line_for_each_text_in_order(capsys):
    assert cli.main(["measure", "年間150人以上", "①3回\\n②50万円", "なし"]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == ["年間150人以上", "①3回\n②50万円", "なし"]
    assert (lines[0]["kind"], lines[0]["value"], lines[0]["per"]) == ("at_least", "150", "year")
    assert [part["value"] for part in lines[1]["parts"]] == ["3", "500000"]
    assert lines[2]["kind"] == "none"


def test_measure_reads_lines_when_no_text_is_given(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("6割\n\n1回\\n2回\n"))

    assert cli.main(["measure", "--field", "baseline"]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == ["6割", "", "1回\n2回"]
    assert [line["kind"] for line in lines] == ["share", "text", "exact"]


def test_when_prints_days(capsys):
    assert cli.main(["when", "令和6年2月29日", "事業終了時"]) == 0

    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first == {
        "text": "令和6年2月29日",
        "kind": "date",
        "from": "2024-02-29",
        "to": "2024-02-29",
        "list": [],
    }
    assert second["kind"] == "end_of_project"


def test_neither_needs_a_database_or_a_known_locale(tmp_path):
    for name, text, word in (("measure", "のべ300人", "total"), ("when", "2023年度", "fiscal_year")):
        done = minori(name, text, MINORI_HOME=str(tmp_path), LC_ALL="POSIX")
        assert done.returncode == 0, done.stderr
        assert word in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_help_says_how_a_line_break_is_written(capsys):
    for name in ("measure", "when"):
        with pytest.raises(SystemExit):
            cli.main([name, "--help"])
        said = capsys.readouterr().out
        assert r"\n stands for a line break" in " ".join(said.split())
        assert "docs/measures.md" in said


def test_the_examples_of_the_guide_are_what_is_printed(capsys):
    guide = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\$ minori (\w+) (\S+)\n(\{.*\})$", guide, re.MULTILINE)
    assert len(examples) == 2
    for name, text, line in examples:
        cli.main([name, text])
        assert capsys.readouterr().out.rstrip("\n") == line
