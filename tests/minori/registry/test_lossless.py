"""Whatever a contracted plan says can be read back to the letter from the registered version.

`MINORI_FRAMEWORKS` names a file of frameworks, one JSON object a line with `rows`;
without it only ours (`plans.jsonl`) are loaded.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minori.documents.tables import words, workbooks
from minori.registry import frameworks, plan_sources
from minori.report_forms.marks import named_together, numbered
from minori.report_forms.radicals import without_radicals
from reporting.setup import intake
from reporting.setup.models import PlanFile
from tests.factories import plan_files, programmes, registry

AT = datetime(2026, 6, 1, tzinfo=UTC)
FILE = os.environ.get("MINORI_FRAMEWORKS", "")
NOT_CELLS = {"level", "side", "row_no"}

OURS = Path(__file__).with_name("plans.jsonl")


def read_file(path):
    with Path(path).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def cells_of(lines):
    return [
        {name: text for name, text in line.items() if name not in NOT_CELLS}
        for level in ("outcome", "output")
        for line in lines
        if line["level"] == level
    ]


def registered(grant, grids):
    """What an officer gets who registers the plan without deciding anything but its grant."""
    programme = grant.programme
    file = intake._keep(programme, grids, PlanFile(filename="計画.xlsx"), by=registry.OFFICER, at=AT)
    (shown,) = [one for one in intake.look(programme) if one.file.pk == file.pk]
    version = frameworks.load(
        grant,
        reason="次の計画",
        framework=shown.read.framework,
        by=registry.OFFICER,
        at=AT,
        source=intake.source_of(shown),
    )
    intake.discard(file)
    return version


def assert_nothing_is_lost(version, lines):
    kept = [dict(line.cells) for line in plan_sources.read_back(version).lines]
    wanted = cells_of(lines)
    assert [cells for cells in kept if "" not in cells] == [one for one in wanted if one in kept]
    told = {text for cells in kept if "" in cells for text in cells.values()}
    for lost in (one for one in wanted if one not in kept):  # a line that reads like a head of columns
        assert set(lost.values()) <= told
    said = texts_of(frameworks.read(version))
    for cells in (one for one in wanted if one in kept):
        for text in map(without_radicals, cells.values()):
            parts = {piece.text for piece in numbered(text)} or {
                part for _names, part in named_together(text)
            }
            assert text in said or parts <= said, text


def texts_of(framework):
    rows = {text for row in framework for text in (row.statement, row.season)}
    return rows | {text for row in framework for one in row.indicators for text in one.texts}


@pytest.fixture
def grant(hikari):
    return programmes.grant(organization=hikari)


@pytest.mark.parametrize("form", ["workbook", "word"])
@pytest.mark.parametrize("plan", read_file(OURS), ids=lambda plan: plan["shape"])
def test_a_plan_of_every_shape_is_read_back_to_the_letter(grant, plan, form):
    lines = plan["rows"]
    if form == "workbook":
        grids = workbooks.read(plan_files.as_bytes(plan_files.official(lines, columns=plan_files.ALL)))
    else:
        grids = words.read(plan_files.word(lines, columns=plan_files.ALL))
    assert_nothing_is_lost(registered(grant, grids), lines)


@pytest.mark.skipif(not FILE, reason="MINORI_FRAMEWORKS names no file with frameworks")
def test_every_framework_of_the_file_is_read_back_to_the_letter(grant):
    for one in read_file(FILE):
        grids = workbooks.read(plan_files.as_bytes(plan_files.official(one["rows"], columns=plan_files.ALL)))
        assert_nothing_is_lost(registered(grant, grids), one["rows"])
