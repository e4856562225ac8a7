"""The officer's page of a grant's numbers: texts, what was confirmed of them, what comes out and why."""

from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.accounts.enums import StaffRole
from minori.filings import readings
from minori.filings.enums import Aspect
from minori.filings.models import Reading
from minori.filings.readings import Given
from minori.indicators.measures import Kind, Measure, Per
from minori.indicators.stored import from_json
from minori.registry.models import RegisteredIndicator
from reporting.portfolio import forms, saying
from tests.factories import filings, people, programmes, registry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
TIMES, PEOPLE = registry.identity("0101/0"), registry.identity("0101/1")
TARGET = Measure("年間150回", Kind.AT_LEAST, value=Decimal(150), unit="回", per=Per.YEAR)
ACTUAL = {"kind": "exact", "value": "７５", "unit": "回", "covers": "fiscal_year", "reading": ""}


@pytest.fixture
def deadline(hikari: Any) -> Any:
    """A report handed in: ①72回, ②のべ640人."""
    found = programmes.deadline(organization=hikari)
    filings.handed_in(found)
    return found


@pytest.fixture
def officer(deadline: Any, client: Any) -> Any:
    """Signed in as an officer of the grant's distributor."""
    return people.sign_in(client, people.officer(deadline.grant.programme.distributor))


def page(deadline: Any) -> str:
    return reverse("portfolio:numbers", kwargs={"code": deadline.grant.code})


def number(deadline: Any, uuid: Any = TIMES, aspect: str = "actual") -> str:
    return reverse("portfolio:number", kwargs={"code": deadline.grant.code, "uuid": uuid, "aspect": aspect})


def target_confirmed(deadline: Any) -> Reading:
    indicator = RegisteredIndicator.objects.get(uuid=TIMES, row__version__grant=deadline.grant)
    return readings.confirm(
        indicator, aspect=Aspect.TARGET, given=Given(measure=TARGET), by=filings.EDITOR, at=AT
    )


def html_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_before_anything_is_confirmed_every_figure_is_a_dash_with_its_reason(officer, deadline):
    html = html_of(officer.get(page(deadline)))
    assert "72回" in html
    assert "目標がまだ確認されていません。" in html
    assert " %" not in html
    assert "3指標のうち0指標に達成率があります。" in html


def test_what_the_words_seem_to_mean_is_shown_and_confirmed_with_one_click_but_counts_nowhere_before(
    officer, deadline
):
    html = html_of(officer.get(page(deadline)))
    assert "読み取り案：150回以上／年" in html
    assert "読み取り案：2028年3月31日" in html
    assert Reading.objects.count() == 0
    (line,) = (
        line
        for row in officer.get(page(deadline)).context["rows"]
        for one in row.indicators
        for line in one.lines
        if one.one.indicator.uuid == TIMES and line.aspect == Aspect.TARGET
    )
    assert officer.post(number(deadline, aspect="target"), line.at_once).status_code == 302
    reading = Reading.objects.get()
    assert from_json(reading.measure).value == 150
    assert from_json(reading.measure).per == Per.YEAR
    day = {"reading": "", "on": "2028-03-31"}
    assert officer.post(number(deadline, aspect="achieve_by"), day).status_code == 302


def test_one_click_confirms_the_very_words_that_were_shown_and_nothing_else(officer, deadline):
    html = html_of(officer.get(page(deadline)))
    assert 'name="as_read" value="150回以上／年"' in html
    assert 'name="as_read" value="2028-03-31"' in html
    seen = {"as_read": "300回以上／年"}  # not what the text reads as now
    answer = officer.post(number(deadline, aspect="target"), seen, follow=True)
    assert "もう一度ご覧ください" in html_of(answer)
    assert Reading.objects.count() == 0
    assert officer.post(number(deadline), {"as_read": ""}).status_code == 302  # an actual says what it covers
    assert Reading.objects.count() == 0
    officer.post(number(deadline, aspect="target"), {"as_read": "150回以上／年"})
    assert from_json(Reading.objects.get().measure).value == 150
    officer.post(number(deadline, aspect="target"), {"as_read": "150回以上／年"})  # pressed twice
    assert Reading.objects.count() == 1


