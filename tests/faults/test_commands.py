"""Commands told something that is not there, or servers that are not: a sentence and an exit code."""

import os
import subprocess
import sys

import pytest

from tests.faults.installation import free_port

NOWHERE = {
    "DATABASE_URL": "postgresql://o:o@/minori?host=/tmp/nowhere",
    "DATABASE_APP_URL": "postgresql://a:a@/minori?host=/tmp/nowhere",
    "REDIS_URL": "unix:///tmp/nowhere/valkey.sock?db=0",
}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("compile", "nothing", "1"), "There is no programme “nothing”.\nProgrammes: ibasho."),
        (("compile", "ibasho", "7"), "Programme “ibasho” has no round 7.\nRounds: 1."),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(installation, arguments, sentence):
    said = installation.run("minori.cli", *arguments)
    assert said.returncode == 2
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("name", ["up", "compile", "remind"])
def test_a_database_out_of_reach_is_told_by_every_kind_of_command(tmp_path, name):
    more = {"up": ["--no-demo", "--port", str(free_port())], "compile": ["ibasho", "1"]}
    said = subprocess.run(
        [sys.executable, "-m", "minori.cli", name, *more.get(name, [])],
        env=os.environ | NOWHERE | {"MINORI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 1
    assert "PostgreSQL cannot be reached" in said.stdout + said.stderr
    assert "Traceback" not in said.stdout + said.stderr


def test_a_half_set_environment_is_refused_by_up_as_well(tmp_path):
    left_out = {"DATABASE_URL", "DATABASE_APP_URL", "REDIS_URL"}
    clean = {name: value for name, value in os.environ.items() if name not in left_out}
    said = subprocess.run(
        [sys.executable, "-m", "minori.cli", "up", "--port", str(free_port())],
        env=clean | {"REDIS_URL": "redis://queue", "MINORI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 2
    assert "REDIS_URL is set, but" in said.stderr
    assert "Traceback" not in said.stderr
