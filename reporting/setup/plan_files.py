"""Workbooks around plan intake: our own template with the programme's grants, and files given back with what was found."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from minori.documents.grids import mark_workbook
from minori.documents.sheets import one_sheet
from minori.programmes.models import Grant, Programme
from minori.registry import plan_words
from minori.registry.plan_columns import LEVEL_CHOICES, SUPPORT_CHOICES, Part, heading
from minori.registry.plan_forms import FACTS, Place
from minori.report_forms.grids import Source
from minori.report_forms.pasted import name_of
from reporting.setup.intake import Shown

COLUMNS = (
    Part.GRANT,
    Part.ORGANIZATION,
    Part.TITLE,
    Part.LEVEL,
    Part.SUPPORT,
    Part.CODE,
    Part.STATEMENT,
    Part.MARK,
    Part.INDICATOR,
    Part.BASELINE,
    Part.TARGET,
    Part.MID_STATE,
    Part.POST_STATE,
    Part.ACHIEVE_BY,
    Part.MEANS,
    Part.SEASON,
)
_WIDTHS = {Part.STATEMENT: 44, Part.INDICATOR: 30, Part.TARGET: 26, Part.BASELINE: 22, Part.TITLE: 24}
_LAST_LINE = 2000
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def template(programme: Programme) -> bytes:
    """A workbook to fill in, in the language of the page: one line for each indicator, the programme's grants on the
    first lines."""
    out = BytesIO()
    language = "ja" if (get_language() or "ja").startswith("ja") else "en"
    grants = programme.grants.select_related("organization").order_by("organization__name_kana", "pk")
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#E6EFF7", "bottom": 2, "text_wrap": True})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet = book.add_worksheet(pgettext("a sheet of a workbook", "Plan"))
        for column, part in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDTHS.get(part, 15), cell)
            sheet.write_string(0, column, heading(part, language), head)
        for number, grant in enumerate(grants, 1):
            _write_grant(sheet, number, grant, cell)
        for part, choices in ((Part.LEVEL, LEVEL_CHOICES), (Part.SUPPORT, SUPPORT_CHOICES)):
            place, source = COLUMNS.index(part), list(choices[language])
            sheet.data_validation(1, place, _LAST_LINE, place, {"validate": "list", "source": source})
        sheet.freeze_panes(1, 3)
        hints = book.add_worksheet(_("How to fill it in"))
        hints.set_column(0, 0, 100, cell)
        for number, line in enumerate(_hints()):
            hints.write_string(number, 0, line, cell)
    return out.getvalue()


def _write_grant(sheet: xlsxwriter.workbook.Worksheet, number: int, grant: Grant, cell: object) -> None:
    for column, text in enumerate((grant.code, grant.organization.name, grant.title)):
        sheet.write_string(number, column, text, cell)


def _hints() -> list[str]:
    return [
        _(
            "One line for each indicator. Insert lines below a grant as needed; columns you do not have stay empty."
        ),
        _(
            "The code of the grant is needed on its first line only. A level left empty is that of the row above."
        ),
        _("A further indicator of the same row has level, code and statement empty."),
        _(
            "Write everything word for word as in the contracted plan. Numbers ①② within a cell are told apart later."
        ),
    ]


def marked(shown: Sequence[Shown]) -> tuple[bytes, str]:
    """The file with everything found in it marked, and the ending of its name.

    A workbook comes back with a note and a colour at each cell; of a Word file or a pasted table there is a list.
    Raises `FileRefused` where the workbook cannot be written again.
    """
    file = shown[0].file
    if any(grid.source is Source.SHEET for grid in shown[0].grids):
        notes = [
            {"sheet": one.grids[place.grid].name, "row": place.row, "column": place.column, "text": text}
            for one in shown
            for place, text in _notes(one)
        ]
        return mark_workbook(bytes(file.data), notes), "xlsx"
    table = [(_("Where"), _("What"))]
    table += [(plan_words.where(one.grids, place), text) for one in shown for place, text in _notes(one)]
    return one_sheet(table, name=_("What was found"), widths=(24, 90)), "xlsx"


def _notes(shown: Shown) -> list[tuple[Place, str]]:
    found = [(finding.place, plan_words.say(finding, shown.grids).text) for finding in shown.read.findings]
    unsound = ((place, sentence) for place, sentence, _row in plan_words.say_unsound(shown.read) if place)
    return [*_about_its_grant(shown), *found, *unsound] + [
        (question.place, plan_words.ask(question, shown.grids).sentence) for question in shown.read.questions
    ]


def _about_its_grant(shown: Shown) -> list[tuple[Place, str]]:
    """What is to be said at the cell that names the plan's grant: that it names none, another, or one with two plans."""
    facts = [
        (part, shown.written.facts[part], shown.written.facts_at[part])
        for part in FACTS
        if part in shown.written.facts_at
    ]
    if not facts:
        return []
    part, said, place = facts[0]
    grant = shown.found.grant
    if grant is None and part is Part.GRANT:
        return [(place, _("No grant of this programme has the code “%(text)s”.") % {"text": said})]
    if grant is None:
        return [(place, _("“%(text)s” does not name exactly one grant of this programme.") % {"text": said})]
    told = [(place, shown.hindrance)] if shown.hindrance else []
    if part is Part.GRANT and name_of(said) != name_of(grant.code):
        words = _("“%(text)s” is not the code of the grant that was chosen (%(code)s).")
        told.append((place, words % {"text": said, "code": grant.code}))
    return told