def test_a_long_plan_comes_in_pages_and_an_address_with_an_indicator_shows_its_page(hikari, client):
    names = [f"回数{place}" for place in range(8)]
    plan = [{"code": "0101", "statement": "居場所", "indicators": [{"statement": one} for one in names]}]
    deadline = programmes.deadline(organization=hikari)
    registry.registered(deadline.grant, registry.framework(plan))
    filings.handed_in(deadline, rows={"0101": {"text": "72回", "progress": 2}})
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    cards = [f'id="i-{registry.identity(f"0101/{place}")}"' for place in range(8)]

    def shown(**asked: str) -> list[bool]:
        html = html_of(client.get(page(deadline), asked))
        assert all(f"at={registry.identity(f'0101/{place}')}" in html for place in range(8))
        assert "8指標のうち0指標に達成率があります。" in html
        return [card in html for card in cards]

    assert shown() == [True] * 4 + [False] * 4
    assert shown(page="2") == [False] * 4 + [True] * 4
    assert shown(at=str(registry.identity("0101/7"))) == [False] * 4 + [True] * 4
    assert shown(at="nonsense") == [True] * 4 + [False] * 4
    whole = html_of(client.get(page(deadline), {"whole": "page"}))
    assert all(card in whole for card in cards)


def test_an_actual_is_never_confirmed_without_saying_what_it_covers(officer, deadline):
    rows = officer.get(page(deadline)).context["rows"]
    actuals = [
        line for row in rows for one in row.indicators for line in one.lines if line.aspect == Aspect.ACTUAL
    ]
    assert [line.proposed for line in actuals] == ["72回", "640人"]
    assert [line.at_once for line in actuals] == [{}, {}]
    shown = html_of(officer.get(number(deadline)))
    assert 'value="72"' in shown
    assert "確認してはじめて数えます" in shown


def test_confirmed_numbers_give_achievement_with_an_explanation(officer, deadline):
    target_confirmed(deadline)
    assert officer.post(number(deadline), ACTUAL).status_code == 302
    html = html_of(officer.get(page(deadline)))
    assert "50.0 %" in html
    assert "75 ÷ 150 = 50.0 %" in html
    assert "150回以上／年" in html
    assert f'href="/desk/review/{deadline.pk}/"' in html
    reading = Reading.objects.get(aspect=Aspect.ACTUAL)
    assert from_json(reading.measure).text == "72回"
    assert (from_json(reading.measure).value, reading.covers) == (75, "fiscal_year")


def test_a_reading_is_corrected_and_taken_back(officer, deadline):
    officer.post(number(deadline), ACTUAL)
    first = Reading.objects.get()
    shown = html_of(officer.get(number(deadline)))
    assert 'value="75"' in shown
    said = ACTUAL | {"value": "80", "reading": first.pk, "reason": "月報の合計と突き合わせた"}
    officer.post(number(deadline), said)
    second = Reading.objects.counting().get()
    assert from_json(second.measure).value == 80
    officer.post(number(deadline), {"step": "withdraw", "reading": second.pk})
    assert Reading.objects.counting().count() == 0
    assert Reading.objects.count() == 3


def test_a_correction_asks_why_says_that_it_corrected_and_keeps_the_reason(officer, deadline):
    target_confirmed(deadline)
    assert "数値の履歴" not in html_of(officer.get(number(deadline)))
    assert 'name="reason"' not in html_of(officer.get(number(deadline)))
    assert "確認しました。" in html_of(officer.post(number(deadline), ACTUAL, follow=True))
    first = Reading.objects.get(aspect=Aspect.ACTUAL)
    said = ACTUAL | {"value": "90", "reading": first.pk, "reason": "  "}
    refused = officer.post(number(deadline), said)
    assert refused.status_code == 422
    assert "訂正する理由を入力してください" in html_of(refused)
    assert 'value="90"' in html_of(refused)
    done = html_of(officer.post(number(deadline), said | {"reason": "3回を数え落としていた"}, follow=True))
    assert "数値を訂正しました。" in done
    assert "訂正の理由「3回を数え落としていた」" in done, "the explanation of the figure says why"
    history = html_of(officer.get(number(deadline))).partition("この数値の履歴")[2]
    assert history.index("75回") < history.index("90回")
    assert "理由：3回を数え落としていた" in history
    steps = html_of(officer.get(reverse("review:history", kwargs={"deadline": deadline.pk})))
    assert "理由：3回を数え落としていた" in steps


