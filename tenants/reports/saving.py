"""Saving what is written: field by field, so that two people and an old page overwrite nothing unseen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from minori.audit.trail import Actor
from minori.report_forms.shapes import Json
from tenants.reports import stamps
from tenants.reports.merging import Side, merge
from tenants.reports.models import Answer, AnswerRevision
from tenants.reports.stamps import Marks, Stamp
from tenants.writing import PartClosed, hold_open

# Saves that follow each other within this time, by one person, are one sitting and leave one revision.
SITTING = timedelta(minutes=10)
NUMBERS = "numbers"
"""The aspect of a row's answer that most posts say nothing about (`tenants.reports.numbers`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One field as a page posts it.

    `version` is the save the page was loaded with (0: nothing had been saved) and `marks` what it held then
    (`stamps`), `blank` what an untouched field holds. `silent` are aspects the
    post says nothing about: they stay. `prefer` decides a conflict that the page showed, `seen` is
    the save it was shown with.
    """

    value: Json
    blank: Json
    version: int
    marks: Marks | None = None
    prefer: Side | None = None
    seen: int = 0
    silent: frozenset[str] = frozenset({NUMBERS})

    @property
    def stamp(self) -> Stamp:
        """The stamp the page was loaded with."""
        return Stamp(self.version, self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who posts beside the person: a page with a script, by the name it gave itself; `turn` counts its posts.

    `before` is the page whose unsaved texts it took over from the device.
    `by_itself` is a save that nobody pressed a button for: it belongs to a sitting. `since` is the last save of the
    report that the page knows of: what came after is given back.
    """

    page: str = ""
    turn: int = 0
    before: str = ""
    by_itself: bool = False
    since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field that two people changed differently: neither text is lost, the person decides.

    `own` is true where the other text is the person's own, of another page.
    """

    key: str
    aspects: tuple[str, ...]
    mine: Json
    theirs: Json
    who: str
    at: datetime
    version: int
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a post. `written` names the fields that were changed, `merged` those that hold more than was posted.

    `standing` are the answers as they stand now: those that were posted, those over whose code stands at a posted
    row, and those that were saved since the page asked last. `saves` is the number to ask with the next time.
    """

    written: tuple[str, ...]
    merged: tuple[str, ...]
    conflicts: Mapping[str, Conflict]
    standing: Mapping[str, Answer]
    saves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """One post while it is saved."""

    report_id: int
    number: int
    by: Actor
    at: datetime
    sender: Sender


def save_answers(
    deadline_id: int, *, given: Mapping[str, Given], by: Actor, at: datetime, sender: Sender | None = None
) -> Saved:
    """Write the fields that were changed, and only those, in one transaction.

    Posting the same twice writes once; a field that an old page merely carries along is left as it stands. What
    stood there is kept as a revision, of a sitting what stood there when it began; a text that was not chosen in a
    conflict is kept as one too. Holds a share of the deadline's lock and the report's own lock. Raises
    `tenants.writing.NotOpen` when the report cannot be written, and its `PartClosed` when a field would change
    that a return left closed: then nothing is written.
    """
    sender = sender or Sender()
    written: list[str] = []
    merged: list[str] = []
    conflicts: dict[str, Conflict] = {}
    with transaction.atomic():
        opened = hold_open(deadline_id, at=at)
        report_id, number = _hold_report(deadline_id, at=at)
        post = _Post(report_id=report_id, number=number, by=by, at=at, sender=sender)
        standing = _standing(report_id, given, since=sender.since)
        bases = _bases(standing, given, sender)
        for key, one in sorted(given.items()):
            answer = standing.get(key)
            if answer is not None and _came_later(answer, sender):
                continue
            theirs = one.blank if answer is None else answer.value
            decided = _decided(one, answer)
            mine = one.value | {name: theirs[name] for name in one.silent & theirs.keys()}
            put = merge(base=bases[key], mine=mine, theirs=theirs, prefer=decided)
            if key not in opened and (put.torn or put.value != theirs):
                raise PartClosed(key)
            if put.torn and answer is not None:
                conflicts[key] = _conflict(one, answer, put.torn, by=by)
            elif put.value != theirs:
                standing[key] = _write(post, key, answer, put.value, given=one)
                written.append(key)
            elif answer is not None and decided == "theirs" and mine != theirs:
                _set_aside(post, answer, mine)
            if not put.torn and put.value != mine:
                merged.append(key)
    return Saved(
        written=tuple(written),
        merged=tuple(merged),
        conflicts=conflicts,
        standing=standing,
        saves=number,
    )


def follow_filing(
    deadline_id: int, *, aspects: Mapping[str, Json], whole: Mapping[str, Json], by: Actor, at: datetime
) -> None:
    """Write what was corrected in a filing into the working copy: some aspects of answers, by their fields.

    Part of `corrections.take`, which holds the deadline's lock: the report is handed in and nobody else writes.
    Where an answer was never written here, the `whole` one is.
    """
    report_id, number = _hold_report(deadline_id, at=at)
    post = _Post(report_id=report_id, number=number, by=by, at=at, sender=Sender())
    standing = _standing(report_id, aspects, since=None)
    for key, corrected in sorted(aspects.items()):
        answer = standing.get(key)
        value = {**answer.value, **corrected} if answer is not None else whole[key]
        if answer is None or value != answer.value:
            given = Given(value=value, blank={}, version=0)
            _write(post, key, answer, value, given=given)


