"""What stands in the way of handing in, what is worth a second look, and how far a report has come."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from minori.report_forms.answers import (
    Answer,
    Progress,
    RowAnswer,
    Written,
    is_answerable,
    is_asked,
    is_blank,
    is_untouched,
    read_day,
    read_number,
    values_of,
)
from minori.report_forms.contents import Attachment, Rights
from minori.report_forms.drafts import Draft, draft_of
from minori.report_forms.edition import Edition, Field, Kind, Section
from minori.report_forms.framework import Framework, Row
from minori.report_forms.names import find_names
from minori.report_forms.texts import is_clean, is_empty

MEGABYTE = 1024 * 1024


class FindingCode(StrEnum):
    """What was found; the words for people are made where they are shown."""

    # problems
    REQUIRED_BLANK = "required_blank"
    FRAMEWORK_MISSING = "framework_missing"
    NOTHING_REPORTED = "nothing_reported"
    REASON_MISSING = "reason_missing"
    TEXT_TOO_LONG = "text_too_long"
    REMARK_TOO_LONG = "remark_too_long"
    CHOICE_UNKNOWN = "choice_unknown"
    CHOICE_TEXT_MISSING = "choice_text_missing"
    NONE_WITH_OTHERS = "none_with_others"
    NO_NUMBER = "no_number"
    NUMBER_TOO_SMALL = "number_too_small"
    NUMBER_TOO_LARGE = "number_too_large"
    NO_DAY = "no_day"
    DAY_TOO_EARLY = "day_too_early"
    TEXT_UNSTORABLE = "text_unstorable"
    NOTHING_WITH_TEXT = "nothing_with_text"
    COVER_WITHOUT_CODE = "cover_without_code"
    COVER_UNKNOWN_ROW = "cover_unknown_row"
    COVERED_TWICE = "covered_twice"
    TOO_MANY_PHOTOS = "too_many_photos"
    PHOTO_TOO_LARGE = "photo_too_large"
    # warnings
    PROGRESS_BLANK = "progress_blank"
    ROW_TEXT_BLANK = "row_text_blank"
    ROW_UNTOUCHED = "row_untouched"
    ROW_GONE = "row_gone"
    NO_ROWS = "no_rows"
    COVERED_WITH_OWN_CODE = "covered_with_own_code"
    POSSIBLE_NAME = "possible_name"
    PHOTOS_ABOVE_RECOMMENDED = "photos_above_recommended"
    RIGHTS_UNSAID = "rights_unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, in a section, at a field (its key) or at a row (its UUID).

    `params` are the facts for the sentence: label-free numbers and words, e.g. `limit`, `length`,
    `found`, `start`, `end`, `code`, `value`.
    """

    code: FindingCode
    section: str
    anchor: str | UUID
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems stand in the way of handing in; warnings never do."""

    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def may_be_handed_in(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.problems


class SectionState(StrEnum):
    """未着手, 入力中, 入力済み; that something was sent back is known elsewhere."""

    UNTOUCHED = "untouched"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Count:
    """「8 / 10 入力済み」: sections done of those that count; optional ones count once begun."""

    done: int
    of: int


_WARNINGS = frozenset(
    {
        FindingCode.PROGRESS_BLANK,
        FindingCode.ROW_TEXT_BLANK,
        FindingCode.ROW_UNTOUCHED,
        FindingCode.ROW_GONE,
        FindingCode.NO_ROWS,
        FindingCode.COVERED_WITH_OWN_CODE,
        FindingCode.POSSIBLE_NAME,
        FindingCode.PHOTOS_ABOVE_RECOMMENDED,
        FindingCode.RIGHTS_UNSAID,
    }
)


def check(
    *,
    edition: Edition,
    framework: Framework | None,
    rows: Iterable[RowAnswer],
    answers: Mapping[str, Answer],
    attachments: Iterable[Attachment] = (),
) -> Findings:
    """Everything found in a report, in the order of the form.

    A blank progress code is a warning and never a barrier: the official form leaves it free and real
    reports have blanks (domain.md, "The report of the seed"). Code 4 needs its reason.
    """
    draft = draft_of(
        edition=edition, framework=framework, rows=rows, answers=answers, attachments=attachments
    )
    found = [finding for section in edition.sections for finding in _check_section(draft, section)]
    return Findings(
        problems=tuple(finding for finding in found if finding.code not in _WARNINGS),
        warnings=tuple(finding for finding in found if finding.code in _WARNINGS),
    )


def _check_section(draft: Draft, section: Section) -> Iterator[Finding]:
    for asked in section.fields:
        for code, anchor, params in _check_field(draft, asked):
            yield Finding(code=code, section=section.key, anchor=anchor, params=params)


_Found = Iterator[tuple[FindingCode, str | UUID, Mapping[str, str | int]]]


def _check_field(draft: Draft, asked: Field) -> _Found:
    match asked.kind:
        case Kind.HEAD:
            return iter(())
        case Kind.RESULTS:
            return _check_results(draft, asked)
        case Kind.PHOTOS:
            return _check_photos(draft, asked)
        case _:
            return _check_answer(draft, asked)


def _check_answer(draft: Draft, asked: Field) -> _Found:
    if not is_asked(draft.edition, asked, draft.answers):
        return
    answer = draft.answer(asked)
    if asked.required and is_blank(answer):
        yield FindingCode.REQUIRED_BLANK, asked.key, {}
    yield from _check_choices(asked, answer)
    if not is_empty(answer.text):
        yield from _check_number(asked, answer.text)
        yield from _check_day(draft, asked, answer.text)
    if isinstance(answer, Written) and answer.nothing and not is_empty(answer.text):
        yield FindingCode.NOTHING_WITH_TEXT, asked.key, {}
    yield from _check_text(asked.key, answer.text, asked.max_length, FindingCode.TEXT_TOO_LONG)


def _check_choices(asked: Field, answer: Answer) -> _Found:
    values = values_of(answer)
    for value in values:
        choice = asked.choice(value)
        if choice is None:
            yield FindingCode.CHOICE_UNKNOWN, asked.key, {"value": value}
        elif choice.wants_text and is_empty(answer.text):
            yield FindingCode.CHOICE_TEXT_MISSING, asked.key, {"value": value}
        elif choice.exclusive and len(values) > 1:
            yield FindingCode.NONE_WITH_OTHERS, asked.key, {"value": value}


def _check_number(asked: Field, text: str) -> _Found:
    if asked.kind != Kind.NUMBER:
        return
    number = read_number(asked, text)
    if number is None:
        yield FindingCode.NO_NUMBER, asked.key, {"found": text}
    elif asked.minimum is not None and number < asked.minimum:
        yield FindingCode.NUMBER_TOO_SMALL, asked.key, {"limit": asked.minimum}
    elif asked.maximum is not None and number > asked.maximum:
        yield FindingCode.NUMBER_TOO_LARGE, asked.key, {"limit": asked.maximum}


def _check_day(draft: Draft, asked: Field, text: str) -> _Found:
    if asked.kind != Kind.DATE:
        return
    day = read_day(text)
    if day is None:
        yield FindingCode.NO_DAY, asked.key, {"found": text}
    elif asked.not_before:
        first = read_day(draft.answer(draft.edition.field(asked.not_before)).text)
        if first is not None and day < first:
            yield FindingCode.DAY_TOO_EARLY, asked.key, {"found": first.isoformat()}


def _check_text(anchor: str | UUID, text: str, limit: int | None, too_long: FindingCode) -> _Found:
    if limit is not None and len(text) > limit:
        yield too_long, anchor, {"limit": limit, "length": len(text)}
    if not is_clean(text):
        yield FindingCode.TEXT_UNSTORABLE, anchor, {}
    for name in find_names(text):
        yield FindingCode.POSSIBLE_NAME, anchor, {"found": name.found, "start": name.start, "end": name.end}


def _check_results(draft: Draft, asked: Field) -> _Found:
    rows = draft.rows_of(asked)
    if not rows:
        if asked.required:
            missing = not draft.framework
            yield FindingCode.FRAMEWORK_MISSING if missing else FindingCode.NO_ROWS, asked.key, {}
    elif asked.required and all(draft.row_answer(row).is_untouched for row in rows):
        yield FindingCode.NOTHING_REPORTED, asked.key, {}
    for row in rows:
        yield from _check_row(draft, asked, row)
    if asked is draft.edition.fields_of(Kind.RESULTS)[-1]:
        known = {row.uuid for row in draft.all_rows}
        for uuid, answer in draft.rows.items():
            if uuid not in known and not answer.is_untouched:
                yield FindingCode.ROW_GONE, uuid, {}


def _check_row(draft: Draft, asked: Field, row: Row) -> _Found:
    answer = draft.row_answer(row)
    is_covered = row.uuid in draft.covered
    if answer.progress == Progress.OTHER and is_empty(answer.remark):
        yield FindingCode.REASON_MISSING, row.uuid, {"code": row.code}
    if answer.nothing and not is_empty(answer.text):
        yield FindingCode.NOTHING_WITH_TEXT, row.uuid, {"code": row.code}
    yield from _check_text(row.uuid, answer.text, asked.max_length, FindingCode.TEXT_TOO_LONG)
    yield from _check_text(row.uuid, answer.remark, asked.remark_max_length, FindingCode.REMARK_TOO_LONG)
    yield from _check_covers(draft, answer)
    if answer.progress is not None and is_covered:
        yield FindingCode.COVERED_WITH_OWN_CODE, row.uuid, {"code": row.code}
    yield from _check_blanks(row, answer, is_covered=is_covered)


def _check_blanks(row: Row, answer: RowAnswer, *, is_covered: bool) -> _Found:
    if answer.is_untouched:
        if not is_covered:
            yield FindingCode.ROW_UNTOUCHED, row.uuid, {"code": row.code}
        return
    if not answer.has_words:
        yield FindingCode.ROW_TEXT_BLANK, row.uuid, {"code": row.code}
    if answer.nothing:
        return
    if answer.progress is None and not is_covered:
        yield FindingCode.PROGRESS_BLANK, row.uuid, {"code": row.code}


def _check_covers(draft: Draft, answer: RowAnswer) -> _Found:
    if answer.covers and answer.progress is None:
        yield FindingCode.COVER_WITHOUT_CODE, answer.row, {}
    known = {row.uuid for row in draft.all_rows}
    for row in answer.covers:
        if row not in known or row == answer.row:
            yield FindingCode.COVER_UNKNOWN_ROW, answer.row, {"row": str(row)}
        elif draft.covered.get(row, answer.row) != answer.row:
            yield FindingCode.COVERED_TWICE, answer.row, {"row": str(row)}


def _check_photos(draft: Draft, asked: Field) -> _Found:
    count = len(draft.attachments)
    photos = [one for one in draft.attachments if one.is_photo and one.row is None]
    if asked.required and count == 0:
        yield FindingCode.REQUIRED_BLANK, asked.key, {}
    if asked.max_count is not None and count > asked.max_count:
        yield FindingCode.TOO_MANY_PHOTOS, asked.key, {"limit": asked.max_count, "count": count}
    elif asked.recommended_max is not None and len(photos) > asked.recommended_max:
        yield (
            FindingCode.PHOTOS_ABOVE_RECOMMENDED,
            asked.key,
            {"limit": asked.recommended_max, "count": len(photos)},
        )
    unsaid = sum(one.rights == Rights.UNSAID for one in draft.attachments)
    if unsaid:
        yield FindingCode.RIGHTS_UNSAID, asked.key, {"count": unsaid}
    for one in draft.attachments:
        limit = asked.paper_megabytes if one.is_photo else asked.max_megabytes
        if limit is not None and one.size > limit * MEGABYTE:
            yield FindingCode.PHOTO_TOO_LARGE, asked.key, {"limit": limit, "found": one.filename}
        for name in find_names(one.caption):
            yield (
                FindingCode.POSSIBLE_NAME,
                asked.key,
                {"found": name.found, "start": name.start, "end": name.end},
            )


def state_of(draft: Draft, section: Section) -> SectionState:
    """How far a section has come; a head is done from the beginning, it is filled from the register.

    Results are done when every row has its text and a code of its own or over it: a blank code may be
    handed in, but it is not finished.
    """
    asked = [each for each in section.fields if is_asked(draft.edition, each, draft.answers)]
    if not any(_is_begun(draft, each) for each in asked):
        return SectionState.UNTOUCHED
    has_problems = any(finding.code not in _WARNINGS for finding in _check_section(draft, section))
    finished = not has_problems and all(_is_finished(draft, each) for each in asked)
    return SectionState.DONE if finished else SectionState.STARTED


def row_state(draft: Draft, row: Row) -> SectionState:
    """How far one row of a draft has come."""
    return state_of_row(draft.row_answer(row), covered=row.uuid in draft.covered)


def state_of_row(answer: RowAnswer, *, covered: bool) -> SectionState:
    """How far one row has come: begun with anything, done with its text and a code (or one over it).

    "Nothing to report in this round" is a whole answer: it wants no code, but may not stand beside a text.
    """
    if answer.is_untouched and not covered:
        return SectionState.UNTOUCHED
    has_reason = answer.progress != Progress.OTHER or not is_empty(answer.remark)
    if answer.nothing:
        done = is_empty(answer.text) and has_reason
    else:
        done = not is_empty(answer.text) and (answer.progress is not None or covered) and has_reason
    return SectionState.DONE if done else SectionState.STARTED


def count_of(draft: Draft) -> Count:
    """How many sections are done of those that count; an optional one counts once it is begun."""
    states = [(section, state_of(draft, section)) for section in draft.edition.sections]
    counting = [state for section, state in states if _counts(section) or state != SectionState.UNTOUCHED]
    return Count(done=counting.count(SectionState.DONE), of=len(counting))


def _counts(section: Section) -> bool:
    return not section.is_optional or any(asked.kind == Kind.HEAD for asked in section.fields)


def _is_begun(draft: Draft, asked: Field) -> bool:
    match asked.kind:
        case Kind.HEAD:
            return True
        case Kind.RESULTS:
            rows = draft.rows_of(asked)
            nothing_to_ask = bool(draft.framework) and not rows
            return nothing_to_ask or any(not draft.row_answer(row).is_untouched for row in rows)
        case Kind.PHOTOS:
            return bool(draft.attachments)
        case _:
            return not is_untouched(draft.answer(asked))


def _is_finished(draft: Draft, asked: Field) -> bool:
    """Whether nothing of a field is still to come; an optional one may stay untouched."""
    if asked.kind == Kind.RESULTS:
        return all(row_state(draft, row) == SectionState.DONE for row in draft.rows_of(asked))
    if not is_answerable(asked):
        return True
    answer = draft.answer(asked)
    return not is_blank(answer) or (not asked.required and is_untouched(answer))
