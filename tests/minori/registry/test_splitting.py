"""One indicator that counts ①② in its texts, offered as several."""

from minori.registry import splitting
from tests.factories import registry


def test_texts_come_apart_by_their_numbers():
    found = splitting.split(
        {
            "statement": "①開所日数\n②のべ人数",
            "baseline": "①0日②0人",
            "target": "➀150日\n➁1,500人",
            "means": "日誌",
        }
    )
    assert [dict(part) for part in found.parts] == [
        {"mark": "①", "statement": "開所日数", "baseline": "0日", "target": "150日", "means": "日誌"},
        {"mark": "②", "statement": "のべ人数", "baseline": "0人", "target": "1,500人", "means": "日誌"},
    ]
    assert found.unsure == ("means",)


def test_what_has_no_numbers_of_its_own_stands_at_the_first_and_is_named():
    found = splitting.split({"statement": "①開所日数\n②のべ人数", "target": "150日と1,500人"})
    assert [part.get("target") for part in found.parts] == ["150日と1,500人", ""]
    assert found.unsure == ("target",)


def test_where_only_the_target_counts_the_indicator_holds_for_each():
    found = splitting.split({"statement": "開所日数と人数", "target": "①150日\n②1,500人"})
    assert [(part["statement"], part["target"]) for part in found.parts] == [
        ("開所日数と人数", "150日"),
        ("開所日数と人数", "1,500人"),
    ]
    assert found.unsure == ("statement",)


def test_nothing_is_offered_where_nothing_counts():
    assert splitting.split({"statement": "開所日数", "target": "年間150日"}) is None
    assert splitting.split({}) is None
    plain, marked = registry.framework(
        [
            {"code": "1", "statement": "甲", "indicators": [{"statement": "回数"}]},
            {
                "code": "2",
                "statement": "乙",
                "indicators": [
                    {"mark": "①", "statement": "①回数②人数"},
                    {"mark": "②", "statement": "満足度"},
                ],
            },
        ]
    )
    assert not splitting.counts(plain)
    assert not splitting.counts(marked), "its parts would bear the numbers that others bear"
