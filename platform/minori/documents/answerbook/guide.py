"""What the first sheet says: which report this is, until when, and how it is filled in and sent back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from minori.documents.answerbook.layout import Asked, Everything, takes_files


@dataclass(frozen=True, kw_only=True)
class Guide:
    """The head: facts as pairs, in the language of the workbook."""

    title: str
    distributor: str
    pairs: tuple[tuple[str, str], ...]


def sentences(asked: Asked, guide: Guide) -> list[str]:
    """How it is filled in, sentence by sentence."""
    return list(_sentences(asked, guide))


def _sentences(asked: Asked, guide: Guide) -> Iterator[str]:
    yield _(
        "Each of the blue tabs below is one part of the report. Please write into the white cells with a blue frame."
    )
    yield _("Grey cells hold what is registered, or what you reported last time; they are for reading.")
    if not isinstance(asked.opened, Everything):
        yield _(
            "The report was sent back: only the parts that came back are open. What the officer asked stands as a note at"
            " the cell."
        )
    yield _("A line break inside a cell: Alt + Enter (on a Mac: Option + Return).")
    yield _("Choose progress from the list that opens at the cell. Empty means “not reported”.")
    yield _(
        "Where there is nothing to report in this round, choose ○ in “Nothing to report”: that is an answer of its own,"
        " and no zero."
    )
    if takes_files(asked.edition):
        yield _("Please send photos and documents along with the mail; they are attached by the officer.")
    yield _("Please write no names of people whom it could harm: reports are published.")
    yield _(
        "When everything is written, save the file and send it back as an answer to the mail, or to %(distributor)s."
        " Please write who approved it in your organization, how, and on which day."
    ) % {"distributor": guide.distributor}
    yield _("Nothing is handed in by saving. The officer files it on your behalf, and you get a copy.")
