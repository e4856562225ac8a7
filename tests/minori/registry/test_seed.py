"""The framework of the seed fits without loss: registered, drafted, pasted."""

import json
from pathlib import Path

import pytest

from minori.registry import frameworks
from minori.registry.pasting import read_plan, write_table
from minori.report_forms.framework import Framework
from minori.tenancy.rooms import entering
from tenants.frameworks import drafts
from tests.factories import programmes, registry

SEED = Path(__file__).resolve().parents[3] / "workers" / "demo" / "data" / "seishinryo.json"


@pytest.fixture(scope="module")
def seed():
    return Framework.from_json(json.loads(SEED.read_text(encoding="utf-8"))["framework"])


def test_the_seed_is_registered_and_read_back_equal(hikari, seed):
    version = frameworks.load(
        programmes.grant(organization=hikari), framework=seed, by=registry.OFFICER, at=registry.AT
    )
    assert frameworks.read(version) == seed
    assert len(seed) == 10
    assert {one.baseline for row in seed for one in row.indicators} == {""}


def test_the_seed_is_drafted_and_read_back_equal(hikari, seed):
    grant = programmes.grant(organization=hikari)
    with entering(hikari):
        drafts.change(grant, lambda _draft: seed, by=registry.OFFICER, at=registry.AT)
        assert drafts.read(grant.pk) == seed


def test_the_seed_pasted_as_a_table_is_the_same_plan(seed):
    pasted = read_plan(write_table(seed))
    assert pasted.problems == ()
    names = (
        {row.uuid: row.code for row in seed} | {row.uuid: row.code for row in pasted.framework} | {None: None}
    )

    def words(plan):
        return [
            (
                row.level,
                row.code,
                row.statement,
                names[row.parent],
                [(one.mark, one.texts) for one in row.indicators],
            )
            for row in plan
        ]

    assert words(pasted.framework) == words(seed)
