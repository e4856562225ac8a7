"""Where the bytes of attachments lie: on this machine, or in S3-compatible storage. Django's STORAGES names one."""

import os
import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage

ERRORS: tuple[type[Exception], ...] = (OSError,)


class LocalStore(Storage):
    """Files below FILES_DIR, outside of everything that is served. A file is there whole or not at all."""

    errors = ERRORS

    def path(self, name: str) -> str:
        """Where a file lies."""
        return str(Path(settings.FILES_DIR) / name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: it says what the bytes are, so a second file of the name is the same file."""
        del max_length
        return name

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        return Path(self.path(name)).is_file()

    def size(self, name: str) -> int:
        """Its bytes."""
        return Path(self.path(name)).stat().st_size

    def delete(self, name: str) -> None:
        """Remove it; nothing happens where there is none."""
        Path(self.path(name)).unlink(missing_ok=True)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and files below a folder; none where there is no folder."""
        folder = Path(self.path(path))
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
        return (
            [one.name for one in entries if one.is_dir()],
            [one.name for one in entries if one.is_file() and not one.name.startswith(".")],
        )

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        del mode
        return File(Path(self.path(name)).open("rb"))

    def _save(self, name: str, content: IO[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content.read())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name
