"""The store of attachments: by organization, by hash, whole or not at all."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from minori.filings import files


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def test_bytes_are_found_by_their_hash() -> None:
    sha256 = files.keep(7, b"a photo")
    assert sha256 == hashlib.sha256(b"a photo").hexdigest()
    with files.open_(7, sha256) as file:
        assert file.read() == b"a photo"


def test_a_file_lies_under_its_organization_and_the_first_letters_of_its_hash(tmp_path: Path) -> None:
    sha256 = files.keep(7, b"a photo")
    assert (tmp_path / "files" / "7" / sha256[:2] / sha256).read_bytes() == b"a photo"


def test_keeping_the_same_again_leaves_one_file(tmp_path: Path) -> None:
    assert files.keep(7, b"x") == files.keep(7, b"x")
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_another_organization_does_not_find_the_file() -> None:
    sha256 = files.keep(7, b"a photo")
    assert not files.exists(8, sha256)
    with pytest.raises(FileNotFoundError):
        files.open_(8, sha256)


def test_forgetting_for_one_organization_leaves_the_others_file() -> None:
    sha256 = files.keep(7, b"a photo")
    files.keep(8, b"a photo")
    files.forget(7, sha256)
    files.forget(7, sha256)
    assert not files.exists(7, sha256)
    assert files.exists(8, sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_a_hash_names_a_file(name: str) -> None:
    with pytest.raises(ValueError, match="no sha256"):
        files.open_(7, name)


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(files.Unavailable, match="No space"):
        files.keep(7, b"a photo")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_what_is_read_is_compared_with_its_hash(tmp_path: Path) -> None:
    sha256 = files.keep(7, b"a photo")
    (tmp_path / "files" / "7" / sha256[:2] / sha256).write_bytes(b"a ph0to")
    with pytest.raises(files.Damaged):
        files.open_(7, sha256)


def test_a_small_picture_lies_beside_its_photo_and_goes_with_it() -> None:
    sha256 = files.keep(7, b"a photo", preview=b"small")
    with files.open_preview(7, sha256) as file:
        assert file.read() == b"small"
    assert list(files.kept(7)) == [sha256]
    files.forget(7, sha256)
    with pytest.raises(FileNotFoundError):
        files.open_preview(7, sha256)


def test_a_photo_without_a_small_picture_stands_for_itself() -> None:
    with files.open_preview(7, files.keep(7, b"a photo")) as file:
        assert file.read() == b"a photo"


def test_all_files_of_an_organization_are_found_and_no_others() -> None:
    ours = {files.keep(7, bytes([number])) for number in range(5)}
    files.keep(8, b"theirs")
    assert set(files.kept(7)) == ours
    assert list(files.kept(9)) == []
