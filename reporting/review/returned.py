"""A workbook that came back by mail: told apart from wrong ones, read, put right. `behalf` files it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.documents import found
from minori.documents.answerbook import keys as book_keys
from minori.documents.answerbook import reading, words
from minori.documents.answerbook.keys import Keys
from minori.documents.answerbook.layout import pages_of
from minori.documents.answerbook.noticing import BLOCKING, PROPOSING, Told
from minori.documents.answerbook.reading import Read
from minori.documents.found import Form, Found
from minori.documents.grids import read_workbook
from minori.filings.models import Filing
from minori.filings.stepping import NotPossibleNow
from minori.programmes.models import Deadline, Grant
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, RowAnswer
from minori.report_forms.completeness import Findings, check
from minori.report_forms.contents import Attachment, Contents, compose
from minori.report_forms.edition import Field, Kind
from minori.report_forms.grids import Grid
from minori.report_forms.parts import ATTACHMENTS
from minori.report_forms.texts import clean as clean_text
from reporting.review import sent_files, workbooks
from reporting.review.models import ReturnedWorkbook, SentFile
from reporting.review.workbooks import Ground

LARGEST = 10
"""Megabytes of a workbook."""

LONGEST_NAME = 200


class WrongWorkbook(ValueError):  # noqa: N818 - shown to people as a sentence
    """The file is no workbook of this report; `str()` says which it is."""


class AnotherWorkbook(NotPossibleNow):
    """What a person decided was about a file that does not stand there any more."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing noticed in the workbook: in words, with its cell; `anchor` is the part, `blocks` until it is decided.

    `proposes`: what was seemingly meant can be taken with one press.
    """

    text: str
    where: str
    anchor: str
    blocks: bool
    proposes: bool = False


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A returned workbook as it would be filed.

    `keys` is what the file says of itself. Rows and answers are those of the workbook with what an officer put right.
    """

    returned: ReturnedWorkbook
    deadline: Deadline
    ground: Ground
    keys: Keys
    read: Read
    rows: Mapping[UUID, RowAnswer]
    answers: Mapping[str, Answer]
    files: tuple[Attachment, ...]

    @cached_property
    def contents(self) -> Contents:
        """The report as it would be filed."""
        filled = self.ground.asked.filled
        return compose(
            edition=self.ground.asked.edition,
            head=filled.head,
            framework_number=filled.framework_number,
            framework=filled.framework,
            rows=self.rows.values(),
            answers=self.answers,
            attachments=(*filled.attachments, *self.files),
        )

    @cached_property
    def findings(self) -> Findings:
        """What stands in the way of filing, as where the organization types it itself."""
        made = self.contents
        return check(
            edition=self.ground.asked.edition,
            framework=made.framework,
            rows=made.rows,
            answers=made.answers,
            attachments=made.attachments,
        )

    @property
    def seen(self) -> str:
        """What would be filed, in short: the page posts it back, so that nobody files what they have not read."""
        return self.contents.content_hash()

    @property
    def changed(self) -> frozenset[str]:
        """The anchors that differ from what the workbook was filled in with."""
        filled = self.ground.asked.filled
        rows = {str(row.row) for row in self.contents.rows if row != filled.row_answer(row.row)}
        return frozenset(
            rows | {key for key, one in self.contents.answers.items() if one != filled.answers.get(key)}
        )

    def noticed(self) -> list[Noticed]:
        """Everything to know about the reading, what blocks first. In the language of the page."""
        said = [_noticed(one, self.returned.corrected, self.read.proposed) for one in self.read.told]
        return sorted([*self._of_the_file(), *said], key=lambda one: not one.blocks)

    def _of_the_file(self) -> Iterator[Noticed]:
        now = self.ground.asked.keys
        if self.keys.framework != now.framework:
            text = _(
                "The workbook was made of version %(then)s of the plan; version %(now)s counts now. Rows that live on were"
                " read; new ones are blank."
            )
            yield Noticed(text % {"then": self.keys.framework, "now": now.framework}, "", "", blocks=False)
        if self.keys.revision != now.revision:
            text = _(
                "The workbook was made before the report was handed in or sent back. "
                "Only what was sent back is taken from it."
            )
            yield Noticed(text, "", "", blocks=False)
        if (self.keys.edition, self.keys.edition_version) != (now.edition, now.edition_version):
            text = _(
                "The workbook was made for another form. Questions that both ask were read; please look closely."
            )
            yield Noticed(text, "", "", blocks=False)

    def problems(self, language: str) -> list[tuple[Found, str]]:
        """What stands in the way, each with its cell."""
        form = Form(self.ground.asked.edition, self.contents.framework, language)
        return [(one, self.place(one)) for one in found.sentences(form, self.findings.problems)]

    def warnings(self, language: str) -> list[tuple[Found, str]]:
        """What is worth a second look, each with its cell."""
        form = Form(self.ground.asked.edition, self.contents.framework, language)
        return [(one, self.place(one)) for one in found.sentences(form, self.findings.warnings)]

    def place(self, one: Found) -> str:
        """The cell that a finding is about, "" where it is about none."""
        place = self.read.places.get(str(one.finding.anchor))
        return str(place) if place else ""

    @property
    def may_be_filed(self) -> bool:
        """Whether nothing stands in the way."""
        return self.findings.may_be_handed_in and not any(one.blocks for one in self.noticed())

    def takes_files(self) -> Field | None:
        """The field that files are added to; None where the form takes none, or they were not sent back."""
        fields = self.ground.asked.edition.fields_of(Kind.PHOTOS)
        return fields[0] if fields and ATTACHMENTS in self.ground.asked.opened else None


