"""What is said about files, saved while it is typed: as autosave answers for fields."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from minori.accounts.requests import RoomRequest
from tenants.evidence import attachments
from tenants.reports import forms


@dataclass(frozen=True, kw_only=True)
class Captions:
    """By the keys of `forms.file_key`: what was saved with its new stamps, and where two people wrote differently."""

    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)


def saved_in(request: RoomRequest, deadline: int, *, at: datetime) -> Captions:
    """Save the captions and rights that a script posted; a post without any costs nothing. Raises `NotOpen`.

    The stamp of a caption is the caption that a page was loaded with. Files that are gone are left out.
    """
    said = forms.described_in(request.POST)
    if not said:
        return Captions()
    torn = attachments.describe(deadline, said=said, at=at)
    fields: dict[str, dict[str, Any]] = {}
    for uuid, caption in attachments.captions_of(deadline, said).items():
        key = forms.file_key(uuid)
        if uuid in torn:
            continue
        fields[key] = {"stamp": caption}
        if f"choose-{key}" in request.POST:
            fields[key]["inputs"] = {f"{key}-caption": [caption]}
    conflicts: dict[str, str] = {
        forms.file_key(uuid): render_to_string(
            "reports/caption_conflict.html",
            {"uuid": uuid, "mine": said[uuid].caption, "theirs": theirs},
            request=request,
        )
        for uuid, theirs in torn.items()
    }
    return Captions(fields=fields, conflicts=conflicts)
