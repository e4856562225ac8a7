"""Editions in use cannot change; new ones are installed as files."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from minori.programmes import findings, pinned
from minori.programmes.commands import edition as command
from minori.programmes.models import PinnedEdition
from minori.report_forms import editions

AT = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)
OURS = (
    (editions.SHIPPED / "plain.v1.toml")
    .read_text(encoding="utf-8")
    .replace('key = "plain"', 'key = "ours"', 1)
)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Any:
    """The administrator's folder."""
    settings.EDITIONS_DIR = tmp_path / "editions"
    before = editions._folders[1:]
    editions.use_folder(settings.EDITIONS_DIR)
    yield settings.EDITIONS_DIR
    editions._folders[1:] = before


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    file = tmp_path / "my form.toml"
    file.write_text(OURS, encoding="utf-8")
    return file


@pytest.mark.django_db
def test_an_edition_is_kept_when_it_is_first_pinned(folder: Path) -> None:
    pinned.pin("web.states", 1, at=AT)
    pinned.pin("web.targets", 1, at=AT)
    kept = PinnedEdition.objects.get()
    assert (kept.file_name, kept.sha256) == ("web.v1.toml", editions.find_file("web", 1).sha256)
    with pytest.raises(KeyError):
        pinned.pin("nothing", 1, at=AT)


@pytest.mark.django_db
def test_a_version_in_use_cannot_change_but_a_new_one_can_follow(folder: Path) -> None:
    pinned.install(OURS, folder=folder)
    changed = OURS.replace("Short progress report", "A shorter report")
    pinned.install(changed, folder=folder)
    assert editions.load("ours", 1).title.en == "A shorter report"
    pinned.pin("ours", 1, at=AT)
    pinned.install(changed, folder=folder)
    with pytest.raises(pinned.InUse):
        pinned.install(OURS, folder=folder)
    pinned.install(OURS.replace("version = 1", "version = 2", 1), folder=folder)
    assert {("ours", 1), ("ours", 2)} <= set(editions.installed())


@pytest.mark.django_db
def test_what_happened_to_a_file_in_use_is_told_and_mended(folder: Path) -> None:
    pinned.install(OURS, folder=folder)
    pinned.pin("ours", 1, at=AT)
    assert [grade for grade, _words in findings.check_editions()] == ["ok"]
    file = folder / "ours.v1.toml"
    file.write_text(OURS + "# changed\n", encoding="utf-8")
    assert [one.fault for one in pinned.broken()] == [pinned.Fault.CHANGED]
    file.unlink()
    [(grade, words)] = findings.check_editions()
    assert grade == "error"
    assert "is missing" in words
    assert command.run(_options("restore")) == 0
    assert file.read_text(encoding="utf-8") == OURS
    assert list(pinned.broken()) == []


@pytest.mark.django_db
def test_a_bad_file_is_a_warning_and_takes_nothing_down(folder: Path) -> None:
    folder.mkdir()
    (folder / "bad.v1.toml").write_bytes(b"\xff\xfe no text")
    (folder / "worse.v1.toml").write_text("key = ", encoding="utf-8")
    assert [grade for grade, _words in findings.check_editions()] == ["warning", "warning"]
    assert ("2020", 1) in editions.installed()
    assert command.run(_options("list")) == 0


@pytest.mark.django_db
def test_the_command_installs_what_has_no_mistakes(folder: Path, ours: Path, capsys: Any) -> None:
    assert command.run(_options("install", str(ours))) == 0
    assert (folder / "ours.v1.toml").read_text(encoding="utf-8") == OURS
    ours.write_text(OURS.replace('kind = "date"', 'kind = "day"'), encoding="utf-8")
    assert command.run(_options("install", str(ours))) == 1
    assert f"{ours}:" in capsys.readouterr().out
    pinned.pin("ours", 1, at=AT)
    ours.write_text(OURS + "\n", encoding="utf-8")
    assert command.run(_options("install", str(ours))) == 1
    assert "is in use and cannot change" in capsys.readouterr().err
    ours.write_text(OURS.replace('key = "ours"', 'key = "plain"'), encoding="utf-8")
    assert command.run(_options("install", str(ours))) == 1
    assert "came with Minori" in capsys.readouterr().out
    assert command.run(_options("list")) == 0
    assert "installed, in use" in capsys.readouterr().out


def test_the_check_needs_no_servers_and_names_every_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        OURS.replace("required = true", "requird = true").replace("version = 1", "version = 0"),
        encoding="utf-8",
    )
    clean = {
        name: value for name, value in os.environ.items() if "DATABASE" not in name and name != "REDIS_URL"
    }
    run = [sys.executable, "-m", "minori.cli", "edition", "check"]

    def answer(*files: Path) -> Any:
        return subprocess.run(
            [*run, *map(str, files)], env=clean, capture_output=True, text=True, check=False
        )

    found = answer(bad)
    assert found.returncode == 1
    places = [line.split(": ")[0] for line in found.stdout.splitlines()]
    assert len(places) == OURS.count("required = true") + 1
    assert all(place.startswith(f"{bad}:") for place in places)
    assert "mistakes" in found.stderr
    assert answer(tmp_path / "nowhere.toml").returncode == 2
    bad.write_bytes(b"a = 1\n\xff")
    assert answer(bad).stdout.startswith(f"{bad}:2: ")
    bad.write_text(OURS, encoding="utf-8")
    assert answer(bad).returncode == 0


def _options(*words: str) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)