def test_another_unit_than_the_targets_is_said_as_the_number_is_confirmed(officer, deadline):
    target_confirmed(deadline)
    done = html_of(officer.post(number(deadline), ACTUAL | {"unit": "人"}, follow=True))
    assert "単位（人）が目標の単位（回）と合わないため、達成率は計算されません。" in done
    assert "比べません。（人 / 回）" in done
    first = Reading.objects.get(aspect=Aspect.ACTUAL)
    said = ACTUAL | {"reading": first.pk, "reason": "単位の間違い"}
    assert "合わないため" not in html_of(officer.post(number(deadline), said, follow=True))


def test_who_was_slower_is_told_and_loses_nothing_typed(officer, deadline):
    officer.post(number(deadline), ACTUAL)
    response = officer.post(number(deadline), ACTUAL | {"value": "99"})
    assert response.status_code == 422
    assert "すでに確認されています" in html_of(response)
    assert 'value="99"' in html_of(response)
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("aspect", "posted", "told"),
    [
        ("actual", ACTUAL | {"value": ""}, "数値を入れてください。"),
        ("actual", ACTUAL | {"value": "たくさん"}, "数値だけを入れてください"),
        ("actual", ACTUAL | {"covers": ""}, "どの期間"),
        ("actual", ACTUAL | {"covers": "date"}, "日付を入れてください"),
        ("actual", ACTUAL | {"kind": "state"}, "到達状況を選んでください"),
        ("target", {"kind": "range", "value": "3", "unit": "回"}, "範囲の上の値を入れてください。"),
        ("target", {"kind": "share", "value": "3", "unit": "人"}, "分母"),
        ("target", {"kind": "at_least", "years": "来年: 3"}, "1行に年と数値"),
        ("achieve_by", {"on": "いつか"}, "2026-10-24"),
    ],
)
def test_what_is_missing_is_said_at_its_field(officer, deadline, aspect, posted, told):
    response = officer.post(number(deadline, aspect=aspect), posted)
    assert response.status_code == 422
    assert told in html_of(response)
    assert Reading.objects.count() == 0


def test_a_target_per_named_year_a_share_and_a_day_can_be_entered(officer, deadline):
    officer.post(
        number(deadline, aspect="target"),
        {"kind": "at_least", "years": "2026: 1,000\n２０２７: 2000", "unit": "人"},
    )
    officer.post(
        number(deadline, aspect="baseline"), {"kind": "share", "value": "8", "of": "17", "unit": "団体"}
    )
    officer.post(number(deadline, aspect="achieve_by"), {"on": "2028-03-31"})
    html = html_of(officer.get(page(deadline)))
    for words in ("2026: 1,000人　2027: 2,000人", "8/17団体", "2028年3月31日"):
        assert words in html
    assert "2026: 1,000" in html_of(officer.get(number(deadline, aspect="target")))


def test_a_state_is_judged(officer, deadline):
    officer.post(number(deadline, aspect="target"), {"kind": "state"})
    officer.post(number(deadline), {"kind": "state", "reached": "yes"})
    html = html_of(officer.get(page(deadline)))
    assert "到達した" in html
    assert "目標に到達" in html


def test_rounds_can_be_chosen_and_the_newest_is_shown(officer, deadline):
    later = programmes.deadline(of=deadline.grant)
    filings.handed_in(later, rows={"0101": {"text": "①90回\n②のべ800人"}})
    html = html_of(officer.get(page(deadline)))
    assert ">90回<" in html
    assert ">72回<" not in html
    assert ">72回<" in html_of(officer.get(page(deadline), {"round": "1"}))


def test_nothing_to_report_is_said_and_has_no_number_to_confirm(officer, deadline):
    later = programmes.deadline(of=deadline.grant)
    filings.handed_in(later, rows={"0101": {"nothing": True}})
    html = html_of(officer.get(page(deadline)))
    assert "今期は報告なし" in html
    assert "actual/" not in html


