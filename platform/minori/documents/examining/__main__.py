"""The process that opens what strangers sent: `python -m minori.documents.examining photo,pdf < file`.

It has neither settings nor passwords, little memory, little time, and writes no files. Answers with one line of
JSON, then the bytes to keep, then those of a preview. Should a decoder fall over, only this process does.
"""

import contextlib
import json
import resource
import sys
import traceback
from typing import Any

from minori.documents.examining.kinds import CONTENT_TYPES, PICTURES, Refusal, Refused, format_of
from minori.report_forms.edition import Accept

SECONDS = 30
MEMORY = 1536 * 1024 * 1024


def main() -> None:
    """Read a file, answer."""
    limit()
    accept = [Accept(one) for one in sys.argv[1].split(",")]
    data = sys.stdin.buffer.read()
    facts: dict[str, Any]
    try:
        facts, kept, preview = examine(data, accept)
    except Refused as refused:
        facts, kept, preview = {"refusal": refused.refusal.value}, b"", b""
    except MemoryError:
        facts, kept, preview = {"refusal": Refusal.TOO_MUCH.value}, b"", b""
    except Exception:  # noqa: BLE001 - no decoder promises which errors a made-up file brings out of it
        traceback.print_exc()
        facts, kept, preview = {"refusal": Refusal.DAMAGED.value}, b"", b""
    facts |= {"kept": len(kept), "preview": len(preview)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + kept + preview)


def examine(data: bytes, accept: list[Accept]) -> tuple[dict[str, Any], bytes, bytes]:
    """What the file is, its bytes as we keep them, and a small picture where it is a photo. Raises `Refused`."""
    kind = format_of(data)
    if kind in PICTURES and Accept.PHOTO in accept:
        from minori.documents.examining import photos

        photo = photos.rewrite(data, kind)
        facts = {"content_type": CONTENT_TYPES[Accept.PHOTO], "width": photo.width, "height": photo.height}
        return facts, photo.data, photo.preview
    if kind == "PDF" and Accept.PDF in accept:
        from minori.documents.examining import portable

        return {"content_type": CONTENT_TYPES[Accept.PDF]}, portable.rewrite(data), b""
    if kind == "OFFICE" and {Accept.DOCX, Accept.XLSX} & set(accept):
        from minori.documents.examining import office

        found, written = office.rewrite(data)
        if found in accept:
            return {"content_type": CONTENT_TYPES[found]}, written, b""
    raise Refused(Refusal.UNKNOWN)


def limit(*, file_size: int = 0) -> None:
    """Bound what this process may use; what a system does not know is left out."""
    bounds = (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, file_size),
    )
    for what, most in bounds:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
