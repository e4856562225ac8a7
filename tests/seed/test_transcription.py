"""The transcription says what the report says: every letter, in its order, and nothing beside."""

import re
import unicodedata
from collections.abc import Iterator

from minori.report_forms.answers import Chosen, Ticked, Written, YesNo
from minori.report_forms.framework import read_code
from tests.seed import report

# Radicals that Unicode's compatibility forms leave alone or turn into an older character.
OVERRIDES = {"⻑": "長", "⼾": "戸"}


def map_radicals(text: str) -> str:
    return "".join(
        OVERRIDES.get(letter)
        or (unicodedata.normalize("NFKC", letter) if 0x2E80 <= ord(letter) <= 0x2FDF else letter)
        for letter in text
    )


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", map_radicals(text))


def seed_text() -> str:
    return squeeze((report.HERE / "progress-report-2022-10-14.txt").read_text(encoding="utf-8"))


def pieces() -> Iterator[str]:
    """The transcription in the order of the paper: across the table's columns, then downwards."""
    said = report.transcription()
    head = said["head"]
    yield "2022年10月14日"
    yield from (head["project_title"], head["distributor"], head["organization"])
    for row in said["rows"]:
        yield row["statement"]
        yield from (part for each in row["indicators"] for part in (each["mark"], each["statement"]))
        yield from (part for each in row["indicators"] for part in (each["mark"], each["target"]))
        yield row["indicators"][0]["achieve_by"]
        yield from row["text"].split("\n")
        yield str(row["progress"] or "")
        yield row["remark"]
    yield f"{said['outlook']}.課題がある"
    yield from said["activities"].split("\n")
    yield said["symbol_mark"]["text"]
    yield from ("無" if not said[key] else "有" for key in ("media", "material", "reports", "events"))


def leftovers() -> str:
    """What stands in the paper beside the transcription; fails where a piece does not follow."""
    text, position, left = seed_text(), 0, []
    for piece in filter(None, map(squeeze, pieces())):
        found = text.find(piece, position)
        assert found >= 0, f"「{piece}」 does not stand behind 「{text[max(0, position - 30) : position]}」"
        left.append(text[position:found])
        position = found + len(piece)
    return "｜".join(filter(None, [*left, text[position:]]))


def test_every_letter_stands_in_the_report_in_its_order_and_only_the_form_is_left():
    assert leftovers() == (
        "進捗報告書（実行団体）●提出日：｜●事業名：｜●資金分配団体：｜●実行団体："
        "｜①実績値【資金支援】アウトプット指標目標値達成時期現在の指標の達成状況進捗状況＊"
        # a stray apostrophe of a spreadsheet before the first target of 0102
        "｜'"
        "｜＊進捗状況：1計画より進んでいる、2計画どおり進んでいる、3計画より遅れている、4その他"
        "②事業進捗に関する報告1.事業計画に掲げた短期アウトカムの達成の見込み"
        "｜2.アウトカムの状況A：変更項目þ変更なし☐短期アウトカムの内容☐短期アウトカムの表現"
        "☐短期アウトカムの指標☐アウトカムの目標値3.(任意)活動に関する報告"
        "｜③広報に関する報告1.シンボルマークの使用状況☐自団体のウェブサイトで表示している"
        "☐広報制作物に表示している☐報告書に表示している☐イベント実施時に表示しているþその他"
        "→「その他」を選択した場合は記載してください（自由記述）："
        "｜2.広報1.メディア掲載（TV・ラジオ・新聞・雑誌・WEB等）｜2.広報制作物等｜3.報告書等"
        "｜4.イベント開催等（シンポジウム、フォーラム等）"
        "｜添付資料活動の写真（画像データは1枚２MG以下、3〜4枚程度）"
    )


def test_the_transcription_holds_no_radicals_and_no_space_inside_dates():
    text = (report.HERE / "transcription.json").read_text(encoding="utf-8")
    assert text == map_radicals(text)
    assert not re.search(r"[0-9] +[年月日名人回団]|年 +[0-9]+月|月 +[0-9]+日", text)


def test_the_demo_holds_the_rows_of_the_transcription():
    said = report.transcription()
    framework = report.framework()
    codes = {row.uuid: row.code for row in framework}
    rows = [
        {
            "code": row.code,
            "parent": codes.get(row.parent),
            "statement": row.statement,
            "indicators": [
                {
                    "mark": indicator.mark,
                    "statement": indicator.statement,
                    "target": indicator.target,
                    "achieve_by": indicator.achieve_by,
                }
                for indicator in row.indicators
            ],
            "text": answer.text,
            "progress": answer.progress,
            "remark": answer.remark,
        }
        for row, answer in zip(framework, report.rows(), strict=True)
        if row.uuid == answer.row
    ]
    assert rows == said["rows"]
    assert framework.problems() == ()
    assert [read_code(row.statement) for row in framework] == [row["code"] for row in said["rows"]]


def test_the_demo_registers_nothing_that_the_report_does_not_say():
    for row in report.framework():
        assert row.season == ""
        for indicator in row.indicators:
            unsaid = (indicator.baseline, indicator.means, indicator.mid_state, indicator.post_state)
            assert unsaid == ("", "", "", "")
    assert all(answer.covers == () for answer in report.rows())


def test_the_demo_holds_the_answers_of_the_transcription():
    said = report.transcription()
    assert report.demo()["head"] == said["head"]
    assert report.answers() == {
        "outlook": Chosen(said["outlook"]),
        "changes": Ticked(tuple(said["changes"])),
        "activities": Written(said["activities"]),
        "symbol_mark": Ticked(tuple(said["symbol_mark"]["ticked"]), said["symbol_mark"]["text"]),
        **{key: YesNo(said[key]) for key in ("media", "material", "reports", "events")},
    }


def test_the_labels_of_the_edition_stand_in_the_report():
    text = seed_text()
    edition = report.edition()
    printed = [edition.title, *(part.title for part in edition.parts if part.printed)]
    for section in edition.sections:
        printed.append(section.heading)
        for field in section.fields:
            if field.printed:
                printed += [field.label, *(labelled.label for labelled in (*field.items, *field.columns))]
                printed += [choice.label for choice in field.choices if choice.label.ja not in ("有", "無")]
                printed += [choice.text_label for choice in field.choices if choice.text_label.ja != "内容"]
    missing = [label.ja for label in printed if squeeze(label.ja) not in text.replace("＊", "")]
    assert missing == []
