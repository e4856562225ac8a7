"""The photos and documents of a paper, ready to be shown or named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from minori.report_forms.contents import Attachment, Contents, Rights

PhotoUrl = Callable[[Attachment], str]
_KINDS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One photo or document; `url` is "" where the caller shows none, `preview` the address of a small picture.

    `kind` names what a document is ("PDF"), "" for a photo. `row` is the row it was put at ("" for one of the
    report) and `row_name` its short name. `rights` is what was said about showing it, "" where nothing was.
    Width and height are pixels, 0 for documents; `size` is in bytes.
    """

    uuid: str
    url: str
    preview: str
    filename: str
    caption: str
    kind: str
    width: int
    height: int
    size: int
    row: str = ""
    row_name: str = ""
    rights: str = ""

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture."""
        return not self.kind


def of(
    contents: Contents, *, names: Mapping[UUID, str], language: str, url: PhotoUrl | None
) -> tuple[Attached, ...]:
    """All files of a paper, in their order; `names` are the short names of its rows."""
    return tuple(_attached(one, names, language, url(one) if url else "") for one in contents.attachments)


def by_row(files: Iterable[Attached]) -> Mapping[str, tuple[Attached, ...]]:
    """The files that were put at rows, by the row's UUID as text."""
    found: dict[str, tuple[Attached, ...]] = {}
    for one in files:
        if one.row:
            found[one.row] = (*found.get(one.row, ()), one)
    return found


def kind_of(content_type: str) -> str:
    """What a document is in a word; "" for a photo."""
    return "" if content_type.startswith("image/") else _KINDS.get(content_type, content_type)


def _attached(one: Attachment, names: Mapping[UUID, str], language: str, url: str) -> Attached:
    return Attached(
        uuid=str(one.uuid),
        url=url,
        preview=f"{url}?size=small" if url and one.is_photo else "",
        filename=one.filename,
        caption=one.caption,
        kind=kind_of(one.content_type),
        width=one.width or 0,
        height=one.height or 0,
        size=one.size,
        row="" if one.row is None else str(one.row),
        row_name="" if one.row is None else names.get(one.row, ""),
        rights=one.rights.label.say(language) if one.rights != Rights.UNSAID else "",
    )
