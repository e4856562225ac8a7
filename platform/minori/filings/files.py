"""Bytes of attachments, outside the web root, found by their hash: the same bytes for the draft and for the filing.

A file is called <organization id>/<first two letters>/<sha256> and is never changed once it is there; a photo's
small picture lies beside it as <sha256>.preview. Each organization has its own folder, so equal photos of two
organizations are two files. Where they lie, STORAGES["evidence"] says (`minori.filings.stores`).
"""

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import connection
from django.http import FileResponse

log = logging.getLogger(__name__)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
PREVIEW = ".preview"


class Unavailable(Exception):  # noqa: N818 - a state of the store
    """The store cannot be reached or is full. Nothing was written that anybody relies on."""


class Damaged(Exception):  # noqa: N818 - a state of the file
    """What lies in the store is not what was put there."""


def keep(organization_id: int, data: bytes, *, preview: bytes = b"") -> str:
    """Store the bytes for an organization and return their sha256; storing the same again changes nothing.

    Atomic: a file is there whole or not at all, also after a power cut. Raises `Unavailable`: then write no row.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    name = _name(organization_id, sha256)
    with _reached() as store:
        if preview and not store.exists(name + PREVIEW):
            store.save(name + PREVIEW, ContentFile(preview))
        if not store.exists(name):
            store.save(name, ContentFile(data))
    return sha256


def open_(organization_id: int, sha256: str) -> BinaryIO:
    """The bytes, opened for reading and compared with their hash.

    FileNotFoundError when this organization has no such file; `Damaged`, `Unavailable`.
    """
    name = _name(organization_id, sha256)
    with _reached() as store:
        file = cast("BinaryIO", store.open(name).file)
        found = hashlib.sha256()
        while piece := file.read(1024 * 1024):
            found.update(piece)
        if found.hexdigest() != sha256:
            file.close()
            log.error("the file %s is not what was put there: restore it from a backup", name)
            raise Damaged(name)
        file.seek(0)
    return file


def open_preview(organization_id: int, sha256: str) -> BinaryIO:
    """A photo's small picture; the photo itself where it has none."""
    name = _name(organization_id, sha256) + PREVIEW
    with _reached() as store:
        try:
            return cast("BinaryIO", store.open(name).file)
        except FileNotFoundError:
            pass
    return open_(organization_id, sha256)


def exists(organization_id: int, sha256: str) -> bool:
    """Whether the bytes are there."""
    with _reached() as store:
        return store.exists(_name(organization_id, sha256))


def forget(organization_id: int, sha256: str) -> None:
    """Remove the bytes; the caller knows that neither a draft nor a filing needs them any more."""
    name = _name(organization_id, sha256)
    with _reached() as store:
        store.delete(name)
        store.delete(name + PREVIEW)


def try_out() -> None:
    """Write, read and remove a file, as `minori check` does; `Unavailable` or `Damaged` says what is wrong."""
    with open_(0, keep(0, b"minori check")) as file:
        file.read()
    forget(0, hashlib.sha256(b"minori check").hexdigest())


def kept(organization_id: int) -> Iterator[str]:
    """The sha256 of every file of an organization, without its small pictures."""
    with _reached() as store:
        for folder in store.listdir(str(int(organization_id)))[0]:
            for name in store.listdir(f"{int(organization_id)}/{folder}")[1]:
                if _SHA256.match(name):
                    yield name


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
    answer["Cache-Control"] = "private, max-age=3600, immutable"  # the address names one file for ever
    answer["ETag"] = f'"{sha256}"'
    return answer


def hold(organization_id: int) -> None:
    """Keep others from adding and removing files of an organization until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"files of organization {organization_id}"],
        )


def _name(organization_id: int, sha256: str) -> str:
    if not _SHA256.match(sha256):
        message = "this is no sha256 in lower-case hexadecimal"
        raise ValueError(message)
    return f"{int(organization_id)}/{sha256[:2]}/{sha256}"


@contextmanager
def _reached() -> Iterator[Storage]:
    """The store; what it says when it is away or full becomes `Unavailable`."""
    store = storages["evidence"]
    try:
        yield store
    except FileNotFoundError:
        raise
    except store.errors as error:  # type: ignore[attr-defined]  # both our stores name theirs
        log.warning("the store of files cannot be used: %s", error)
        raise Unavailable(str(error)) from error
