"""What papers say of a round, in words and signs: the same for Word and for PDF."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from minori.marks import bracketed, colon, gapped
from minori.report_forms.answers import Progress
from minori.ui.templatetags.ui_tags import day_year
from reporting.charts import series
from reporting.exports.gathering import Gathered
from reporting.exports.writing.csv_table import words
from reporting.portfolio import board, progress_map
from reporting.portfolio.figure_lines import Line
from reporting.portfolio.progress_map import StripCell
from reporting.summaries.shape import BoardLine, MapCell, MapLine

SIGNS = {sort.key: sort.sign for sort in series.PROGRESS}


@dataclass(frozen=True)
class Told:
    """One grant on paper. `rows` are the outputs with what was said: code, statement, progress, text, remark."""

    line: BoardLine
    name: str
    handed_in: bool
    waived: bool
    standing: str
    remark: str
    strip: str
    counts: str
    rows: list[tuple[str, str, str, str]]


def head(gathered: Gathered) -> list[tuple[str, str]]:
    """What stands at the head of a paper."""
    moment = gathered.as_of
    totals = gathered.summary["totals"]
    return [
        (_("Programme"), gathered.programme.title),
        (_("Round"), gathered.round.title),
        (_("Distributor"), gathered.programme.distributor.name),
        (_("As of"), f"{day_year(moment.date())} {moment:%H:%M}"),
        (
            _("Handed in"),
            _("%(count)s of %(of)s") % {"count": totals["handed_in"], "of": totals["required"]},
        ),
    ]


def grants(gathered: Gathered) -> Iterator[Told]:
    """Every grant, in the order of the organizations' names."""
    names = gathered.names
    zone = gathered.programme.distributor.zone
    for line in gathered.summary["board"]:
        cell = board.cell(line, gathered.summary["round"], today=gathered.today, zone=zone)
        found = gathered.shelf.map_of(line["grant"])
        waived = line["state"] == "waived"
        handed_in = bool(found and found["handed_in"])
        strip = progress_map.strip(found) if found and not waived else ()
        yield Told(
            line=line,
            name=names[line["grant"]],
            handed_in=handed_in,
            waived=waived,
            standing=_standing(cell),
            remark=gathered.remark(line["grant"]),
            strip=gapped(_in_strip(one) for one in strip),
            counts=_counts(found) if found and handed_in else "",
            rows=[_row(one, handed_in, gathered.language) for one in (found["cells"] if found else ())],
        )


def board_heads() -> list[str]:
    """The heads of the table of who has handed in."""
    return [_("Organization"), _("Project"), _("Lead officer"), _("State"), _("Due on"), _("Handed in on")]


def board_row(gathered: Gathered, line: BoardLine) -> list[str]:
    """A grant in that table."""
    zone = gathered.programme.distributor.zone
    cell = board.cell(line, gathered.summary["round"], today=gathered.today, zone=zone)
    return [
        line["organization_name"],
        line["grant_title"],
        line["lead"] or "",
        _standing(cell),
        day_year(cell.due_on),
        day_year(cell.handed_in_on),
    ]


def legend() -> str:
    """What the signs of the map mean."""
    return gapped(sort.name for sort in series.PROGRESS)


def totals(gathered: Gathered) -> str:
    """The whole round's outputs in numbers."""
    codes = gathered.summary["totals"]["codes"]
    said = gapped(f"{sort.name} {codes.get(sort.key, 0)}" for sort in series.PROGRESS)
    worse = _("Worse than last time: %(count)s") % {"count": gathered.summary["totals"]["worse"]}
    return gapped((said, worse))


def row_heads() -> list[str]:
    """The heads of a grant's table."""
    return [_("Output"), _("Progress"), _("Where the indicators stand now"), _("Remark")]


def figure_heads() -> list[str]:
    """The heads of the table of achievements."""
    return [
        _("Organization"),
        _("Indicator"),
        _("actual").capitalize(),
        _("target").capitalize(),
        _("Achievement"),
        _("Time gone"),
    ]


def figures(gathered: Gathered) -> Iterator[list[str]]:
    """Every indicator with a confirmed number; where there is no achievement, the reason stands there."""
    for facts in gathered.shelf.numbers():
        one = Line(facts, gathered.grants[facts["grant"]])
        yield [
            one.grant.name,
            f"{one.facts['mark']}{one.facts['statement']}",
            _actual(one),
            one.facts["target_text"],
            "\n".join(filter(None, (one.achievement, one.why))),
            one.time,
        ]


def _actual(one: Line) -> str:
    carried = one.facts["carried_from"]
    said = _("carried over from round %(number)s") % {"number": carried} if carried else ""
    return "\n".join(filter(None, (one.actual, said)))


def _standing(cell: board.Cell) -> str:
    late = cell.line["days_late"]
    said = [str(cell.standing.label)]
    if cell.line["state"] == "waived":
        said.append(cell.line["waived_reason"])
    elif late:
        said.append(_("%(days)s days late") % {"days": late})
    if cell.on_behalf:
        said.append(_("filed on behalf"))
    return "\n".join(filter(None, said))


def _in_strip(one: StripCell) -> str:
    key = "missing" if one.code == "missing" else "blank" if one.code is None else str(one.code)
    if key == "missing":
        return f"{one.label}{colon()}…"
    sign = SIGNS[key]
    now = f"{one.label}{colon()}{sign}{key if key.isdigit() else ''}"
    last = one.cell["last"]
    if one.cell["worse"]:
        return now + bracketed(_("worse, last %(code)s") % {"code": last})
    return now


def _counts(line: MapLine) -> str:
    return gapped(
        f"{SIGNS[key]}{key if key.isdigit() else ''} × {count}"
        for key, count in line["counts"].items()
        if count and key in SIGNS
    )


def _row(cell: MapCell, handed_in: bool, language: str) -> tuple[str, str, str, str]:
    code = cell["progress"]
    key = "nothing" if code is None and cell.get("nothing") else "blank" if code is None else str(code)
    said = words(cell, handed_in, language)
    progress = f"{SIGNS[key]} {code} {said}" if code is not None else said
    if cell["last"] is not None and code is not None and cell["last"] != code:
        was = Progress(cell["last"]).label.say(language)
        progress += "\n" + _("last time: %(words)s") % {"words": f"{cell['last']} {was}"}
    return cell["statement"], progress, cell["text"], cell["remark"]
