"""Answers put together from elsewhere (last time, another report, Excel): shown first, saved when somebody takes them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from minori.audit.trail import Actor
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import RowAnswer
from minori.report_forms.edition import Field
from minori.report_forms.shapes import Json
from tenants.reports import saving
from tenants.reports.drafts import WorkingCopy
from tenants.reports.saving import Given


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect that would change, in words; "" is nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One field or row as it would be saved: `version` is the save that it goes on from, `value` the whole answer."""

    key: str
    name: str
    version: int
    value: Json
    blank: Json
    differences: tuple[Difference, ...]

    @property
    def replaces(self) -> bool:
        """Whether something that stands there would be replaced."""
        return any(one.old for one in self.differences)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: the keys that were saved, and those that somebody changed meanwhile and that were left alone."""

    saved: tuple[str, ...]
    left: tuple[str, ...]


def for_row(
    copy: WorkingCopy, answer: RowAnswer, *, name: str, differences: Iterable[Difference]
) -> Proposed:
    """A row's answer as it would be."""
    key = str(answer.row)
    return Proposed(
        key=key,
        name=name,
        version=version_of(copy, key),
        value=answer.to_json(),
        blank=RowAnswer(answer.row).to_json(),
        differences=tuple(differences),
    )


def for_field(
    copy: WorkingCopy, field: Field, value: Json, *, name: str, differences: Iterable[Difference]
) -> Proposed:
    """A field's answer as it would be."""
    return Proposed(
        key=field.key,
        name=name,
        version=version_of(copy, field.key),
        value=value,
        blank=answer_values.to_json(answer_values.blank(field)),
        differences=tuple(differences),
    )


def version_of(copy: WorkingCopy, key: str) -> int:
    """How often a field or row was saved."""
    stored = copy.stored.get(key)
    return stored.version if stored else 0


def take(
    deadline_id: int,
    *,
    proposed: Iterable[Proposed],
    chosen: Collection[str],
    seen: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> Taken:
    """Save what was chosen (`saving.save_answers`); what stood there stays as a revision.

    `seen` are the saves that the person looked at, by key: where somebody has saved since, nothing is replaced.
    Raises `tenants.writing.NotOpen`.
    """
    wanted = [one for one in proposed if one.key in chosen]
    current = [one for one in wanted if seen.get(one.key) == one.version]
    given = {one.key: Given(value=one.value, blank=one.blank, version=one.version) for one in current}
    outcome = saving.save_answers(deadline_id, given=given, by=by, at=at)
    stale = {one.key for one in wanted} - {one.key for one in current}
    return Taken(saved=outcome.written, left=tuple(sorted(stale | outcome.conflicts.keys())))
