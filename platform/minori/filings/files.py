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
from django.http import FileResponse

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


def response(data: BinaryIO, *, filename: str, content_type: str, sha256: str) -> FileResponse:
    """The bytes as an answer that can do nothing but be looked at: for pages of either side.

    Only images we wrote ourselves are shown inline; everything else is offered for saving.
    """
    inline = content_type == "image/jpeg"
    answer = FileResponse(
        data,
        as_attachment=not inline,
        filename=filename,
        content_type=content_type if inline else "application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, max-age=3600, immutable"  # the address names one photo for ever
    answer["ETag"] = f'"{sha256}"'
    return answer


def _path(organization_id: int, sha256: str) -> Path:
    if not _SHA256.match(sha256):
        message = "this is no sha256 in lower-case hexadecimal"
        raise ValueError(message)
    return Path(settings.FILES_DIR) / str(int(organization_id)) / sha256[:2] / sha256
