"""The review page's parts, put together from what the queries give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import get_language

from minori.documents import paper
from minori.documents.paper import Paper
from minori.filings.models import Filing
from minori.filings.revisions import recalled
from minori.filings.unreadable import Unreadable, contents_of
from minori.filings.unreadable import reading as reading_of
from minori.programmes import labels
from minori.programmes.enums import DeadlineState
from minori.programmes.holiday_lists import works_in
from minori.programmes.holidays import on_or_after
from minori.programmes.models import Deadline
from minori.registry import successions
from minori.report_forms.contents import Attachment, Contents
from reporting.review import change_boxes, numbers, queries, reading
from reporting.review.change_boxes import Boxes
from reporting.review.reading import Reading
from reporting.review.sources import Sources

DAYS_TO_CORRECT = 7


@dataclass(frozen=True)
class Sheet:
    """A filing read: its contents and its paper in the language of the page."""

    filing: Filing
    contents: Contents
    paper: Paper


@dataclass(frozen=True, kw_only=True)
class Revisions:
    """The revisions of a report: all of them, the one shown, and the one it is compared with."""

    all: tuple[Filing, ...]
    recalled: frozenset[int]
    shown: Filing | None
    current_id: int | None

    @property
    def shows_current(self) -> bool:
        """Whether the revision that counts is shown."""
        return self.shown is not None and self.shown.pk == self.current_id

    @property
    def shows_recalled(self) -> bool:
        """Whether a revision is shown that the organization took back."""
        return self.shown is not None and self.shown.pk in self.recalled

    @cached_property
    def base(self) -> Filing | None:
        """What the shown revision is compared with: the last one before it that was not recalled."""
        shown = self.shown
        if shown is None:
            return None
        earlier = [one for one in self.all if one.revision < shown.revision and one.pk not in self.recalled]
        return earlier[-1] if earlier else None


@dataclass(frozen=True, kw_only=True)
class Read:
    """What the page shows of a report; of a revision that cannot be read, why (`unreadable`).

    `cuts`: rows with an indicator that measures something else than last time.
    """

    reading: Reading | None
    unreadable: str = ""
    previous: Filing | None
    boxes: Boxes | None = None
    cuts: frozenset[str] = frozenset()
    unsaved: tuple[tuple[str, str], ...] = field(default=())


def revisions(deadline: Deadline, *, asked: int | None) -> Revisions | None:
    """The revisions with the one asked for (else the one that counts); None when there is no such revision."""
    found = queries.revisions(deadline)
    by_number = {one.revision: one for one in found}
    if asked is not None and asked not in by_number:
        return None
    current = next((one for one in found if one.pk == deadline.current_filing_id), None)
    return Revisions(
        all=tuple(found),
        recalled=recalled(deadline),
        shown=current if asked is None else by_number[asked],
        current_id=deadline.current_filing_id,
    )


def is_unread(deadline: Deadline, shown: Revisions) -> bool:
    """Whether the revision shown waits for review and no officer has begun to read it."""
    return (
        deadline.state == DeadlineState.HANDED_IN
        and deadline.reading_began_at is None
        and shown.shows_current
    )


def read(
    deadline: Deadline, shown: Revisions, *, typed: Mapping[str, str], decides: bool = False
) -> Read | None:
    """The revision shown as an officer reads it, with what is being written (`typed`, by anchor).

    `decides`: the reader may correct the numbers beside it.
    """
    if shown.shown is None:
        return None
    previous = queries.previous_round(deadline)
    try:
        now = sheet(deadline, shown.shown)
    except Unreadable as found_so:
        return Read(reading=None, unreadable=found_so.reason, previous=previous)
    last = _sheet_or_none(deadline, shown.base)
    before = _sheet_or_none(previous.deadline, previous) if previous else None
    sources = Sources(
        paper=now.paper,
        contents=now.contents,
        last=last.paper if last else None,
        last_contents=last.contents if last else None,
        previous=before.paper if before else None,
        comments=queries.comments(deadline),
        typed=typed,
        opened=queries.opened_by_the_organization(shown.base) if shown.base else {},
        corrections=queries.corrections(deadline),
        numbers=numbers.of_filing(
            deadline, now.filing, now.contents, previous=previous, writable=decides and shown.shows_current
        ),
    )
    found = reading.of(sources)
    return Read(
        reading=found,
        previous=previous,
        boxes=change_boxes.of(deadline, now.contents),
        cuts=_cuts(deadline, now.contents, before.contents if before else None),
        unsaved=tuple(_named(found, typed)),
    )


def _cuts(deadline: Deadline, now: Contents, before: Contents | None) -> frozenset[str]:
    if before is None:
        return frozenset()
    return successions.cut_rows(deadline.grant_id, after=before.framework_number, upto=now.framework_number)


def sheet(deadline: Deadline, filing: Filing) -> Sheet:
    """A filing with its paper. Which form it was written on, the filing itself says. Raises `Unreadable`."""
    whole = filing if "contents" in vars(filing) else queries.filing_with_contents(filing)
    contents = contents_of(whole)

    def photo_url(one: Attachment) -> str:
        kwargs = {"deadline": deadline.pk, "revision": filing.revision, "uuid": one.uuid}
        return reverse("review:attachment", kwargs=kwargs)

    with reading_of(whole):
        edition = labels.edition_of(
            deadline.grant.programme.distributor, contents.edition, contents.edition_version
        )
        language = get_language() or "ja"
        shown = paper.of(contents, edition=edition, language=language, photo_url=photo_url)
    return Sheet(whole, contents, shown)


def _sheet_or_none(deadline: Deadline, filing: Filing | None) -> Sheet | None:
    """What a revision is compared with; None where there is nothing, or nothing that can be read."""
    try:
        return sheet(deadline, filing) if filing else None
    except Unreadable:
        return None


def anchors(deadline: Deadline, filing: Filing | None) -> list[str]:
    """The places of a filing that a comment can stand at; none where it cannot be read."""
    found = _sheet_or_none(deadline, filing)
    return list(reading.anchors_of(found.paper)) if found else []


def proposed_return(deadline: Deadline, *, at: datetime) -> date:
    """The date proposed for a return: a week on, on a business day of the programme; never before what was promised."""
    programme = deadline.grant.programme
    day = programme.distributor.local_date(at) + timedelta(days=DAYS_TO_CORRECT)
    day = max(day, deadline.extended_to or deadline.due_on)
    return on_or_after(day, works_in(programme))


def _named(found: Reading, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed, with the names of its places, in the order of the form."""
    names = {found.whole.anchor: ""}
    for part in found.parts:
        for section in part.sections:
            for table in section.tables:
                names |= {table.margin.anchor: table.margin.name}
                names |= {row.margin.anchor: row.margin.name for row in table.rows}
            names |= {one.margin.anchor: one.margin.name for one in section.fields}
            names |= {photos.margin.anchor: photos.margin.name for photos in section.photos}
    return [(names[anchor], typed[anchor]) for anchor in names if anchor in typed]
