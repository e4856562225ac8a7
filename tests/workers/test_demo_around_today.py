"""The demo lies around today on every day of the year, and is not mixed with anybody else's work."""

import json
from argparse import Namespace
from datetime import date, timedelta
from typing import Any

import pytest

from workers.demo.dates import around, moment

TODAY = date(2026, 11, 24)


def test_the_demo_is_not_mixed_with_other_peoples_work(db: None, capsys: Any) -> None:
    from minori.problems import Problem
    from tests.factories import people
    from workers.commands import demo as command

    people.person()
    assert command.run(Namespace(if_empty=True)) == 0
    assert "other data" in capsys.readouterr().out
    with pytest.raises(Problem, match="other data"):
        command.run(Namespace(if_empty=False))


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2028, 1, 1)])
def test_the_current_round_lies_around_today_on_every_day(first: date) -> None:
    for day in (first + timedelta(days=number) for number in range(366)):
        dates = around(day)
        assert dates.now.opens_on <= dates.due_on - timedelta(days=8), day
        assert dates.due_on <= day - timedelta(days=3), day
        assert dates.rounds[2].due_on > day - timedelta(days=3), day
        assert len(dates.rounds) == 6
        assert dates.last.due_on < dates.now.opens_on


def test_the_texts_speak_of_the_period() -> None:
    from workers.demo import plans

    words = around(TODAY).words
    said = json.dumps(
        [
            answer.to_json()
            for one in plans.organizations()
            for grant in one["grants"]
            for answer in plans.row_answers(grant, words, last=True)
        ],
        ensure_ascii=False,
    )
    assert words["last_end"] == "2026年3月末"
    assert "2026年3月末までに71日開所した" in said
    assert "{" not in said.replace('{"row"', "")


def test_moments_are_tokyo_s() -> None:
    assert moment(date(2022, 10, 14)).isoformat() == "2022-10-14T10:00:00+09:00"
