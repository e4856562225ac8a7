"""Two people's changes of one answer, put together or torn."""

from itertools import product

from tenants.reports.merging import merge

BASE = {"text": "前", "progress": None, "remark": ""}


def test_changes_of_different_aspects_are_put_together():
    merged = merge(base=BASE, mine={**BASE, "text": "私"}, theirs={**BASE, "progress": 3})
    assert merged.value == {"text": "私", "progress": 3, "remark": ""}
    assert merged.torn == ()


def test_what_only_one_changed_is_taken_over():
    assert merge(base=BASE, mine=BASE, theirs={**BASE, "text": "相手"}).value["text"] == "相手"
    assert merge(base=BASE, mine={**BASE, "text": "私"}, theirs=BASE).value["text"] == "私"


def test_the_same_change_twice_is_no_conflict():
    same = {**BASE, "text": "同じ"}
    assert merge(base=BASE, mine=same, theirs=same).torn == ()


def test_what_both_changed_differently_is_torn_until_somebody_decides():
    mine, theirs = {**BASE, "text": "私"}, {**BASE, "text": "相手", "progress": 2}
    assert merge(base=BASE, mine=mine, theirs=theirs).torn == ("text",)
    decided = merge(base=BASE, mine=mine, theirs=theirs, prefer="mine")
    assert (decided.value["text"], decided.value["progress"], decided.torn) == ("私", 2, ())
    assert merge(base=BASE, mine=mine, theirs=theirs, prefer="theirs").value == theirs


def test_without_a_known_beginning_every_difference_is_torn():
    assert merge(base=None, mine={"text": "私"}, theirs={"text": "相手"}).torn == ("text",)


def test_a_flag_is_put_together_with_a_text_and_absent_when_taken_back():
    flagged = {**BASE, "nothing": True}
    assert merge(base=BASE, mine=flagged, theirs={**BASE, "text": "相手"}).value == {
        **flagged,
        "text": "相手",
    }
    assert merge(base=flagged, mine=BASE, theirs={**flagged, "progress": 2}).value == {**BASE, "progress": 2}
    assert merge(base=flagged, mine=flagged, theirs=BASE).value == BASE
    assert merge(base=None, mine=BASE, theirs=flagged, prefer="mine").value == BASE


def test_nothing_anybody_changed_is_lost_unless_it_is_torn():
    values = [{"text": text, "progress": code} for text in "abc" for code in (None, 1)]
    for base, mine, theirs in product(values, repeat=3):
        merged = merge(base=base, mine=mine, theirs=theirs)
        for aspect, old in base.items():
            if aspect in merged.torn:
                assert len({old, mine[aspect], theirs[aspect]}) == 3
                continue
            changed = {one[aspect] for one in (mine, theirs) if one[aspect] != old}
            assert merged.value[aspect] in (changed or {old})