# One statement makes the report's row where it is the first save, locks it (saves of one report follow each other)
# and counts the save.
_HOLD = """
    INSERT INTO reports_report AS r (deadline_id, begun_at, saves) VALUES (%s, %s, 1)
    ON CONFLICT (deadline_id) DO UPDATE SET saves = r.saves + 1
    RETURNING r.id, r.saves
"""


def _hold_report(deadline_id: int, *, at: datetime) -> tuple[int, int]:
    """The report's key, locked until the end of the transaction, and the number of this save."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [deadline_id, at])
        pk, number = cursor.fetchone()
    return pk, number


def _standing(report_id: int, keys: Iterable[str], *, since: int | None) -> dict[str, Answer]:
    wanted = Q(key__in=list(keys))
    if since is not None:
        wanted |= Q(save_number__gt=since)
        for key in keys:
            wanted |= Q(value__covers__contains=[key])
    return {one.key: one for one in Answer.objects.filter(wanted, report_id=report_id).order_by("key")}


def _came_later(answer: Answer, sender: Sender) -> bool:
    """Whether a later post of the very same page has been saved already: a page that is left sends its last words
    without waiting for those on the way."""
    posted = answer.posted
    return bool(sender.page) and posted.get("page") == sender.page and posted.get("turn", 0) > sender.turn


def _bases(
    standing: Mapping[str, Answer], given: Mapping[str, Given], sender: Sender
) -> dict[str, Json | None]:
    """What each field held when the page was loaded; None where that save is not known."""
    bases: dict[str, Json | None] = {}
    older: list[Answer] = []
    for key, one in given.items():
        answer = standing.get(key)
        if answer is not None and answer.version == one.version:
            bases[key] = answer.value
        elif answer is not None and (one.marks is not None or _is_own(answer, sender)):
            marks = stamps.marks_of(one.blank) if one.version == 0 else one.marks or {}
            posted = answer.posted["marks"] if _is_own(answer, sender) else {}
            bases[key] = dict(stamps.base_of(marks, mine=one.value, theirs=answer.value, posted=posted))
        elif one.version == 0:
            bases[key] = one.blank
        else:
            bases[key] = None
            older += [answer] if answer is not None else []
    revisions = AnswerRevision.objects.filter(answer__in=older, set_aside=False) if older else ()
    keys = {answer.pk: answer.key for answer in older}
    for revision in revisions:
        key = keys[revision.answer_id]
        if revision.version == given[key].version:
            bases[key] = revision.value
    return bases


def _is_own(answer: Answer, sender: Sender) -> bool:
    """Whether what stands there came from this very page, whose answer it may never have had."""
    page = answer.posted.get("page")
    return bool(page) and page in {sender.page, sender.before}


def _decided(one: Given, answer: Answer | None) -> Side | None:
    """The person's decision, if it was made in sight of what stands there now; where nothing stands, there is none."""
    if answer is None:
        return "mine"
    return one.prefer if one.seen == answer.version else None


def _conflict(one: Given, answer: Answer, aspects: tuple[str, ...], *, by: Actor) -> Conflict:
    return Conflict(
        key=answer.key,
        aspects=aspects,
        mine=one.value,
        theirs=answer.value,
        who=answer.saved_by_name,
        at=answer.saved_at,
        version=answer.version,
        own=by.person_id is not None and answer.saved_by_id == by.person_id,
    )


def _write(post: _Post, key: str, answer: Answer | None, value: dict[str, Any], *, given: Given) -> Answer:
    if answer is None:
        answer = Answer(report_id=post.report_id, key=key, version=0, sitting_began_at=post.at)
    elif not _goes_on(post, answer, given):
        answer.keep()
        answer.sitting_began_at = post.at
    answer.value, answer.version, answer.save_number = value, answer.version + 1, post.number
    answer.saved_at, answer.saved_by_id, answer.saved_by_name = post.at, post.by.person_id, post.by.name
    answer.posted = _posted(post.sender, given)
    answer.save()
    return answer


def _goes_on(post: _Post, answer: Answer, given: Given) -> bool:
    """Whether this save goes on with the sitting that wrote what stands there."""
    return (
        post.sender.by_itself
        and given.prefer is None
        and post.by.person_id is not None
        and answer.saved_by_id == post.by.person_id
        and timedelta(0) <= post.at - answer.sitting_began_at < SITTING
    )


def _posted(sender: Sender, given: Given) -> Json:
    if not sender.page:
        return {}
    return {"page": sender.page, "turn": sender.turn, "marks": dict(stamps.marks_of(given.value))}


def _set_aside(post: _Post, answer: Answer, value: dict[str, Any]) -> None:
    """Keep the text that its own writer gave up for the one that stands there."""
    AnswerRevision.objects.create(
        answer=answer,
        version=answer.version,
        value=value,
        saved_at=post.at,
        saved_by_id=post.by.person_id,
        saved_by_name=post.by.name,
        set_aside=True,
    )
