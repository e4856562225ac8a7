"""Files as we keep them: told by their content, looked into by a process of its own, written anew by us."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from minori.documents.examining.kinds import Refusal
from minori.report_forms.edition import Accept

log = logging.getLogger(__name__)
LONGEST_WAIT = 60  # seconds; the process itself may compute for half of that
_AT_ONCE = BoundedSemaphore(1)  # per web process: large ones need half a gigabyte for a moment

_KINDS: dict[Accept, str | Promise] = {
    Accept.PHOTO: gettext_lazy("photos (JPEG, PNG, HEIC, WebP)"),
    Accept.PDF: "PDF",
    Accept.DOCX: gettext_lazy("Word (.docx)"),
    Accept.XLSX: gettext_lazy("Excel (.xlsx)"),
}
_SENTENCES: dict[Refusal, str | Promise] = {
    Refusal.EMPTY: gettext_lazy("The file is empty."),
    Refusal.DRAWING: gettext_lazy("Drawings (SVG) cannot be added. Please save it as PNG or JPEG."),
    Refusal.ANIMATED: gettext_lazy(
        "Moving pictures (GIF and others) cannot be added. Please save it as JPEG or PNG."
    ),
    Refusal.OLD_OFFICE: gettext_lazy(
        "This is a Word or Excel file of the old kind (.doc, .xls) or one with a password."
        " Please save it as .docx or .xlsx without a password."
    ),
    Refusal.PASSWORD: gettext_lazy(
        "The file is protected. Please save it without a password and send it again."
    ),
    Refusal.DAMAGED: gettext_lazy("The file is damaged and cannot be opened."),
    Refusal.MIXED: gettext_lazy(
        "Something else hangs before or behind the document. Please save it again and send that."
    ),
    Refusal.TOO_MANY_PIXELS: gettext_lazy(
        "The picture has too many pixels. Please save it smaller, up to 50 million pixels."
    ),
    Refusal.TOO_MUCH: gettext_lazy(
        "The file is too complicated to be checked. Please save it smaller or as PDF."
    ),
    Refusal.PROGRAM: gettext_lazy(
        "The file holds a program (macro, script, or data from other programs), which cannot be added."
        " Please save it without, or print it as PDF."
    ),
    Refusal.EMBEDDED: gettext_lazy(
        "There are other files inside this one. Please take them out and add each by itself."
    ),
}


class FileRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """The file cannot be taken; `str()` says why to the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A file as we keep it. Photos are JPEG of at most 2 MB with their size in pixels and a preview."""

    data: bytes
    content_type: str
    width: int | None = None
    height: int | None = None
    preview: bytes = b""


def clean(data: bytes, accept: Sequence[Accept] = tuple(Accept)) -> CleanFile:
    """The file in these bytes as we keep it: nothing but the picture or document, without places and names.

    Told by its content, never by its name. Raises `FileRefused` with a sentence for everything else.
    """
    command = [sys.executable, "-I", "-m", "minori.documents.examining", ",".join(accept)]
    try:
        with _AT_ONCE:
            done = subprocess.run(
                command, input=data, capture_output=True, env={}, timeout=LONGEST_WAIT, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise FileRefused(str(_SENTENCES[Refusal.TOO_MUCH])) from error
    if done.returncode < 0:  # stopped: too long, too large, or a decoder fell over
        log.warning("examining a file of %d bytes ended with signal %d", len(data), -done.returncode)
        raise FileRefused(str(_SENTENCES[Refusal.TOO_MUCH]))
    if done.returncode:
        message = f"files cannot be examined: {done.stderr.decode(errors='replace')[-2000:]}"
        raise RuntimeError(message)
    if done.stderr:
        log.info("examining a file: %s", done.stderr.decode(errors="replace")[-2000:])
    line, _newline, rest = done.stdout.partition(b"\n")
    facts = json.loads(line)
    if "refusal" in facts:
        raise FileRefused(_sentence(Refusal(facts["refusal"]), accept))
    return CleanFile(
        data=rest[: facts["kept"]],
        preview=rest[facts["kept"] :],
        content_type=facts["content_type"],
        width=facts.get("width"),
        height=facts.get("height"),
    )


def _sentence(refusal: Refusal, accept: Sequence[Accept]) -> str:
    if refusal in _SENTENCES:
        return str(_SENTENCES[refusal])
    kinds = pgettext("between items of a list", ", ").join(str(_KINDS[one]) for one in accept)
    return _("Files of this kind cannot be added. Possible are: %(kinds)s.") % {"kinds": kinds}