def test_another_distributor_and_readers_confirm_nothing(deadline, client):
    people.sign_in(client, people.officer(programmes.distributor()))
    assert client.get(page(deadline)).status_code == 404
    assert client.post(number(deadline), ACTUAL).status_code == 404
    people.sign_in(client, people.officer(deadline.grant.programme.distributor, StaffRole.READER))
    html = html_of(client.get(page(deadline)))
    assert "確認する" not in html
    assert client.post(number(deadline), ACTUAL).status_code == 403
    assert Reading.objects.count() == 0


def test_a_reading_of_another_organization_is_never_corrected_from_here(officer, deadline, kibou):
    theirs = programmes.deadline(organization=kibou)
    filings.handed_in(theirs)
    figure = theirs.current_filing.figures.get(indicator_uuid=TIMES)
    given = Given(
        measure=Measure("72回", Kind.EXACT, value=Decimal(72), unit="回"), covers=readings.Covers.START
    )
    other = readings.confirm(figure, given=given, by=filings.EDITOR, at=AT)
    said = ACTUAL | {"reading": other.pk, "reason": "写し間違い"}
    assert officer.post(number(deadline), said).status_code == 404
    assert officer.post(number(deadline), {"step": "withdraw", "reading": other.pk}).status_code == 404
    assert officer.post(number(deadline), {"step": "withdraw", "reading": ""}).status_code == 404
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("uuid", [registry.identity("nowhere"), TIMES])
def test_what_the_plan_or_the_report_does_not_have_is_not_found(officer, deadline, uuid):
    aspect = "actual" if uuid != TIMES else "opinion"
    assert officer.get(number(deadline, uuid, aspect)).status_code == 404


def test_the_page_takes_the_same_queries_for_one_and_for_three_rounds(officer, deadline):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            officer.get(page(deadline))
        return len(captured)

    officer.get(page(deadline))
    before = count()
    for _ in range(2):
        filings.handed_in(programmes.deadline(of=deadline.grant))
    assert count() == before == 12


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Measure("", Kind.AT_LEAST, value=Decimal(1500), unit="人", per=Per.TOTAL), "1,500人以上"),
        (Measure("", Kind.AT_MOST, value=Decimal("0.5"), unit="件"), "0.5件以下"),
        (Measure("", Kind.ABOUT, value=Decimal(20), unit="人", per=Per.OCCURRENCE), "約20人／回"),
        (Measure("", Kind.RANGE, value=Decimal(3), upper=Decimal(5), unit="回"), "3–5回"),
        (Measure("", Kind.INCREASE, value=Decimal(3), unit="回"), "3回増"),
        (Measure("", Kind.SCALE, value=Decimal(3), of=Decimal(5)), "3/5"),
        (Measure("", Kind.ALL, value=Decimal(100), unit="%"), "すべて（100％）"),
        (Measure("", Kind.SHARE, value=Decimal(80), unit="%"), "80%"),
        (Measure("", Kind.SAME), "ほかと同じ（同上）"),
        (
            Measure("", Kind.SCALE, value=Decimal(2), of=Decimal(5), lower_is_better=True),
            "2/5（小さいほど良い）",
        ),
    ],
)
def test_measures_are_said_in_a_few_words(measure, words):
    from django.utils import translation

    with translation.override("ja"):
        assert saying.measure(measure) == words


def test_every_kind_reason_mark_and_rule_that_can_be_shown_has_words():
    assert set(saying.REASONS) == set(saying.Reason)
    assert set(saying.MARKS) == set(saying.Mark)
    assert set(saying.PERS) == set(Per)
    assert set(saying.ROLES) == set(saying.Role)
    assert set(saying.KINDS) == set(Kind)  # 同上 too, which gives no number and says why


def test_an_officer_who_does_not_know_leaves_the_form_as_it_stands():
    assert forms.initial(Aspect.ACTUAL, None, None, None)["kind"] == "exact"
    assert forms.initial(Aspect.TARGET, None, TARGET, None)["value"] == "150"
