"""A report as PDF, in the order and look of the official form: one revision as handed in, or a draft marked as such."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext, pgettext

from minori.documents import paper as papers
from minori.documents import sheet, typesetting
from minori.filings.enums import ApprovalWay
from minori.marks import gapped
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
    approved_revision: int | None = None,
    printed_at: datetime | None = None,
) -> bytes:
    """The PDF of these contents; the form's words are those of `language` ("ja", "en"), texts stay as written.

    `filed_hash` is the hash of the filing; without it the paper is a draft: every page says so, the day of
    handing in stays open, and at its end it has boxes for the approval inside the organization.
    `approved_revision` is the revision that was approved there, None where it is this one. `printed_at` is
    the local time a draft names. `photos` are the bytes by uuid; a photo without bytes is named in an empty frame.
    """
    with translation.override(language):
        draft = not filed_hash
        paper = papers.of(contents, edition=edition, language=language, draft=draft)

        def typeset(named: Mapping[UUID, typesetting.Picture]) -> bytes:
            made = sheet.of(
                paper,
                layout=sheet.LAYOUTS.get(edition.file_key, sheet.USUAL),
                language=language,
                foot=_draft_foot(contents, paper.title, printed_at)
                if draft
                else _foot(contents, paper.title, filed_hash),
                about=_approval_boxes() if draft else _about(contents, filed_hash, approved_revision),
                pictures={str(uuid): picture.name for uuid, picture in named.items()},
            )
            return typesetting.typeset(made, pictures=named.values())

        pictures = typesetting.pictures_of(photos)
        try:
            return typeset(pictures)
        except typesetting.CannotTypeset:
            # a picture that has gone bad in its store must not hide the report
            return typeset({uuid: one for uuid, one in pictures.items() if one.is_sound})


def _revision(contents: Contents) -> str:
    return pgettext("on paper", "revision %(revision)s") % {"revision": contents.head.revision}


def _foot(contents: Contents, title: str, filed_hash: str) -> str:
    head = contents.head
    said = (
        gettext("filed on behalf, arrived on %(day)s") if head.on_behalf else gettext("handed in on %(day)s")
    )
    handed_in = said % {
        "day": sheet.say_day(head.on_behalf.arrived_on if head.on_behalf else head.handed_in_on)
    }
    short = gettext("hash %(hash)s…") % {"hash": filed_hash[:SHORT_HASH]}
    return gapped((title, _short(contents.head.organization), _revision(contents), handed_in, short))


def _draft_foot(contents: Contents, title: str, printed_at: datetime | None) -> str:
    said = gettext("draft")
    if printed_at is not None:
        moment = f"{sheet.say_day(printed_at)} {printed_at:%H:%M}"
        said = gettext("draft as of %(moment)s") % {"moment": moment}
    return gapped((title, _short(contents.head.organization), said))


def _short(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= LONGEST_IN_FOOT else f"{first[:LONGEST_IN_FOOT]}…"


def _about(contents: Contents, filed_hash: str, approved_revision: int | None) -> sheet.Data:
    head = contents.head
    pairs = [
        (pgettext("on paper", "Report"), head.round_title),
        (pgettext("on paper", "Revision"), _revision(contents)),
        (
            pgettext("on paper", "Handed in"),
            gapped((sheet.say_day(head.handed_in_on), head.handed_in_by.name)),
        ),
    ]
    if head.on_behalf is not None:
        sent = gapped((head.on_behalf.sender, sheet.say_day(head.on_behalf.arrived_on)))
        pairs.append((pgettext("on paper", "Filed on behalf; sent by, arrived on"), sent))
        pairs.append((pgettext("on paper", "Hash of the original"), head.on_behalf.original))
    if head.approval is not None:
        day = sheet.say_day(head.approval.approved_on)
        manner = ApprovalWay(head.approval.manner).label
        said = gapped((head.approval.approved_by, manner, day))
        if approved_revision not in (None, head.revision):
            note = gettext("(approval of revision %(revision)s; small corrections were taken over since)")
            said = gapped((said, note % {"revision": approved_revision}))
        pairs.append((pgettext("on paper", "Approved by"), said))
    pairs.append((pgettext("on paper", "Hash"), filed_hash))
    return {"title": gettext("About this revision"), "pairs": pairs, "boxes": []}


def _approval_boxes() -> sheet.Data:
    boxes = [gettext("Name of the approver"), gettext("Day of approval"), gettext("Seal or signature")]
    return {"title": gettext("Approval inside the organization"), "pairs": [], "boxes": boxes}
