"""Finding the answers in a workbook that came back: by hidden keys, wherever the lines stand now. Nothing is guessed.

Read are the cells of `documents.tables`; what is doubtful is told with its place, all at once. What a person cannot have
meant to change (the plan, parts that were not sent back) is taken from what the workbook was made of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from minori.documents.answerbook.guessing import Guess, guess_of
from minori.documents.answerbook.keys import SHEET
from minori.documents.answerbook.layout import LONGEST_CELL, OURS, Asked, Page, Slot, Slotted
from minori.documents.answerbook.noticing import BLOCKING, PROPOSING, Place, Tell, Told
from minori.documents.answerbook.telling import choice_of, day_of, is_error, is_marked, same
from minori.documents.results import names_of
from minori.report_forms.answers import (
    YES,
    Answer,
    Posted,
    Progress,
    RowAnswer,
    blank,
    nothing_name,
    parse,
    parse_row,
    row_name,
    to_json,
)
from minori.report_forms.edition import Field, Kind
from minori.report_forms.grids import Cell, Grid, Hint, column_letters
from minori.report_forms.shapes import Json

_SECTION = "minori:section:"
MOST_OF_A_KIND = 50
"""The same thing is told of one part, or of the whole file, at most so often in a row: by then it is understood."""
_CELLS = ("text", "progress", "remark", "nothing", "covers")


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a workbook says.

    `rows` and `answers` are those of the whole form; where the workbook had no line for one, as it was filled in.
    `changed` are the anchors that differ from what it was filled in with, `places` the cells of every anchor.
    `proposed` are answers as JSON, by anchor, as a person seems to have meant them; nothing of it is in the answers.
    """

    rows: Mapping[UUID, RowAnswer]
    answers: Mapping[str, Answer]
    told: tuple[Told, ...]
    changed: frozenset[str]
    places: Mapping[str, Place]
    proposed: Mapping[str, Json]

    @property
    def undecided(self) -> frozenset[str]:
        """The anchors where nobody can say what was meant."""
        return frozenset(one.anchor for one in self.told if one.tell in BLOCKING)


def read(grids: Sequence[Grid], pages: Sequence[Page], asked: Asked) -> Read:
    """The answers of a workbook for the report that `pages` were laid out for."""
    return _Reading(grids, pages, asked).read()


@dataclass
class _Sheet:
    """One sheet of ours as it came back: where its keys and columns stand."""

    grid: Grid
    section: str
    head: Cell

    @cached_property
    def columns(self) -> dict[str, int]:
        """The columns by their key."""
        cells = self.grid.beginning_in(self.head.row)
        return {cell.text.strip(): cell.column for cell in cells if cell.column > self.head.column}

    @cached_property
    def lines(self) -> dict[str, list[int]]:
        """The lines by their key, in order."""
        found: dict[str, list[int]] = {}
        for cell in self.grid.cells:
            if cell.column == self.head.column and cell.row > self.head.row:
                found.setdefault(cell.text.strip(), []).append(cell.row)
        return found

    def place(self, row: int, column: int) -> Place:
        return Place(sheet=self.grid.name, address=f"{column_letters(column)}{row + 1}")

    def keyed_rows(self) -> frozenset[int]:
        return frozenset(row for rows in self.lines.values() for row in rows)


