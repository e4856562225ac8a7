"""A copy of everything that is handed in, taken at once: what must read the same for ever."""

from typing import Any

from minori.filings.models import Figure, FiledAttachment, Filing
from minori.report_forms.contents import Contents, hash_of, part_hashes_of

Row = dict[str, Any]


def copy_of(filing: Filing) -> dict[str, Any]:
    """A filing as the database tells it: the paper with its hashes, its figures, its attachments."""
    return {
        "filing": _rows(Filing.objects.filter(pk=filing.pk)),
        "figures": _rows(Figure.objects.filter(filing=filing)),
        "attachments": _rows(FiledAttachment.objects.filter(filing=filing)),
    }


def is_sound(filing: Filing) -> bool:
    """Whether hashes and contents of a filing belong together, and its contents read and write back the same."""
    hashes = part_hashes_of(filing.contents)
    return (
        filing.part_hashes == hashes
        and filing.hash == hash_of(hashes)
        and Contents.from_json(filing.contents).to_json() == filing.contents
    )


def _rows(queryset: Any) -> list[Row]:
    return list(queryset.order_by("pk").values())
