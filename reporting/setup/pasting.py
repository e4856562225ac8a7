"""Organizations, grants and people pasted from Excel: read, checked against what is known, told with line and cell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minori.accounts.enums import Role
from minori.accounts.models import Person
from minori.audit.trail import Actor
from minori.organizations.models import Organization
from minori.programmes.calendar import sane_day
from minori.programmes.models import CODE, Grant, Programme
from minori.registry.words import why_no_table
from minori.report_forms.pasted import Line, NotATable, name_of, read_day, read_table
from minori.report_forms.texts import one_line
from reporting.setup.grants import GrantFacts, Invitee, NewOrganization, set_up


class Column(StrEnum):
    """What can stand in a column; the value is our heading."""

    NAME = "団体名"
    KANA = "かな"
    SLUG = "slug"
    TITLE = "事業名"
    CODE = "事業コード"
    STARTS_ON = "開始"
    ENDS_ON = "終了"
    EMAIL = "担当者メール"
    PERSON = "氏名"
    ROLE = "役割"
    MID_TERM_ON = "中間評価"
    EX_POST_ON = "事後評価"


ORDER = tuple(Column)
_ENGLISH = {
    Column.NAME: "organization",
    Column.KANA: "kana",
    Column.SLUG: "slug",
    Column.TITLE: "project title",
    Column.CODE: "project code",
    Column.STARTS_ON: "starts on",
    Column.ENDS_ON: "ends on",
    Column.EMAIL: "e-mail",
    Column.PERSON: "person",
    Column.ROLE: "role",
    Column.MID_TERM_ON: "mid-term evaluation",
    Column.EX_POST_ON: "ex-post evaluation",
}


def heading(column: Column, language: str) -> str:
    """The heading of a column in the language of the page; every heading is read in every language."""
    return column.value if language.startswith("ja") else _ENGLISH[column]


_PERSON = (Column.EMAIL, Column.PERSON, Column.ROLE)
_GRANT = tuple(column for column in ORDER if column not in _PERSON)
_LONGEST = {Column.NAME: 200, Column.KANA: 200, Column.SLUG: 40, Column.TITLE: 300, Column.CODE: 60}
_HEADINGS = {name_of(said): column for column in Column for said in (column.value, _ENGLISH[column])} | {
    name_of(other): column
    for column, others in {
        Column.NAME: ("団体", "実行団体", "実行団体名"),
        Column.KANA: ("団体名かな", "ふりがな", "フリガナ", "カナ"),
        Column.SLUG: ("アドレス", "address"),
        Column.CODE: ("コード",),
        Column.STARTS_ON: ("開始日", "事業開始"),
        Column.ENDS_ON: ("終了日", "事業終了"),
        Column.MID_TERM_ON: ("中間評価日", "中間評価時", "mid-term evaluation"),
        Column.EX_POST_ON: ("事後評価日", "事後評価時", "ex-post evaluation"),
        Column.EMAIL: ("メール", "メールアドレス", "e-mail", "email"),
        Column.PERSON: ("担当者", "担当者名"),
    }.items()
    for other in others
}
_ROLES = {
    "": Role.EDITOR,
    "編集": Role.EDITOR,
    "編集者": Role.EDITOR,
    "担当者": Role.EDITOR,
    "editor": Role.EDITOR,
    "承認": Role.APPROVER,
    "承認者": Role.APPROVER,
    "責任者": Role.APPROVER,
    "approver": Role.APPROVER,
    "閲覧": Role.READER,
    "閲覧者": Role.READER,
    "reader": Role.READER,
}
_HEADINGS_TO_BE_A_HEAD = 3
MOST_LINES = 1_000
"""More than a whole scheme has organizations in one programme; a page of problems must stay readable."""


@dataclass(frozen=True, kw_only=True)
class CellProblem:
    """One thing wrong, as a sentence, with the line of the pasted text and the column."""

    text: str
    line: int | None = None
    column: Column | None = None

    @property
    def where(self) -> str:
        """Line and column in words."""
        if self.line is None:
            return ""
        if self.column is None:
            return _("line %(line)s") % {"line": self.line}
        column = heading(self.column, get_language() or "ja")
        return _("line %(line)s, column %(column)s") % {"line": self.line, "column": column}


@dataclass(frozen=True, kw_only=True)
class PastedGrant:
    """One organization with its grant and people, as they would be set up; `known` where it has a room already."""

    line: int
    name: str
    name_kana: str
    slug: str
    title: str
    code: str
    starts_on: date | None
    ends_on: date | None
    mid_term_on: date | None = None
    ex_post_on: date | None = None
    people: tuple[Invitee, ...] = ()
    known: Organization | None = None

    @property
    def organization_name(self) -> str:
        """The name as it will stand."""
        return self.known.name if self.known else self.name


@dataclass(frozen=True)
class PastedGrants:
    """Everything read, and everything wrong with it; nothing may be written while there is a problem."""

    grants: tuple[PastedGrant, ...] = ()
    problems: tuple[CellProblem, ...] = field(default=())


def read_grants(text: str, *, programme: Programme) -> PastedGrants:
    """Read the table (our headings in any order, or our order without headings) and check it against what is known.

    A line whose organization and project cells are empty names another person for the grant above.
    """
    try:
        lines = read_table(text)
    except NotATable as error:
        return PastedGrants(problems=(CellProblem(text=why_no_table(error), line=error.line),))
    if len(lines) > MOST_LINES:
        sentence = _("There are %(count)s lines; paste at most %(most)s at once.")
        words = sentence % {"count": len(lines), "most": MOST_LINES}
        return PastedGrants(problems=(CellProblem(text=words),))
    columns, body, problems = _read_head(lines)
    if not body:
        problems.append(CellProblem(text=_("There are no lines in what was pasted.")))
    grants: list[PastedGrant] = []
    for line in body:
        cells = {column: one_line(line.cell(place)) for place, column in enumerate(columns) if column}
        if any(cell.strip() for cell in line.cells[len(columns) :]):
            problems.append(CellProblem(text=_("The line has more cells than columns."), line=line.number))
        if any(cells.get(column) for column in _GRANT):
            grant = _read_grant(line.number, cells)
            problems += _problems_of(grant, cells)
            grants.append(grant)
        elif not grants:
            problems.append(CellProblem(text=_("The person has no organization above."), line=line.number))
            continue
        people, wrong = _read_person(line.number, cells)
        problems += wrong
        grants[-1] = replace(grants[-1], people=(*grants[-1].people, *people))
    known = _with_organizations(grants)
    problems += [*_double_codes(grants), *_taken(known), *_of_others(known, programme)]
    problems.sort(key=lambda problem: problem.line or 0)
    return PastedGrants(tuple(known), tuple(problems))


def set_up_all(
    programme: Programme,
    *,
    pasted: PastedGrants,
    lead: Person,
    deputy: Person | None,
    by: Actor,
    at: datetime,
) -> list[Grant]:
    """Set up everything or nothing. The caller has seen that there are no problems; raises `grants.Taken` in a race."""
    made: list[Grant] = []
    new: dict[str, Organization] = {}
    with transaction.atomic():
        for one in pasted.grants:
            if one.starts_on is None or one.ends_on is None:
                message = f"line {one.line} has no dates"
                raise ValueError(message)
            facts = GrantFacts(
                title=one.title,
                code=one.code,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                lead=lead,
                deputy=deputy,
                mid_term_on=one.mid_term_on,
                ex_post_on=one.ex_post_on,
            )
            organization = one.known or new.get(one.slug)
            fresh = NewOrganization(slug=one.slug, name=one.name, name_kana=one.name_kana)
            grant = set_up(
                programme, organization=organization or fresh, facts=facts, people=one.people, by=by, at=at
            )
            new[one.slug] = grant.organization
            made.append(grant)
    return made


def _read_head(
    lines: Sequence[Line],
) -> tuple[Sequence[Column | None], Sequence[Line], list[CellProblem]]:
    if not lines:
        return ORDER, lines, []
    found = [_HEADINGS.get(name_of(cell)) for cell in lines[0].cells]
    if sum(column is not None for column in found) < _HEADINGS_TO_BE_A_HEAD:
        return ORDER, lines, []
    problems = []
    for place, (cell, column) in enumerate(zip(lines[0].cells, found, strict=True)):
        if column is None and any(line.cell(place).strip() for line in lines):
            sentence = _("The column “%(name)s” has no place here. Remove or rename it.") % {"name": cell}
            problems.append(CellProblem(text=sentence, line=lines[0].number))
        elif column is not None and column in found[:place]:
            sentence = _("The column “%(name)s” stands there twice.") % {"name": cell}
            problems.append(CellProblem(text=sentence, line=lines[0].number))
    return found, lines[1:], problems


def _read_grant(number: int, cells: Mapping[Column, str]) -> PastedGrant:
    return PastedGrant(
        line=number,
        name=cells.get(Column.NAME, ""),
        name_kana=cells.get(Column.KANA, ""),
        slug=cells.get(Column.SLUG, ""),
        title=cells.get(Column.TITLE, ""),
        code=cells.get(Column.CODE, ""),
        starts_on=read_day(cells.get(Column.STARTS_ON, "")),
        ends_on=read_day(cells.get(Column.ENDS_ON, "")),
        mid_term_on=read_day(cells.get(Column.MID_TERM_ON, "")),
        ex_post_on=read_day(cells.get(Column.EX_POST_ON, "")),
    )


def _problems_of(grant: PastedGrant, cells: Mapping[Column, str]) -> Iterator[CellProblem]:
    for column in (Column.SLUG, Column.TITLE, Column.CODE, Column.STARTS_ON, Column.ENDS_ON):
        if not cells.get(column):
            yield CellProblem(text=_("This cell is empty."), line=grant.line, column=column)
    for column, most in _LONGEST.items():
        if len(cells.get(column, "")) > most:
            sentence = _("This is longer than %(most)s letters.") % {"most": most}
            yield CellProblem(text=sentence, line=grant.line, column=column)
    for column in (Column.SLUG, Column.CODE):
        if cells.get(column) and not _fits(cells[column]):
            sentence = _("Use lower-case letters, digits and hyphens: “%(text)s”.") % {"text": cells[column]}
            yield CellProblem(text=sentence, line=grant.line, column=column)
    for column, day in _days(grant):
        if cells.get(column) and (sentence := _wrong_day(cells[column], day)):
            yield CellProblem(text=sentence, line=grant.line, column=column)
    if grant.starts_on and grant.ends_on and grant.ends_on < grant.starts_on:
        yield CellProblem(
            text=_("The project must end after it starts."), line=grant.line, column=Column.ENDS_ON
        )
    yield from _evaluations(grant)


def _days(grant: PastedGrant) -> tuple[tuple[Column, date | None], ...]:
    return (
        (Column.STARTS_ON, grant.starts_on),
        (Column.ENDS_ON, grant.ends_on),
        (Column.MID_TERM_ON, grant.mid_term_on),
        (Column.EX_POST_ON, grant.ex_post_on),
    )


def _evaluations(grant: PastedGrant) -> Iterator[CellProblem]:
    """What the grant's form says of evaluation dates too."""
    mid, post = grant.mid_term_on, grant.ex_post_on
    for column, day in ((Column.MID_TERM_ON, mid), (Column.EX_POST_ON, post)):
        if day and grant.starts_on and day < grant.starts_on:
            sentence = _("An evaluation must not be before the project starts.")
            yield CellProblem(text=sentence, line=grant.line, column=column)
    if mid and post and post <= mid:
        sentence = _("The ex-post evaluation must follow the mid-term evaluation.")
        yield CellProblem(text=sentence, line=grant.line, column=Column.EX_POST_ON)


