"""Ladders changed by hand: worked out by hand, and what a change does to reports that are on their way.

2026: 29 April and 3–6 May are holidays in Japan, 2 and 9 May are Saturdays.
"""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import MINORI, Actor
from minori.mail import asking, laddering, ladders, reminders
from minori.mail.enums import DATED_LADDERS, Ladder, Outcome
from minori.mail.laddering import BadLadder, ChangedMeanwhile, Wanted
from minori.mail.ladders import Rung, course, turn
from minori.mail.models import LedgerEntry, Message, Step
from minori.mail.setting_models import LadderSetting
from minori.programmes import deadlines as dates
from minori.programmes.holidays import business_days_in
from minori.programmes.models import Deadline, Programme
from tests.factories import programmes
from tests.minori.mail import steps

pytestmark = pytest.mark.django_db

JAPAN = business_days_in("Asia/Tokyo")
MANAGER = Actor(person_id=None, name="高橋 管理")
OTHER = Actor(person_id=None, name="鈴木 次長")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


def wanted(*days: int | None, asks_from: int = 7) -> Wanted:
    """A ladder around the due date, all others as they are by default."""
    return Wanted({**laddering.DEFAULT.days, Ladder.DUE: days}, {Ladder.DUE: asks_from, Ladder.RETURN: 7})


def change(deadline: Deadline, said: Wanted, *, at: str, seen: int = 0, by: Actor = MANAGER) -> bool:
    return laddering.change(deadline.grant.programme, wanted=said, seen=seen, by=by, at=tokyo(at))


def worked(
    said: Wanted, *, opens_on: date, due_on: date, today: date, decided: tuple[str, ...] = ()
) -> list[Any]:
    found = course(
        said.rungs(Ladder.DUE), opens_on=opens_on, due_on=due_on, today=today, works=JAPAN, decided=decided
    )
    return [(day, one.speaks.key, [rung.key for rung in one.stale]) for day, one in found]


def mailed(days: list[str]) -> list[str]:
    """The days on which a sweep at 09:00 writes a mail."""
    return [day for day in days if steps.swept(tokyo(f"{day}T09:00")).mails]


def october(first: int, last: int) -> list[str]:
    return [f"2026-10-{day:02}" for day in range(first, last + 1)]


def test_an_edited_ladder_around_golden_week() -> None:
    # due Thursday 7 May; 30, 10 and 2 days before, the day, 2 and 10 days after
    found = worked(
        wanted(-30, -10, -2, 0, 2, 10),
        opens_on=date(2026, 4, 1),
        due_on=date(2026, 5, 7),
        today=date(2026, 4, 1),
    )
    assert found == [
        (date(2026, 4, 7), "before-30", []),
        (date(2026, 4, 27), "before-10", []),
        (date(2026, 5, 1), "before-2", []),  # 5 May is こどもの日; 2–6 May are off
        (date(2026, 5, 7), "on-the-day", []),
        (date(2026, 5, 11), "after-2", []),  # 9 May is a Saturday
        (date(2026, 5, 18), "after-10", []),  # 17 May is a Sunday
    ]


def test_steps_that_golden_week_pushes_together_are_one_mail() -> None:
    found = worked(
        wanted(-5, -3, -1, 0), opens_on=date(2026, 4, 1), due_on=date(2026, 5, 6), today=date(2026, 4, 1)
    )
    # 6 May itself is off: 1, 3 and 5 May and the day itself all become Friday 1 May
    assert found == [(date(2026, 5, 1), "on-the-day", ["before-5", "before-3", "before-1"])]


def test_an_edited_ladder_of_a_due_date_on_a_weekend() -> None:
    # due Sunday 15 November
    found = worked(
        wanted(-1, 0, 1, 2), opens_on=date(2026, 11, 1), due_on=date(2026, 11, 15), today=date(2026, 11, 1)
    )
    assert found == [
        (date(2026, 11, 13), "on-the-day", ["before-1"]),
        (date(2026, 11, 16), "after-1", []),
        (date(2026, 11, 17), "after-2", []),
    ]


