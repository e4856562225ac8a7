"""An invented plan in the layout of the official 事業計画書, to try the intake with: with what real ones have in them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from minori.programmes.models import Grant, Programme
from reporting.setup.plan_files import OPTIONS

_HEADS = ("指標", "初期値/初期状態", "目標値/目標状態", "把握方法", "目標達成時期")
_GUIDANCE = "※アウトカムごとに、測定できる指標を設定してください。"
_OUTCOMES: tuple[tuple[str, ...], ...] = (
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
)
_OUTPUTS: tuple[tuple[str, ...], ...] = (
    (
        "0101.常設の居場所が週4日開かれている",
        "①開所日数\n②延べ利用者数",
        "①0日",
        "①年間180日以上\n②延べ2,500人程度",
        "開所日誌",
        "2028年3月",
    ),
    ("", "食事を出した日の数", "0日", "月4回", "開所日誌", "2026年9月から毎月"),
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
)


def example(programme: Programme) -> bytes:
    """The workbook. It names a grant of the programme, one without a plan if there is one, so that it is matched."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#E6EFF7", "border": 1, "text_wrap": True})
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
        sheet = book.add_worksheet("事業計画書")
        sheet.set_column(0, 0, 3)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, len(_HEADS) + 1, 26)
        sheet.write_string(
            1, 1, "事業計画書（記入例。内容は架空です）", book.add_format({"bold": True, "font_size": 14})
        )
        row = 3
        for name, value in _facts(_grant(programme)):
            sheet.write_string(row, 1, name, head)
            sheet.write_string(row, 2, value, cell)
            row += 1
        for title, first, lines in (
            ("Ⅲ. 短期アウトカム", "短期アウトカム", _OUTCOMES),
            ("Ⅳ. アウトプット", "アウトプット", _OUTPUTS),
        ):
            row = _block(sheet, row + 1, title, (first, *_HEADS), lines, head=head, cell=cell)
    return out.getvalue()


def _grant(programme: Programme) -> Grant | None:
    grants = programme.grants.select_related("organization").order_by("organization__name_kana", "pk")
    return grants.filter(framework_versions=None).first() or grants.first()


def _facts(grant: Grant | None) -> list[tuple[str, str]]:
    if grant is None:
        return [("事業名", "まちの茶の間づくり事業（架空）")]
    return [("事業名", grant.title), ("実行団体名", grant.organization.name)]


def _block(
    sheet: Any, row: int, title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], **formats: Any
) -> int:
    sheet.write_string(row, 1, title)
    for column, text in enumerate(heads, 1):
        sheet.write_string(row + 1, column, text, formats["head"])
    row += 2
    if title.startswith("Ⅲ"):
        sheet.write_string(row, 1, _GUIDANCE, formats["cell"])
        row += 1
    for line in lines:
        for column, text in enumerate(line, 1):
            sheet.write_string(row, column, text, formats["cell"])
        row += 1
    return row
