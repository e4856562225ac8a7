"""Bytes of attachments, outside the web root, found by their hash: the same bytes for the draft and for the filing.

A file lies at FILES_DIR/<organization id>/<first two letters>/<sha256> and is never changed once it is there.
Each organization has its own folder, so equal photos of two organizations are two files.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def keep(organization_id: int, data: bytes) -> str:
    """Store the bytes for an organization and return their sha256; storing the same again changes nothing.

    Atomic: a file is there whole or not at all, also after a power cut. OSError when the disk is full or missing.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    target = _path(organization_id, sha256)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256


def open_(organization_id: int, sha256: str) -> BinaryIO:
    """The bytes, opened for reading; FileNotFoundError when this organization has no such file."""
    return _path(organization_id, sha256).open("rb")


def exists(organization_id: int, sha256: str) -> bool:
    """Whether the bytes are there."""
    return _path(organization_id, sha256).is_file()


def forget(organization_id: int, sha256: str) -> None:
    """Remove the bytes; the caller knows that neither a draft nor a filing needs them any more."""
    _path(organization_id, sha256).unlink(missing_ok=True)


def _path(organization_id: int, sha256: str) -> Path:
    if not _SHA256.match(sha256):
        message = "this is no sha256 in lower-case hexadecimal"
        raise ValueError(message)
    return Path(settings.FILES_DIR) / str(int(organization_id)) / sha256[:2] / sha256