def test_a_course_that_begins_late_catches_up_once() -> None:
    found = worked(
        wanted(None, -14, -3, 1),
        opens_on=date(2026, 9, 24),
        due_on=date(2026, 10, 14),
        today=date(2026, 10, 10),
    )
    # 10–12 October: a weekend and a holiday
    assert found == [
        (date(2026, 10, 13), "before-3", ["opening", "before-14"]),
        (date(2026, 10, 15), "after-1", []),
    ]


def test_a_ladder_without_steps_says_nothing(fortnight: Deadline, writer: Any) -> None:
    change(fortnight, wanted(), at="2026-09-20T08:00")
    assert mailed(october(1, 31)) == []
    assert LedgerEntry.objects.count() == 0
    assert not Step.objects.filter(ladder=Ladder.DUE).exists()


@pytest.mark.parametrize("fallen", [date(2026, 10, 14), date(2026, 10, 18)])
def test_the_preview_says_what_the_sweep_does(fortnight: Deadline, writer: Any, fallen: date) -> None:
    """A weekday and a Sunday: the days of the course are the days of the mails."""
    dates.move(fortnight, due_on=fallen, by=MINORI, at=tokyo("2026-09-20T08:00"))
    said = wanted(None, -9, -4, -2, 0, 1, 3, asks_from=30)
    change(fortnight, said, at="2026-09-20T08:00")
    foretold = worked(said, opens_on=date(2026, 9, 24), due_on=fallen, today=date(2026, 9, 21))
    happened = mailed([(date(2026, 9, 21) + timedelta(days=more)).isoformat() for more in range(50)])
    assert happened == [day.isoformat() for day, _key, _stale in foretold]
    spoken = LedgerEntry.objects.filter(outcome=Outcome.PLANNED).order_by("pk")
    assert list(spoken.values_list("step", flat=True)) == [key for _day, key, _stale in foretold]


def test_a_step_that_was_sent_is_not_sent_under_another_name(fortnight: Deadline, writer: Any) -> None:
    assert mailed(["2026-09-30"]) == ["2026-09-30"]  # 14 days before
    change(fortnight, wanted(None, -20, -15, -3, 0, 1), at="2026-10-01T10:00")
    # 20 and 15 days before are past: not made up for
    assert mailed(october(1, 15)) == ["2026-10-09", "2026-10-14", "2026-10-15"]


def test_a_step_that_is_still_to_come_moves(fortnight: Deadline, writer: Any) -> None:
    change(fortnight, wanted(None, -10, -5, 0), at="2026-09-25T10:00")
    assert mailed(["2026-09-25", "2026-09-30", *october(1, 20)]) == [
        "2026-09-25",  # the opening, caught up
        "2026-10-02",  # 4 October is a Sunday
        "2026-10-09",
        "2026-10-14",
    ]


@pytest.mark.parametrize(("saved", "goes"), [("2026-10-08T08:59", True), ("2026-10-08T09:00", False)])
def test_a_step_for_today_counts_if_it_is_added_before_nine(
    fortnight: Deadline, writer: Any, *, saved: str, goes: bool
) -> None:
    mailed(["2026-09-24", "2026-09-30"])
    change(fortnight, wanted(None, -14, -6, -3, 0), at=saved)
    assert mailed(["2026-10-08"]) == (["2026-10-08"] if goes else [])
    assert mailed(october(9, 14)) == ["2026-10-09", "2026-10-14"]


def test_a_step_taken_out_and_put_in_again_is_the_same_step(fortnight: Deadline, writer: Any) -> None:
    mailed(["2026-09-30"])
    change(fortnight, wanted(None, -3, 0), at="2026-09-30T10:00")
    change(fortnight, wanted(None, -14, -3, 0), at="2026-09-30T10:05", seen=1)
    assert mailed(["2026-09-30", *october(1, 8)]) == []
    assert Message.objects.count() == 1