@dataclass
class _Reading:
    grids: Sequence[Grid]
    pages: Sequence[Page]
    asked: Asked
    told: list[Told] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    proposed: dict[str, Json] = field(default_factory=dict)
    guess: Guess | None = None  # of the cell that was read last

    def read(self) -> Read:
        filled = self.asked.filled
        rows = {answer.row: answer for answer in filled.rows}
        answers = dict(filled.answers)
        sheets = {one.section: one for one in self.sheets()}
        for page in self.pages:
            sheet = sheets.get(page.key)
            if sheet is None:
                self.tell(Tell.SHEET_MISSING, "", Place(sheet=page.title), page.title)
                continue
            rows |= self.rows_of(sheet, page)
            answers |= self.answers_of(sheet, page)
            self.strangers(sheet, page)
        changed = {str(uuid) for uuid, answer in rows.items() if answer != filled.row_answer(uuid)}
        changed |= {key for key, answer in answers.items() if answer != filled.answers.get(key)}
        return Read(
            rows=rows,
            answers=answers,
            told=tuple(self.told),
            changed=frozenset(changed),
            places=self.places,
            proposed=self._proposals(),
        )

    def _proposals(self) -> dict[str, Json]:
        """What can be taken with one press: where nothing else at the place is to be decided."""
        others = {one.anchor for one in self.told if one.tell in BLOCKING - PROPOSING}
        return {anchor: value for anchor, value in self.proposed.items() if anchor not in others}

    def tell(self, tell: Tell, anchor: str, place: Place, found: str = "") -> None:
        if (
            sum((one.tell, one.anchor) == (tell, anchor) for one in self.told[-MOST_OF_A_KIND:])
            < MOST_OF_A_KIND
        ):
            self.told.append(Told(tell=tell, anchor=anchor, place=place, found=found))

    def sheets(self) -> Iterator[_Sheet]:
        for grid in self.grids:
            head = next((cell for cell in grid.cells if cell.text.startswith(_SECTION)), None)
            if head is not None and grid.name != SHEET:
                yield _Sheet(grid=grid, section=head.text.removeprefix(_SECTION).strip(), head=head)

    # rows of the plan

    def rows_of(self, sheet: _Sheet, page: Page) -> dict[UUID, RowAnswer]:
        expected = {row.anchor: row for table in page.tables for row in table.rows}
        standing = self.standing(sheet, {anchor: row.row.statement for anchor, row in expected.items()})
        found: dict[UUID, RowAnswer] = {}
        for anchor, row in expected.items():
            lines = standing.get(anchor, [])
            if not lines:
                self.tell(Tell.ROW_MISSING, anchor, Place(sheet=sheet.grid.name), row.row.name)
                continue
            if len(lines) > 1:
                self.tell(
                    Tell.ROW_TWICE,
                    anchor,
                    sheet.place(lines[1], sheet.columns.get("statement", 1)),
                    row.row.name,
                )
            uuid = row.row.uuid
            answer = self.row_answer(sheet, lines[0], uuid, row.cells)
            self.places[anchor] = sheet.place(lines[0], sheet.columns.get("text", 1))
            before = self.asked.filled.row_answer(uuid) or RowAnswer(uuid)
            if any(cell.locked for cell in row.cells.values()):
                if answer != before and anchor not in self.asked.opened:
                    self.tell(Tell.CLOSED, anchor, self.places[anchor], row.row.name)
                answer = before
            found[uuid] = answer
        return found

    def standing(self, sheet: _Sheet, statements: Mapping[str, str]) -> dict[str, list[int]]:
        """The lines of each row: by its key, unless the words of another row stand beside (sorted without the keys)."""
        by_words: dict[str, list[str]] = {}
        for anchor, statement in statements.items():
            by_words.setdefault(same(statement), []).append(anchor)
        column = sheet.columns.get("statement")
        found: dict[str, list[int]] = {}
        moved = False
        for anchor in statements:
            for line in sheet.lines.get(anchor, ()):
                cell = sheet.grid.at(line, column) if column is not None else None
                words = cell.text if cell else ""
                meant = by_words.get(same(words), [])
                if words and anchor not in meant:
                    place = sheet.place(line, column or 1)
                    if len(meant) == 1:
                        moved = True
                        found.setdefault(meant[0], []).append(line)
                        continue
                    self.tell(Tell.PLAN_CHANGED, anchor, place, words)
                found.setdefault(anchor, []).append(line)
        if moved:
            self.tell(Tell.SORTED, "", Place(sheet=sheet.grid.name))
        return found

    def row_answer(self, sheet: _Sheet, line: int, uuid: UUID, cells: Mapping[str, Slotted]) -> RowAnswer:
        anchor = str(uuid)
        posted: dict[str, list[str]] = {}
        meant: dict[str, list[str]] = {}
        for name in _CELLS:
            text = self.text(sheet, line, name, anchor, cells[name])
            posted[row_name(uuid, name)] = (
                self.covered(text, anchor, sheet, line) if name == "covers" else [text]
            )
            if self.guess is not None:
                meant[row_name(uuid, name)] = [self.guess.value]
                meant |= {row_name(uuid, "nothing"): [YES]} if self.guess.nothing else {}
        code = posted[row_name(uuid, "progress")][0]
        posted[row_name(uuid, "progress")] = [code if code in {str(one.value) for one in Progress} else ""]
        if meant and anchor in self.asked.opened:
            self.proposed[anchor] = parse_row(uuid, posted | meant).to_json()
        return parse_row(uuid, posted)

    def covered(self, text: str, anchor: str, sheet: _Sheet, line: int) -> list[str]:
        """The rows that are named, by their short names or UUIDs of the plan."""
        names = {same(name): uuid for uuid, name in names_of(self.asked.filled.framework).items()}
        found = []
        for word in text.replace("、", ",").replace("，", ",").replace("\n", ",").split(","):
            if not word.strip():
                continue
            uuid = names.get(same(word))
            if uuid is None:
                self.tell(
                    Tell.COVERS_UNKNOWN, anchor, sheet.place(line, sheet.columns["covers"]), word.strip()
                )
            else:
                found.append(str(uuid))
        return found

    # questions

    def answers_of(self, sheet: _Sheet, page: Page) -> dict[str, Answer]:
        fields = {line.anchor: self.asked.edition.field(line.anchor) for line in page.lines}
        found: dict[str, Answer] = {}
        for key, asked in fields.items():
            lines = [line for line in page.lines if line.anchor == key and line.slotted is not None]
            missing = [line for line in lines if line.name not in sheet.lines]
            if missing:
                self.tell(Tell.QUESTION_MISSING, key, Place(sheet=sheet.grid.name), missing[0].label)
                continue
            posted: dict[str, list[str]] = {}
            meant: dict[str, list[str]] = {}
            for line in lines:
                at = sheet.lines[line.name]
                if len(at) > 1:
                    self.tell(
                        Tell.ROW_TWICE, key, sheet.place(at[1], sheet.columns.get("answer", 1)), line.label
                    )
                assert line.slotted is not None
                text = self.text(sheet, at[0], "answer", key, line.slotted, asked=asked)
                name, _equals, value = line.name.partition("=")
                if value:
                    posted.setdefault(name, []).extend([value] if text else [])
                else:
                    posted[name] = [text]
                if self.guess is not None:
                    meant[name] = [self.guess.value]
                    meant |= {nothing_name(asked): [YES]} if self.guess.nothing else {}
                self.places.setdefault(key, sheet.place(at[0], sheet.columns.get("answer", 2)))
            if meant and key in self.asked.opened:
                self.proposed[key] = to_json(parse(asked, posted | meant))
            found[key] = self.answer(
                asked, posted, locked=any(one.slotted and one.slotted.locked for one in lines)
            )
        return found

    def answer(self, asked: Field, posted: Posted, *, locked: bool) -> Answer:
        given = parse(asked, posted)
        before = self.asked.filled.answers.get(asked.key, blank(asked))
        if locked:
            if given != before and asked.key not in self.asked.opened:
                self.tell(Tell.CLOSED, asked.key, self.places[asked.key])
            return before
        return given

    # cells

    def text(
        self,
        sheet: _Sheet,
        line: int,
        name: str,
        anchor: str,
        slotted: Slotted,
        *,
        asked: Field | None = None,
    ) -> str:
        """What a cell says, as a page would post it; `guess` is what it seems to mean where it says something else."""
        self.guess = None
        column = sheet.columns.get(name, sheet.columns.get("text") if name == "answer" else None)
        if column is None:
            self.tell(Tell.QUESTION_MISSING, anchor, Place(sheet=sheet.grid.name), name)
            return slotted.value if slotted.slot != Slot.PICK else ""
        cell = sheet.grid.at(line, column)
        if cell is None:
            return ""
        place = sheet.place(line, column)
        if (cell.row, cell.column) != (line, column):
            if cell.column != sheet.head.column:
                self.tell(Tell.MERGED, anchor, place)
            return ""
        if cell.hint == Hint.FORMULA and (is_error(cell.text) or not cell.text.strip()):
            self.tell(Tell.FORMULA_FAILED, anchor, place, cell.text)
            return ""
        if cell.hint is not None:
            self.tell(Tell.FORMULA if cell.hint == Hint.FORMULA else Tell.FORMAT, anchor, place, cell.text)
        if len(cell.text) >= LONGEST_CELL:
            self.tell(Tell.CUT_OFF, anchor, place)
        return self.valued(cell.text, name, slotted, asked, anchor=anchor, place=place)

    def valued(
        self, text: str, name: str, slotted: Slotted, asked: Field | None, *, anchor: str, place: Place
    ) -> str:
        """A text as its input is posted; where it is none of the choices that is told, with what it seems to mean."""
        value = _value(text, name, slotted, asked)
        if slotted.locked:
            return value or ""
        self.guess = guess_of(
            text, name, slotted, asked, is_read=value is not None, language=self.asked.language
        )
        if value is None:
            tell = Tell.CHOICE_PROPOSED if self.guess else Tell.NOT_A_CHOICE
            self.told.append(
                Told(
                    tell=tell,
                    anchor=anchor,
                    place=place,
                    found=text,
                    meant=self.guess.meant if self.guess else "",
                )
            )
        elif self.guess is not None:
            self.tell(Tell.NOTHING_PROPOSED, anchor, place, text)
        return value or ""

    def strangers(self, sheet: _Sheet, page: Page) -> None:
        """Lines that are not ours with words where answers stand, and lines of rows that the plan does not have now."""
        known = (
            {row.anchor for table in page.tables for row in table.rows}
            | {one.name for one in page.lines}
            | {OURS}
        )
        answers = [sheet.columns[name] for name in (*_CELLS, "answer") if name in sheet.columns]
        for key, lines in sheet.lines.items():
            if key in known:
                continue
            for line in lines:
                texts = [cell.text for cell in sheet.grid.beginning_in(line) if cell.column in answers]
                if any(text.strip() for text in texts):
                    self.tell(Tell.ROW_UNKNOWN, "", sheet.place(line, answers[0]), " ".join(texts)[:60])
        keyed = sheet.keyed_rows() | {sheet.head.row}
        for cell in sheet.grid.cells:
            if cell.row not in keyed and cell.column in answers and cell.text.strip():
                self.tell(Tell.NOT_ASKED, "", sheet.place(cell.row, cell.column), cell.text[:60])


def _value(text: str, name: str, slotted: Slotted, asked: Field | None) -> str | None:
    """A text as its input is posted; None where nobody can tell what was chosen."""
    if slotted.slot == Slot.MARK:
        marked = is_marked(text)
        return None if marked is None else YES if marked else ""
    if slotted.slot == Slot.PICK:
        chosen = _code_of(text) if name == "progress" else choice_of(asked, text) if asked else None
        return None if chosen is None and text.strip() else chosen or ""
    if asked is not None and asked.kind == Kind.DATE and slotted.slot == Slot.SHORT:
        return day_of(text)
    return text


def _code_of(text: str) -> str | None:
    """The code of a progress: its number, or its words in either language."""
    said = same(text)
    for code in Progress:
        words = {same(code.label.say(language)) for language in ("ja", "en")}
        whole = {same(f"{code.value} {code.label.say(language)}") for language in ("ja", "en")}
        if said in words | whole | {str(code.value)}:
            return str(code.value)
    return None