def _noticed(one: Told, corrected: Mapping[str, Any], proposed: Mapping[str, Any]) -> Noticed:
    undecided = one.anchor not in corrected
    return Noticed(
        words.sentence(one),
        str(one.place),
        one.anchor,
        blocks=undecided and one.tell in BLOCKING,
        proposes=undecided and one.tell in PROPOSING and one.anchor in proposed,
    )


def take(deadline: Deadline, *, data: bytes, filename: str, by: Actor, at: datetime) -> ReturnedWorkbook:
    """Take a workbook that came back; one that was being looked through before is put away, its files stay.

    Raises `FileRefused` for what is no sound workbook, `WrongWorkbook` for one of another report, `NotPossibleNow` where
    nothing can be filed now.
    """
    today = deadline.grant.programme.distributor.local_date(at)
    if why := workbooks.refusal(deadline, today=today):
        raise NotPossibleNow(why)
    grids = read_workbook(data)
    _must_be_of(deadline, grids)
    kept = {
        "filename": name_of(filename),
        "data": data,
        "sha256": hashlib.sha256(data).hexdigest(),
        "grids": [grid.to_json() for grid in grids],
        "corrected": {},
        "uploaded_at": at,
        "uploaded_by_id": by.person_id,
        "uploaded_by_name": by.name,
    }
    taken, _created = ReturnedWorkbook.objects.update_or_create(deadline=deadline, defaults=kept)
    return taken


def _must_be_of(deadline: Deadline, grids: Sequence[Grid]) -> None:
    try:
        keys = book_keys.keys_of(grids)
    except book_keys.NotOurs as error:
        raise WrongWorkbook(
            _(
                "This is another workbook: it was not made by Minori. "
                "Please choose the one that was sent out for this report."
            )
        ) from error
    except book_keys.Damaged as error:
        raise WrongWorkbook(
            _(
                "The hidden sheet of this workbook was changed, so nobody can say which report it is of. "
                "Please take a new one."
            )
        ) from error
    if keys.grant != deadline.grant.code:
        raise WrongWorkbook(
            _("This workbook was made for another project (%(code)s): %(title)s.")
            % {"code": keys.grant, "title": _title_of(deadline, keys.grant)}
        )
    if keys.round != deadline.round.number:
        raise WrongWorkbook(
            _("This workbook was made for another round: %(title)s.")
            % {"title": _round_of(deadline, keys.round)}
        )