def test_a_moved_due_date_runs_the_edited_ladder_anew(fortnight: Deadline, writer: Any) -> None:
    change(fortnight, wanted(None, -10, -2, 0), at="2026-09-20T10:00")
    assert mailed(["2026-09-24", *october(1, 8)]) == ["2026-09-24", "2026-10-02"]
    dates.move(fortnight, due_on=date(2026, 11, 4), by=MINORI, at=tokyo("2026-10-08T18:00"))
    # 10 days before is 25 October, a Sunday; 2 days before is 2 November, the 3rd is 文化の日
    assert mailed([*october(9, 31), "2026-11-02", "2026-11-04"]) == ["2026-10-23", "2026-11-02", "2026-11-04"]


def test_what_an_officer_was_asked_stays_asked_and_what_was_allowed_goes_out(
    fortnight: Deadline, writer: Any
) -> None:
    late = "2026-10-21T09:00"
    reminders.sweep(at=tokyo(late))
    entry = asking.waiting_for_a_word([fortnight.grant.programme])[0]
    change(fortnight, wanted(None, -3, 0, 1, asks_from=30), at="2026-10-21T10:00")
    assert mailed(["2026-10-22"]) == []
    assert [one.pk for one in asking.waiting_for_a_word([fortnight.grant.programme])] == [entry.pk]
    asking.allow([entry], by=MANAGER, at=tokyo("2026-10-22T12:00"))
    assert mailed(["2026-10-23", "2026-10-26"]) == ["2026-10-23"]


def test_whether_the_officer_is_asked_is_set_here(fortnight: Deadline, writer: Any) -> None:
    mailed(["2026-10-15"])
    change(fortnight, wanted(None, -14, -3, 0, 1, 7, 14, asks_from=14), at="2026-10-16T10:00")
    assert mailed(october(20, 27)) == ["2026-10-21"]
    assert mailed(["2026-10-28"]) == []
    assert [one.step for one in asking.waiting_for_a_word([fortnight.grant.programme])] == ["after-14"]


def test_nothing_goes_out_after_handing_in_whatever_is_added(fortnight: Deadline, writer: Any) -> None:
    steps.hand_in(fortnight, at=tokyo("2026-10-01T12:00"))
    change(fortnight, wanted(*range(-20, 21)[:30]), at="2026-10-01T13:00")
    assert mailed(october(2, 31)) == []


def test_a_change_is_in_the_trail_and_only_a_change_is(fortnight: Deadline) -> None:
    assert not change(fortnight, laddering.DEFAULT, at="2026-10-01T10:00")
    assert change(fortnight, wanted(None, -14, 0, 1, 7, 14, asks_from=3), at="2026-10-01T10:00")
    event = Event.objects.get(action=Action.LADDER_CHANGED)
    assert (event.person_name, event.programme_id) == ("高橋 管理", fortnight.grant.programme_id)
    assert event.details == {"removed": ["before-3"], "asks_from": 3, "return_asks_from": 7}
    assert change(fortnight, laddering.DEFAULT, at="2026-10-01T11:00", seen=1)
    assert laddering.of(fortnight.grant.programme).wanted().asks_from == {Ladder.DUE: 7, Ladder.RETURN: 7}


def test_whom_the_default_asks_is_kept_even_where_no_step_shows_it(fortnight: Deadline) -> None:
    change(fortnight, wanted(None, 0, asks_from=5), at="2026-10-01T10:00")
    said = laddering.of(fortnight.grant.programme).wanted()
    assert said.asks_from[Ladder.DUE] == 5