def _wrong_day(cell: str, day: date | None) -> str:
    if day is None:
        return _("“%(text)s” is no date. Write it like 2026/4/1.") % {"text": cell}
    try:
        sane_day(day)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _read_person(number: int, cells: Mapping[Column, str]) -> tuple[list[Invitee], list[CellProblem]]:
    email, name, said = (cells.get(column, "") for column in _PERSON)
    if not (email or name or said):
        return [], []
    problems: list[CellProblem] = []
    try:
        validate_email(email)
    except ValidationError:
        sentence = (
            _("“%(text)s” is no e-mail address.") % {"text": email} if email else _("This cell is empty.")
        )
        problems.append(CellProblem(text=sentence, line=number, column=Column.EMAIL))
    if not name:
        problems.append(CellProblem(text=_("This cell is empty."), line=number, column=Column.PERSON))
    for column, text, most in ((Column.EMAIL, email, 254), (Column.PERSON, name, 100)):
        if len(text) > most:
            sentence = _("This is longer than %(most)s letters.") % {"most": most}
            problems.append(CellProblem(text=sentence, line=number, column=column))
    role = _ROLES.get(name_of(said))
    if role is None:
        sentence = _("“%(text)s” is no role. Write editor, approver or reader.") % {"text": said}
        problems.append(CellProblem(text=sentence, line=number, column=Column.ROLE))
    return [Invitee(email=email, name=name, role=(role or Role.EDITOR).value)], problems


