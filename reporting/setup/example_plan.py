"""An invented plan in the layout of the official 事業計画書, to try the intake with: with what real ones have in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from minori.programmes.models import Grant, Programme
from reporting.setup.plan_files import OPTIONS


@dataclass(frozen=True, kw_only=True)
class _Words:
    """Everything that the example says in one language; lines are statement, then the columns of `heads`."""

    sheet: str
    title: str
    facts: tuple[str, str]  # the names of the project's title and of the organization
    without_grant: str
    heads: tuple[str, ...]
    guidance: str
    blocks: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]  # title, first heading, lines


_JAPANESE = _Words(
    sheet="事業計画書",
    title="事業計画書（記入例。内容は架空です）",
    facts=("事業名", "実行団体名"),
    without_grant="まちの茶の間づくり事業（架空）",
    heads=("指標", "初期値/初期状態", "目標値/目標状態", "把握方法", "目標達成時期"),
    guidance="※アウトカムごとに、測定できる指標を設定してください。",
    blocks=(
        (
            "Ⅲ. 短期アウトカム",
            "短期アウトカム",
            (
                (
                    "01.商店街の空き店舗に、子どもから高齢者までが立ち寄れる場所ができ、孤立する人が減っている",
                    "①立ち寄る人の実人数\n②「話せる人がいる」と答えた人の割合",
                    "①0人\n②未調査",
                    "①年間300人以上\n②80％",
                    "来所記録、年1回の聞き取り",
                    "①②2028年3月末",
                ),
                (
                    "02.地域の事業者と住民が、見守りの担い手として動いている",
                    "見守りに加わる事業者の数",
                    "2事業者",
                    "15事業者",
                    "登録簿",
                    "2027年度末",
                ),
            ),
        ),
        (
            "Ⅳ. アウトプット",
            "アウトプット",
            (
                (
                    "0101.常設の居場所が週4日開かれている",
                    "①開所日数\n②延べ利用者数",
                    "①0日",
                    "①年間180日以上\n②延べ2,500人程度",
                    "開所日誌",
                    "2028年3月",
                ),
                (
                    "",
                    "食事を出した日の数",
                    "0日",
                    "月4回",
                    "開所日誌",
                    "2026年9月から毎月",
                ),
                (
                    "住民のボランティアが、運営に関わり続けている",
                    "登録したボランティアの数",
                    "6名",
                    "初期値より20名増",
                    "登録簿",
                    "事業終了時",
                ),
                (
                    "（0201）事業者向けの見守り講座が開かれている",
                    "講座の回数\n参加した事業者の満足度",
                    "なし",
                    "各年度3回\n5段階中4以上",
                    "参加者アンケート",
                    "2027年3月\n2028年3月",
                ),
            ),
        ),
    ),
)
_ENGLISH = _Words(
    sheet="Project plan",
    title="Project plan (an example; everything in it is invented)",
    facts=("Project title", "Organization"),
    without_grant="A living room for the town (invented)",
    heads=("Indicator", "Baseline", "Target", "Means of verification", "To be achieved by"),
    guidance="※Please set at least one indicator that can be measured for every outcome.",
    blocks=(
        (
            "III. Short-term outcomes",
            "Short-term outcome",
            (
                (
                    "01. Children and old people drop in at the empty shops of the high street, and fewer are alone",
                    "①People who drop in (each counted once)\n②Share of people who say that they have somebody to talk to",
                    "①0 people\n②not asked",
                    "①at least 300 people a year\n②80%",
                    "Visitors’ book, a survey once a year",
                    "①②end of March 2028",
                ),
                (
                    "02. Shopkeepers and residents look after each other",
                    "Shops and firms that take part",
                    "2 firms",
                    "15 firms",
                    "Register",
                    "end of fiscal year 2027",
                ),
            ),
        ),
        (
            "IV. Outputs",
            "Output",
            (
                (
                    "0101. A place is open four days a week",
                    "①Days open\n②Visits in all",
                    "①0 days",
                    "①at least 180 days a year\n②about 2,500 visits in all",
                    "Diary",
                    "March 2028",
                ),
                (
                    "",
                    "Days on which a meal was served",
                    "0 days",
                    "4 times a month",
                    "Diary",
                    "every month from September 2026",
                ),
                (
                    "Volunteers from the neighbourhood help to run it",
                    "Registered volunteers",
                    "6 people",
                    "20 more than the baseline",
                    "Register",
                    "end of the project",
                ),
                (
                    "(0201) Courses for firms on looking after people are held",
                    "Courses held\nSatisfaction of the firms that took part",
                    "none",
                    "3 courses every fiscal year\n4 or more out of 5",
                    "Questionnaire",
                    "March 2027\nMarch 2028",
                ),
            ),
        ),
    ),
)


def example(programme: Programme, *, language: str) -> bytes:
    """The workbook in the language of the page. It names a grant of the programme, one without a plan if there is one,
    so that it is matched."""
    words = _JAPANESE if language.startswith("ja") else _ENGLISH
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#E6EFF7", "border": 1, "text_wrap": True})
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
        sheet = book.add_worksheet(words.sheet)
        sheet.set_column(0, 0, 3)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, len(words.heads) + 1, 26)
        sheet.write_string(1, 1, words.title, book.add_format({"bold": True, "font_size": 14}))
        row = 3
        for name, value in _facts(_grant(programme), words):
            sheet.write_string(row, 1, name, head)
            sheet.write_string(row, 2, value, cell)
            row += 1
        for number, (title, first, lines) in enumerate(words.blocks):
            guidance = [] if number else [(words.guidance,)]
            heads = (first, *words.heads)
            row = _block(sheet, row + 1, title, heads, [*guidance, *lines], head=head, cell=cell)
    return out.getvalue()


def _grant(programme: Programme) -> Grant | None:
    grants = programme.grants.select_related("organization").order_by("organization__name_kana", "pk")
    return grants.filter(framework_versions=None).first() or grants.first()


def _facts(grant: Grant | None, words: _Words) -> list[tuple[str, str]]:
    title, organization = words.facts
    if grant is None:
        return [(title, words.without_grant)]
    return [(title, grant.title), (organization, grant.organization.name)]


def _block(
    sheet: Any, row: int, title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], **formats: Any
) -> int:
    sheet.write_string(row, 1, title)
    for column, text in enumerate(heads, 1):
        sheet.write_string(row + 1, column, text, formats["head"])
    row += 2
    for line in lines:
        for column, text in enumerate(line, 1):
            sheet.write_string(row, column, text, formats["cell"])
        row += 1
    return row