def test_who_saves_over_an_old_page_is_told_and_loses_nothing(fortnight: Deadline) -> None:
    change(fortnight, wanted(None, -14, 0), at="2026-10-01T10:00", by=OTHER)
    with pytest.raises(ChangedMeanwhile) as told:
        change(fortnight, wanted(None, -7, 0), at="2026-10-01T10:01")
    assert (told.value.setting.changed_by_name, told.value.setting.version) == ("鈴木 次長", 1)
    assert [rung.days for rung in laddering.of(fortnight.grant.programme).rungs[Ladder.DUE]] == [None, -14, 0]
    assert change(fortnight, wanted(None, -7, 0), at="2026-10-01T10:02", seen=1)


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_are_one_after_the_other(fortnight: Deadline) -> None:
    together, came = Barrier(2), []

    def save(days: tuple[int | None, ...]) -> None:
        programme = Programme.objects.select_related("distributor").get(pk=fortnight.grant.programme_id)
        together.wait()
        try:
            laddering.change(
                programme, wanted=wanted(*days), seen=0, by=MANAGER, at=tokyo("2026-10-01T10:00")
            )
            came.append("saved")
        except ChangedMeanwhile:
            came.append("told")
        finally:
            connection.close()

    threads = [Thread(target=save, args=(days,)) for days in ((None, -7), (None, -8))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(came) == ["saved", "told"]
    assert LadderSetting.objects.get().version == 1
    assert [rung.days for rung in laddering.of(fortnight.grant.programme).rungs[Ladder.DUE]] in (
        [None, -7],
        [None, -8],
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({Ladder.DUE: range(-20, 11)}, "30回まで"),
        ({Ladder.DUE: [-366]}, "365日以内"),
        ({Ladder.RETURN: [None]}, "受付開始"),
        ({Ladder.CHANGE: [0]}, "365日以内"),
    ],
)
def test_an_impossible_ladder_is_refused_with_a_sentence(fortnight: Deadline, days: Any, words: str) -> None:
    with pytest.raises(BadLadder, match=words):
        change(fortnight, Wanted(days), at="2026-10-01T10:00")
    assert not LadderSetting.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE mail_laddersetting SET version = version",
        "UPDATE mail_laddersetting SET version = version + 2",
        "DELETE FROM mail_laddersetting",
        "UPDATE mail_laddersetting SET version = version + 1, asks_from = 0",
        "UPDATE mail_step SET days = 400 WHERE key = 'after-1'",
        "UPDATE mail_step SET asks_officer = true WHERE key = 'before-3'",
        "UPDATE mail_step SET days = 0 WHERE key = 'change-7'",
        (
            "INSERT INTO mail_step (programme_id, ladder, key, days, asks_officer)"
            " SELECT programme_id, 'due', 'many-' || n, -n, false FROM mail_laddersetting, generate_series(20, 50) AS n"
        ),
    ],
)
def test_the_database_refuses_what_no_page_would_save(fortnight: Deadline, broken: str) -> None:
    change(fortnight, wanted(None, -3, 0, 1), at="2026-10-01T10:00")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(broken)


def test_another_programme_keeps_its_own_ladder(fortnight: Deadline, hikari: Any) -> None:
    other = programmes.grant(organization=hikari)
    change(fortnight, wanted(0), at="2026-10-01T10:00")
    assert [rung.days for rung in laddering.of(other.programme).rungs[Ladder.DUE]] == [
        None,
        -14,
        -3,
        0,
        1,
        7,
        14,
    ]


def test_a_turn_is_nobodys_where_the_newest_was_decided() -> None:
    come = [Rung("before-3", -3), Rung("on-the-day", 0)]
    assert turn(come, is_decided=lambda rung: rung.key == "on-the-day") is None
    assert turn([], is_decided=lambda _rung: False) is None


@pytest.mark.parametrize("ladder", list(Ladder))
def test_a_steps_name_tells_its_ladder_and_its_days(ladder):
    of_dates = (None, -30, -3, 0, 1, 14) if ladder is Ladder.DUE else (-3, 0, 7)
    for days in of_dates if ladder in DATED_LADDERS else (3, 14):
        assert laddering.read_key(laddering.key_of(ladder, days)) == (ladder, days)
    for rung in ladders.DEFAULTS[ladder]:
        assert laddering.read_key(rung.key) == (ladder, rung.days)