def _with_organizations(grants: Sequence[PastedGrant]) -> list[PastedGrant]:
    slugs = {grant.slug for grant in grants}
    known = {one.slug: one for one in Organization.objects.filter(slug__in=slugs).order_by("pk")}
    return [replace(grant, known=known.get(grant.slug)) for grant in grants]


def _double_codes(grants: Sequence[PastedGrant]) -> Iterator[CellProblem]:
    counts = Counter(grant.code for grant in grants)
    taken = set(Grant.objects.filter(code__in=counts).order_by("pk").values_list("code", flat=True))
    for grant in grants:
        if grant.code in taken:
            sentence = _("Another grant has this code already.")
            yield CellProblem(text=sentence, line=grant.line, column=Column.CODE)
        elif grant.code and counts[grant.code] > 1:
            sentence = _("This code stands on several lines.")
            yield CellProblem(text=sentence, line=grant.line, column=Column.CODE)


def _taken(grants: Sequence[PastedGrant]) -> Iterator[CellProblem]:
    names: dict[str, str] = {}
    for grant in grants:
        if not grant.slug:
            continue  # told already
        said = names.setdefault(grant.slug, grant.known.name if grant.known else grant.name)
        if grant.known is None and not grant.name and not said:
            yield CellProblem(text=_("This cell is empty."), line=grant.line, column=Column.NAME)
        elif grant.name and name_of(grant.name) != name_of(said):
            sentence = _("An organization with another name has this address. Choose another address.")
            yield CellProblem(text=sentence, line=grant.line, column=Column.SLUG)


def _of_others(grants: Sequence[PastedGrant], programme: Programme) -> Iterator[CellProblem]:
    """Organizations that only others fund are not taken by their address: they agree one by one."""
    known = {grant.known.pk for grant in grants if grant.known}
    funded = Grant.objects.filter(programme__distributor=programme.distributor_id, organization__in=known)
    ours = set(funded.order_by("pk").values_list("organization", flat=True))
    for grant in grants:
        if grant.known and grant.known.pk not in ours:
            sentence = _(
                "An organization that another distributor funds has this address."
                " If it is the same, add it by itself, with the number it gives you."
            )
            yield CellProblem(text=sentence, line=grant.line, column=Column.SLUG)


def _fits(text: str) -> bool:
    try:
        CODE(text)
    except ValidationError:
        return False
    return True
