"""The words of dates, days, numbers and states."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from minori.ui.templatetags import ui_tags
from tests.minori.ui.rendering import rendered

DUE = dt.date(2022, 10, 14)
SENT = dt.datetime(2022, 10, 14, 7, 52, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _tokyo():
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        yield


@pytest.mark.parametrize(
    ("said_by", "japanese", "english"),
    [
        (ui_tags.day, "10月14日（金）", "Fri 14 Oct"),
        (ui_tags.day_year, "2022年10月14日", "14 October 2022"),
        (ui_tags.day_full, "2022年10月14日（金）", "Fri 14 October 2022"),
        (ui_tags.day_short, "10/14", "14/10"),
        (ui_tags.month, "2022年10月", "October 2022"),
    ],
)
def test_a_day_is_said_in_the_language_of_the_reader(said_by, japanese, english):
    with translation.override("ja"):
        assert said_by(DUE) == japanese
    with translation.override("en"):
        assert said_by(DUE) == english


def test_a_moment_is_said_in_the_time_zone_of_the_reader():
    late_in_utc = dt.datetime(2022, 10, 14, 16, 30, tzinfo=dt.UTC)
    with translation.override("ja"):
        assert ui_tags.moment(SENT) == "10月14日 16:52"
        assert ui_tags.day(late_in_utc) == "10月15日（土）"
    assert ui_tags.clock(SENT) == "16:52"
    assert ui_tags.machine_date(SENT) == "2022-10-14T16:52:00+09:00"


def test_no_date_is_said_as_nothing():
    assert [say(None) for say in (ui_tags.day, ui_tags.clock, ui_tags.moment, ui_tags.machine_date)] == [
        "",
        "",
        "",
        "",
    ]
    assert ui_tags.days_until(None, DUE) is None
    assert ui_tags.days_words(None) == ""
    assert str(ui_tags.time_tag(None)) == ""


@pytest.mark.parametrize(
    ("today", "japanese", "english"),
    [
        (dt.date(2022, 10, 11), "あと3日", "3 days left"),
        (dt.date(2022, 10, 13), "あと1日", "1 day left"),
        (dt.date(2022, 10, 14), "今日まで", "due today"),
        (dt.date(2022, 10, 17), "3日超過", "3 days overdue"),
    ],
)
def test_days_left_are_words(today, japanese, english):
    days = ui_tags.days_until(DUE, today)
    with translation.override("ja"):
        assert ui_tags.days_words(days) == japanese
    with translation.override("en"):
        assert ui_tags.days_words(days) == english


def test_days_until_a_moment_are_counted_in_local_days():
    assert ui_tags.days_until(dt.datetime(2022, 10, 14, 15, 30, tzinfo=dt.UTC), DUE) == 1


def test_late_is_said_only_when_it_was_late():
    with translation.override("ja"):
        assert ui_tags.late_words(4) == "期限後4日"
    assert ui_tags.late_words(0) == ""
    assert ui_tags.late_words(None) == ""


def test_kept_lines_are_escaped():
    assert ui_tags.keep_lines("①<b>一\r\n② & 二\r三") == "①&lt;b&gt;一<br>② &amp; 二<br>三"
    assert ui_tags.keep_lines(None) == ""


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, None, "1,234,567"),
        ("2.50", None, "2.5"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("2.5"), 0, "3"),
        (2.675, 2, "2.68"),
        (Decimal("-2.5"), 0, "-3"),
        (100, None, "100"),
        (0, 1, "0.0"),
        (None, 1, "—"),
        ("二十人", None, "二十人"),
    ],
)
def test_numbers_are_rounded_half_up_and_nothing_is_not_zero(value, places, text):
    assert ui_tags.number(value, places) == text


def test_a_ratio_is_a_percentage():
    with translation.override("ja"):
        assert ui_tags.percent(Decimal(8) / Decimal(17)) == "47.1％"
        assert ui_tags.percent(None) == "—"
    with translation.override("en"):
        assert ui_tags.percent(Decimal("0.3335"), 1) == "33.4%"


@pytest.mark.parametrize(
    ("code", "key", "word", "short"),
    [
        (1, "1", "計画より進んでいる", "進み"),
        ("3", "3", "計画より遅れている", "遅れ"),
        (None, "blank", "未報告", "未報告"),
        ("", "blank", "未報告", "未報告"),
        ("missing", "missing", "未提出", "未提出"),
        ("9", "blank", "未報告", "未報告"),
    ],
)
def test_a_blank_code_is_not_reported_and_never_on_plan(code, key, word, short):
    with translation.override("ja"):
        assert (ui_tags.code_key(code), ui_tags.code_word(code), ui_tags.code_short(code)) == (
            key,
            word,
            short,
        )


def test_attributes_are_escaped_whatever_quotes_they_hold():
    hostile = '"x" onmouseover="alert(1)"'
    html = rendered('<c-button type="button" :data-text="text">押す</c-button>', text=hostile)
    assert "onmouseover=&quot;" in html
    assert 'data-text="&quot;x&quot;' in html
    assert 'onmouseover="' not in html


def test_texts_given_to_a_component_are_escaped():
    hostile = "<script>alert(1)</script>"
    for source in (
        '<c-task-item title="{{ t }}" hint="{{ t }}" />',
        '<c-comment who="{{ t }}" :text="t" />',
        '<c-banner :title="t" />',
    ):
        html = rendered(source, t=hostile)
        assert "&lt;script&gt;" in html, source
        assert "<script>" not in html, source


def test_a_component_does_not_see_the_variables_around_it():
    assert "外" not in rendered('<c-tile label="提出" figure="1" />', note="外", href="/外")


def test_a_missing_route_is_nothing():
    assert rendered('{% route "no:such" "neither" as url %}[{{ url }}]') == "[]"
    assert rendered('{% route "no:such" "set_language" as url %}[{{ url }}]') == "[/language/]"
