"""Possible names of people in texts."""

import pytest
from hypothesis import given

from minori.report_forms.names import find_names
from tests.minori.report_forms.strategies import calm, texts
from tests.seed import report


def test_the_two_names_of_the_seed_are_found_with_their_places():
    paper = report.transcription()
    found = [name.found for row in paper["rows"] for name in find_names(row["text"] + row["remark"])]
    assert found == ["新藤先生"]
    (name,) = find_names(paper["activities"])
    assert name.found == "今井新事務局長"
    assert paper["activities"][name.start : name.end] == name.found


def test_registered_texts_of_the_seed_name_nobody():
    for row in report.framework():
        assert find_names(row.statement) == ()
        assert all(find_names(text) == () for indicator in row.indicators for text in indicator.texts)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("佐々木氏と渡邉様が来た", ["佐々木氏", "渡邉様"]),
        ("スミスさんとマリア・ロペス氏", ["スミスさん", "マリア・ロペス氏"]),
        ("利用者の中山さんの声", ["中山さん"]),
        ("高橋花子理事長、鈴木前施設長", ["高橋花子理事長", "鈴木前施設長"]),
        ("田中 弁護士に相談", ["田中 弁護士"]),
        ("森理事長が挨拶", ["森理事長"]),
        ("花子ちゃんが歌った", ["花子ちゃん"]),
        ("土屋さんと守屋さん、羽生さん、麻生さん", ["土屋さん", "守屋さん", "羽生さん", "麻生さん"]),
        ("中村貴士さんと佐藤直人さん", ["中村貴士さん", "佐藤直人さん"]),
        ("緒方先生、馬場さん、田所さん、花園さん", ["緒方先生", "馬場さん", "田所さん", "花園さん"]),
        ("田中校長先生のお話", ["田中校長"]),
        ("友子さんの家主さん", ["友子さん"]),
        ("ピーターさんとオスカー氏", ["ピーターさん", "オスカー氏"]),
        ("山田 太郎さんと鈴木　花子 先生", ["山田 太郎さん", "鈴木　花子 先生"]),
        ("代表は小鳥遊 六花氏です", ["小鳥遊 六花氏"]),
        ("マリア ロペスさんが来た", ["マリア ロペスさん"]),
        ("参加者 田中さん、利用者 太郎さん、スタッフ 太郎さん", ["田中さん", "太郎さん", "太郎さん"]),
        ("高橋 花子理事長、佐藤　健 前施設長", ["高橋 花子理事長", "佐藤　健 前施設長"]),
    ],
)
def test_words_that_look_like_names_are_found(text, names):
    assert [name.found for name in find_names(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "多様な機関、多種多様の支援、同様に、仕様書、様々な",
        "皆さん、利用者さん、相談員さん、スタッフさん、保護者様、お子さん",
        "家主さん、教頭先生、奥さん、奥様、旦那さん、お孫さん、叔母さん、赤ちゃん、親御さん、妊婦さん",
        "校長先生、園長先生、担任の先生、主治医の先生、家庭教師の先生、会長さん、班長さん、店長さん",
        "花屋さん、農家さん、大工さん、看護師さん、薬剤師さん、弁護士さん、民生委員さん、管理人さん",
        "商工会さん、社協さんではなく社会福祉協議会さん、役場さん、中学生さん、ケアマネさん、カメラマンさん",
        "氏名と住所、彼氏、先生の研修、学校先生",
        "事務局長が交代し、施設長と相談員が参加した",
        "就労支援事業者機構の事務局長、障害福祉課長",
        "千葉県知事、石川支部長、森林組合理事長",
        "",
    ],
)
def test_ordinary_words_are_no_names(text):
    assert find_names(text) == ()


@calm
@given(texts)
def test_places_are_in_order_apart_and_say_what_stands_there(text):
    end = 0
    for name in find_names(text):
        assert end <= name.start < name.end
        assert text[name.start : name.end] == name.found
        end = name.end


@pytest.mark.parametrize("unit", ["田中", "カナ", "・", "居場所、"])
def test_a_very_long_run_of_letters_hides_nothing_behind_it(unit):
    """A text of 80,000 letters: read once from each word's beginning, not once for each letter."""
    assert [name.found for name in find_names(unit * 40_000 + "。佐藤さんに聞いた。")] == ["佐藤さん"]
