"""Saving what is written: field by field, so that two people and an old page overwrite nothing unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from minori.audit.trail import Actor
from minori.report_forms.shapes import Json
from tenants.reports.merging import Side, merge
from tenants.reports.models import Answer, AnswerRevision, Report
from tenants.writing import PartClosed, hold_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One field as a page posts it.

    `version` is the save the page was loaded with (0: nothing had been saved), `blank` what an untouched field
    holds. `prefer` decides a conflict that the page showed, `seen` is the save it was shown with.
    """

    value: Json
    blank: Json
    version: int
    prefer: Side | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field that two people changed differently: neither text is lost, the person decides."""

    key: str
    aspects: tuple[str, ...]
    mine: Json
    theirs: Json
    who: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a post. `written` names the fields that were changed, `merged` those that hold more than was posted."""

    written: tuple[str, ...]
    merged: tuple[str, ...]
    conflicts: Mapping[str, Conflict]


def save_answers(deadline_id: int, *, given: Mapping[str, Given], by: Actor, at: datetime) -> Saved:
    """Write the fields that were changed, and only those, in one transaction.

    Posting the same twice writes once; a field that an old page merely carries along is left as it stands. What
    stood there is kept as a revision. Holds a share of the deadline's lock and the report's own lock. Raises
    `tenants.writing.NotOpen` when the report cannot be written, and its `PartClosed` when a field would change
    that a return left closed: then nothing is written.
    """
    written: list[str] = []
    merged: list[str] = []
    conflicts: dict[str, Conflict] = {}
    with transaction.atomic():
        opened = hold_open(deadline_id, at=at)
        report = _hold_report(deadline_id, at=at)
        standing = {answer.key: answer for answer in report.answers.filter(key__in=given).order_by("key")}
        bases = _bases(standing, given)
        for key, one in sorted(given.items()):
            answer = standing.get(key)
            theirs = one.blank if answer is None else answer.value
            put = merge(base=bases[key], mine=one.value, theirs=theirs, prefer=_decided(one, answer))
            if key not in opened and (put.torn or put.value != theirs):
                raise PartClosed(key)
            if put.torn and answer is not None:
                conflicts[key] = _conflict(one, answer, put.torn)
            elif put.value != theirs:
                _write(report, key, answer, put.value, by=by, at=at)
                written.append(key)
            if not put.torn and put.value != one.value:
                merged.append(key)
    return Saved(written=tuple(written), merged=tuple(merged), conflicts=conflicts)


def _hold_report(deadline_id: int, *, at: datetime) -> Report:
    """The report's row, made where it is the first save, locked: saves of one report follow each other."""
    Report.objects.bulk_create([Report(deadline_id=deadline_id, begun_at=at)], ignore_conflicts=True)
    return Report.objects.select_for_update().get(deadline_id=deadline_id)


def _bases(standing: Mapping[str, Answer], given: Mapping[str, Given]) -> dict[str, Json | None]:
    """What each field held when the page was loaded; None where that save is not known."""
    bases: dict[str, Json | None] = {}
    older: list[Answer] = []
    for key, one in given.items():
        answer = standing.get(key)
        if one.version == 0:
            bases[key] = one.blank
        elif answer is not None and answer.version == one.version:
            bases[key] = answer.value
        else:
            bases[key] = None
            older += [answer] if answer is not None else []
    revisions = (
        AnswerRevision.objects.filter(answer__in=older).select_related("answer").order_by("pk")
        if older
        else ()
    )
    for revision in revisions:
        if revision.version == given[revision.answer.key].version:
            bases[revision.answer.key] = revision.value
    return bases


def _decided(one: Given, answer: Answer | None) -> Side | None:
    """The person's decision, if it was made in sight of what stands there now; where nothing stands, there is none."""
    if answer is None:
        return "mine"
    return one.prefer if one.seen == answer.version else None


def _conflict(one: Given, answer: Answer, aspects: tuple[str, ...]) -> Conflict:
    return Conflict(
        key=answer.key,
        aspects=aspects,
        mine=one.value,
        theirs=answer.value,
        who=answer.saved_by_name,
        at=answer.saved_at,
        version=answer.version,
    )


def _write(
    report: Report, key: str, answer: Answer | None, value: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    if answer is None:
        Answer.objects.create(
            report=report, key=key, value=value, saved_at=at, saved_by_id=by.person_id, saved_by_name=by.name
        )
        return
    AnswerRevision.objects.create(
        answer=answer,
        version=answer.version,
        value=answer.value,
        saved_at=answer.saved_at,
        saved_by_id=answer.saved_by_id,
        saved_by_name=answer.saved_by_name,
    )
    answer.value, answer.version = value, answer.version + 1
    answer.saved_at, answer.saved_by_id, answer.saved_by_name = at, by.person_id, by.name
    answer.save(update_fields=["value", "version", "saved_at", "saved_by_id", "saved_by_name"])
