"""A report as PDF, in the order and look of the official form: one revision as handed in, or a draft marked as such."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from minori.documents import paper as papers
from minori.documents import sheet, typesetting
from minori.filings.enums import ApprovalWay
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition

LONGEST_IN_FOOT = 40
SHORT_HASH = 12


def pdf_of(
    contents: Contents,
    *,
    edition: Edition,
    language: str,
    photos: Mapping[UUID, bytes],
    filed_hash: str = "",
    printed_at: datetime | None = None,
) -> bytes:
    """The PDF of these contents; the form's words are those of `language` ("ja", "en"), texts stay as written.

    `filed_hash` is the hash of the filing; without it the paper is a draft: every page says so, the day of
    handing in stays open, and at its end it has boxes for the approval inside the organization. `printed_at` is
    the local time a draft names. `photos` are the bytes by uuid; a photo without bytes is named in an empty frame.
    """
    with translation.override(language):
        draft = not filed_hash
        paper = papers.of(contents, edition=edition, language=language, draft=draft)
        named = {
            str(uuid): (name, data)
            for place, (uuid, data) in enumerate(photos.items(), start=1)
            if (name := typesetting.name_of_picture(place, data))
        }
        made = sheet.of(
            paper,
            layout=sheet.LAYOUTS.get(edition.key, sheet.USUAL),
            language=language,
            handed_in_on="" if draft else _day(contents),
            foot=_draft_foot(contents, paper.title, printed_at)
            if draft
            else _foot(contents, paper.title, filed_hash),
            about=_approval_boxes() if draft else _about(contents, filed_hash),
            pictures={uuid: name for uuid, (name, _data) in named.items()},
        )
    return typesetting.typeset(made, pictures=dict(named.values()))


def _day(contents: Contents) -> str:
    return _say(contents.head.handed_in_on)


def _say(day: date) -> str:
    return date_format(day, pgettext("format of a date with year", "j F Y"))


def _revision(contents: Contents) -> str:
    return pgettext("on paper", "revision %(revision)s") % {"revision": contents.head.revision}


def _foot(contents: Contents, title: str, filed_hash: str) -> str:
    handed_in = gettext("handed in on %(day)s") % {"day": _day(contents)}
    short = gettext("hash %(hash)s…") % {"hash": filed_hash[:SHORT_HASH]}
    return "　".join((title, _short(contents.head.organization), _revision(contents), handed_in, short))


def _draft_foot(contents: Contents, title: str, printed_at: datetime | None) -> str:
    said = gettext("draft")
    if printed_at is not None:
        moment = f"{_say(printed_at)} {printed_at:%H:%M}"
        said = gettext("draft as of %(moment)s") % {"moment": moment}
    return "　".join((title, _short(contents.head.organization), said))


def _short(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= LONGEST_IN_FOOT else f"{first[:LONGEST_IN_FOOT]}…"


def _about(contents: Contents, filed_hash: str) -> sheet.Data:
    head = contents.head
    pairs = [
        (pgettext("on paper", "Report"), head.round_title),
        (pgettext("on paper", "Revision"), _revision(contents)),
        (pgettext("on paper", "Handed in"), f"{_day(contents)}　{head.handed_in_by.name}"),
    ]
    if head.approval is not None:
        day = _say(head.approval.approved_on)
        manner = ApprovalWay(head.approval.manner).label
        pairs.append((pgettext("on paper", "Approved by"), f"{head.approval.approved_by}　{manner}　{day}"))
    pairs.append((pgettext("on paper", "Hash"), filed_hash))
    return {"title": gettext("About this revision"), "pairs": pairs, "boxes": []}


def _approval_boxes() -> sheet.Data:
    boxes = [gettext("Name of the approver"), gettext("Day of approval"), gettext("Seal or signature")]
    return {"title": gettext("Approval inside the organization"), "pairs": [], "boxes": boxes}