def _title_of(deadline: Deadline, code: str) -> str:
    """The project's name where it is one of this distributor's own, else a dash: nobody is told of others'."""
    own = Grant.objects.filter(
        programme__distributor=deadline.grant.programme.distributor_id, code=code
    ).first()
    return own.title if own else "—"


def _round_of(deadline: Deadline, number: int) -> str:
    one = deadline.grant.programme.rounds.filter(number=number).first()
    return one.title if one else str(number)


@dataclass(frozen=True, slots=True)
class Before:
    """A revision that was filed from the very same file, and when it was recalled."""

    revision: int
    recalled_at: datetime | None


def filed_before(returned: ReturnedWorkbook) -> Before | None:
    """The newest revision of this report that was filed from the very same file; None where there is none."""
    recalls = Event.objects.filter(action=Action.RECALLED, filing_id=OuterRef("pk")).order_by("-pk")
    found = Filing.objects.filter(
        deadline=returned.deadline_id, on_behalf__original_sha256=returned.sha256
    ).annotate(recalled_at=Subquery(recalls.values("at")[:1]))
    newest = found.order_by("-revision").values_list("revision", "recalled_at").first()
    return Before(*newest) if newest else None


def of(deadline: Deadline) -> ReturnedWorkbook | None:
    """The workbook that is being looked through, without its bytes."""
    return ReturnedWorkbook.objects.filter(deadline=deadline).defer("data").first()


def look(returned: ReturnedWorkbook, deadline: Deadline) -> Looked:
    """The workbook as it would be filed, read anew against what stands now."""
    grids = tuple(Grid.from_json(item) for item in returned.grids)
    keys = book_keys.keys_of(grids)
    ground = workbooks.ground_of(deadline, language=keys.language)
    with translation.override(keys.language):
        pages = pages_of(ground.asked)
    read = reading.read(grids, pages, ground.asked)
    rows, answers = dict(read.rows), dict(read.answers)
    for anchor, value in returned.corrected.items():
        if anchor not in ground.asked.opened:
            continue
        if "row" in value and (row := RowAnswer.from_json(value)).row in rows:
            rows[row.row] = row
        elif "kind" in value and anchor in answers:
            answers[anchor] = answer_values.from_json(value)
    sent = SentFile.objects.filter(workbook=returned).defer("data", "preview").order_by("position")
    return Looked(
        returned=returned,
        deadline=deadline,
        ground=ground,
        keys=keys,
        read=read,
        rows=rows,
        answers=answers,
        files=tuple(sent_files.as_attachment(one) for one in sent),
    )


def correct(returned: ReturnedWorkbook, anchor: str, value: Mapping[str, Any]) -> None:
    """Keep what an officer put right at one place: an answer as JSON.

    Raises `AnotherWorkbook` where another file was read in the place of this one meanwhile, or it was filed or put away.
    """
    with transaction.atomic():
        locked = _held(returned)
        locked.corrected = {**locked.corrected, anchor: dict(value)}
        locked.save(update_fields=["corrected"])
    returned.corrected = locked.corrected


def discard(returned: ReturnedWorkbook) -> None:
    """Put a workbook away with the files that came along. Raises `AnotherWorkbook` as `correct` does."""
    with transaction.atomic():
        _held(returned).delete()


def _held(returned: ReturnedWorkbook) -> ReturnedWorkbook:
    """The workbook, locked, as long as it is the very file that a person looked at."""
    same = ReturnedWorkbook.objects.filter(pk=returned.pk, sha256=returned.sha256)
    held = same.select_for_update().defer("data").first()
    if held is None:
        raise AnotherWorkbook(
            _("Another workbook was read in the place of this one, or it was put away. Please look again.")
        )
    return held


def name_of(filename: str) -> str:
    """The file's own name without folders and unprintable letters, its ending kept when it is cut."""
    path = PurePath(clean_text(filename).replace("\n", " ").replace("\\", "/"))
    if len(path.name) <= LONGEST_NAME:
        return path.name or _("file")
    return path.name[: LONGEST_NAME - len(path.suffix[:10])] + path.suffix[:10]
