"""The optional number beside a text: in step with it, a person's own, confirmed by handing in and by nothing else."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import readings, reviewing
from minori.filings.enums import Side
from minori.filings.models import Figure, Filing, Reading
from minori.filings.readings import Given
from minori.indicators.measures import Kind, Measure
from minori.indicators.statements import Covers
from minori.tenancy.rooms import entering
from tenants.reports import drafts, numbers
from tenants.reports.models import Answer
from tenants.reports.numbers import State
from tests.factories import people, registry
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_autosave import Page
from tests.tenants.reports.test_handing_in import APPROVAL, OFFICER, check, fill, seen_on
from tests.tenants.reports.test_open_parts import sent_back

pytestmark = pytest.mark.django_db
ROW = str(registry.identity("0101"))
OPENED, USED = (str(registry.identity(f"0101/{place}")) for place in (0, 1))


def named(indicator: str, **parts: str) -> dict[str, str]:
    """The inputs of a number as a page posts them."""
    all_parts = {"value": "", "unit": "", "span": "", "on": "", "beside": "", **parts}
    return {f"row-{ROW}-n-{indicator}-{part}": text for part, text in all_parts.items()}


def typed(text: str, **more: str) -> dict[str, str]:
    return {"key": ROW, f"row-{ROW}-text": text, **named(OPENED), **named(USED), **more}


def standing(deadline: Any) -> dict[str, numbers.Number]:
    """The numbers of the row, by indicator."""
    with entering(deadline.organization):
        copy = drafts.read(deadline)
        found = numbers.of_copy(copy, numbers.around_of(copy))
    return {str(one.indicator.uuid): one for one in found}


@pytest.fixture
def page(client: Client, deadline: Any, editor: Any) -> Page:
    return Page(client, deadline, editor, section="results")


def test_the_number_follows_the_text_and_nothing_is_stored(page: Page, deadline: Any) -> None:
    told = page.save(**typed("①今期は3回\n②延べ20人"))["fields"][ROW]["numbers"]

    assert told[OPENED]["token"] == "3|回|period|"
    assert "3回・この報告期間の分" in told[OPENED]["said"]
    assert told[USED]["token"] == "20|人||"
    assert "「いつの分か」を選ぶと集計されます" in told[USED]["said"]
    with entering(deadline.organization):
        assert numbers.ASPECT not in Answer.objects.get(key=ROW).value
    found = standing(deadline)
    assert (found[OPENED].state, found[USED].state) == (State.READ, State.SPAN)
    assert found[USED].given is None


def test_marks_within_a_line_tell_the_indicators_apart_and_a_shared_text_has_no_number(
    page: Page, deadline: Any
) -> None:
    page.save(**typed("①今期3回　②今期20人"))
    assert {
        key: one.box.value for key, one in standing(deadline).items() if one.row == registry.identity("0101")
    } == {
        OPENED: "3",
        USED: "20",
    }
    page.save(**typed("①及び②ともに、今期は20"))
    assert {one.state for one in standing(deadline).values()} == {State.NONE}


def test_what_a_person_types_stays_and_the_page_says_when_the_text_reads_differently(
    page: Page, deadline: Any
) -> None:
    page.save(**typed("①今期は3回\n②延べ20人"))
    own = named(OPENED, value="4", unit="回", span="period", beside="3|回|period|")
    told = page.save(**typed("①今期は3回\n②延べ20人", **own))["fields"][ROW]["numbers"]
    assert standing(deadline)[OPENED].state is State.SAID
    assert "data-take" not in told[OPENED]["offers"], "the text has not changed since"

    told = page.save(**typed("①今期は5回\n②延べ20人", **own))["fields"][ROW]["numbers"]
    one = standing(deadline)[OPENED]
    assert (one.box.value, one.differs) == ("4", True)
    assert 'data-take="5|回|period|"' in told[OPENED]["offers"]
    assert "5回・この報告期間の分" in told[OPENED]["offers"]


def test_who_only_chose_what_it_covers_goes_on_following_the_text(page: Page, deadline: Any) -> None:
    chosen = named(USED, value="20", unit="人", span="start", beside="20|人||")
    page.save(**typed("①3回\n②延べ20人", **chosen))
    assert standing(deadline)[USED].given == Given(
        measure=standing(deadline)[USED].measure, covers=Covers.START
    )
    page.save(**typed("①3回\n②延べ35人", **chosen))
    one = standing(deadline)[USED]
    assert (one.box.value, one.box.span, one.counts) == ("35", "start", True)


def test_a_number_can_be_emptied_and_does_not_come_back_by_itself(page: Page, deadline: Any) -> None:
    emptied = named(OPENED, beside="3|回|period|")
    page.save(**typed("①今期は3回\n②20人", **emptied))
    assert standing(deadline)[OPENED].state is State.EMPTIED
    page.save(**typed("①今期は3回です\n②20人", **emptied))
    assert standing(deadline)[OPENED].state is State.EMPTIED
    assert standing(deadline)[OPENED].given is None


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ({"value": "たくさん", "span": "period"}, State.UNCLEAR),
        ({"value": "5", "unit": "回"}, State.SPAN),
        ({"value": "5", "unit": "回", "span": "date"}, State.DAY),
        ({"value": "5", "unit": "回", "span": "date", "on": "2026-13-40"}, State.DAY),
        ({"value": "5", "unit": "回", "span": "somewhen"}, State.SPAN),
        ({"value": "5", "unit": "回", "span": "date", "on": "2026-09-30"}, State.SAID),
    ],
)
def test_what_is_left_to_say_is_said_and_never_refused(
    page: Page, deadline: Any, parts: dict[str, str], state: State
) -> None:
    page.save(**typed("①ひらいた\n②来た", **named(OPENED, **parts)))
    assert standing(deadline)[OPENED].state is state


def test_a_number_without_words_does_not_count(page: Page, deadline: Any) -> None:
    page.save(**typed("", **named(OPENED, value="5", unit="回", span="period")))
    assert standing(deadline)[OPENED].state is State.WORDS


def test_two_editors_who_type_different_numbers_are_asked(client: Client, deadline: Any, editor: Any) -> None:
    from minori.accounts.enums import Role

    other = people.member(deadline.organization, Role.EDITOR, name="別の 編集者")
    first, second = (Page(client, deadline, who, section="results") for who in (editor, other))
    first.save(**typed("①3回\n②20人"))
    second.stamps = dict(first.stamps)
    first.save(**typed("①3回\n②20人", **named(OPENED, value="4", unit="回", span="period", beside="3|回||")))
    torn = second.save(
        422, **typed("①3回\n②20人", **named(OPENED, value="6", unit="回", span="start", beside="3|回||"))
    )
    assert "4回" in torn["conflicts"][ROW]
    assert "6回" in torn["conflicts"][ROW]
    # who changes the text only leaves the colleague's number where it is
    third = Page(client, deadline, other, section="results")
    third.stamps = dict(first.stamps)
    third.save(key=ROW, **{f"row-{ROW}-text": "①3回です\n②20人", f"row-{ROW}-progress": "2"})
    assert standing(deadline)[OPENED].box.value == "4"


def test_numbers_of_another_report_are_never_taken_for_ones_own(
    page: Page, theirs: Any, deadline: Any
) -> None:
    stranger = str(registry.identity("01/0"))  # an indicator that this row does not have
    page.save(**typed("①3回\n②20人", **named(stranger, value="9", unit="人", span="period")))
    with entering(deadline.organization):
        assert numbers.ASPECT not in Answer.objects.get(key=ROW).value


def test_the_answer_costs_the_same_few_statements_however_many_numbers(page: Page) -> None:
    page.save(**typed("①3回\n②20人"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page.save(**typed("①4回\n②20人"))
    assert len([one for one in asked if "registeredindicator" in one["sql"]]) == 1
    assert not [one for one in asked if "filings_reading" in one["sql"]]


def hand_in(client: Client, deadline: Any, **more: str) -> Any:
    return client.post(check(deadline), APPROVAL | {"seen": seen_on(client, deadline)} | more)


def test_handing_in_confirms_what_the_check_shows_in_the_same_act(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline, **{"0101": {"text": "①今期は3回\n②延べ20人", "progress": 2}})
    shown = client.get(check(deadline)).content.decode()
    assert "集計に使われる数値" in shown
    assert "3回・この報告期間の分" in shown
    assert "次の数値は、まだ集計に使われません" in shown

    assert hand_in(client, deadline).status_code == 302

    filing = Filing.objects.get(deadline=deadline)
    reading = Reading.objects.get()
    assert reading.figure is not None
    assert (reading.figure.filing, str(reading.figure.indicator_uuid)) == (filing, OPENED)
    assert (reading.measure["value"], reading.measure["unit"], reading.covers) == ("3", "回", "period")  # type: ignore[index]
    assert (reading.side, reading.at, reading.by_name) == (Side.ROOM, filing.handed_in_at, approver.name)
    assert Event.objects.get(action=Action.HANDED_IN).details["readings"] == 1
    paper = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").content.decode()
    assert "この報告期間の分" not in paper


def test_a_number_that_changed_after_it_was_seen_is_not_confirmed(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline, **{"0101": {"text": "①今期は3回\n②延べ20人", "progress": 2}})
    seen = seen_on(client, deadline)
    page = Page(client, deadline, approver, section="results")
    page.stamps = {ROW: "1"}
    page.save(
        **typed(
            "①今期は3回\n②延べ20人", **named(USED, value="20", unit="人", span="start", beside="20|人||")
        ),
        **{f"row-{ROW}-progress": "2"},
    )
    answer = client.post(check(deadline), APPROVAL | {"seen": seen})
    assert answer.status_code == 422
    assert Reading.objects.count() == 0
    assert hand_in(client, deadline).status_code == 302
    assert Reading.objects.count() == 2


def test_nothing_to_report_and_a_text_without_numbers_hand_in_no_number(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline, **{"0101": {"nothing": True, "progress": 2}})
    assert hand_in(client, deadline).status_code == 302
    assert Reading.objects.count() == 0


@pytest.fixture
def returned(client: Client, deadline: Any, approver: Any) -> Any:
    """A report with one confirmed number, sent back with a comment elsewhere."""
    fill(deadline, **{"0101": {"text": "①今期は3回\n②延べ20人", "progress": 2}})
    hand_in(client, deadline)
    return deadline


def test_a_new_revision_suggests_the_former_number_while_the_words_are_the_same(
    client: Client, returned: Any, approver: Any
) -> None:
    deadline = sent_back(returned, ROW)
    assert standing(deadline)[OPENED].state is State.FILED
    assert Reading.objects.count() == 1, "a suggestion is no confirmation"
    hand_in(client, deadline)
    assert [one.figure.filing.revision for one in Reading.objects.order_by("pk")] == [1, 2]  # type: ignore[union-attr]


def test_the_officers_correction_is_offered_again_and_marked(
    client: Client, returned: Any, approver: Any
) -> None:
    old = Reading.objects.get()
    corrected = Measure(text="今期は3回", kind=Kind.EXACT, value=Decimal(13), unit="回")
    given = Given(measure=corrected, covers=Covers.START)
    readings.correct(old, given=given, reason="書き写し間違い", by=OFFICER, at=timezone.now())
    deadline = sent_back(returned, ROW)
    one = standing(deadline)[OPENED]
    assert (one.state, one.box.value, one.box.span) == (State.OFFICER, "13", "start")
    shown = client.get(f"/o/hikari/reports/{deadline.pk}/sections/results/").content.decode()
    assert "担当者が直した数値" in shown

    page = Page(client, deadline, approver, section="results")
    page.stamps = {ROW: "1"}
    told = page.save(**typed("①今期は5回\n②延べ20人"), **{f"row-{ROW}-progress": "2"})
    assert told["fields"][ROW]["numbers"][OPENED]["token"] == "5|回|period|", "other words, another reading"


def test_a_number_that_the_officer_took_back_is_not_suggested_again(
    client: Client, returned: Any, approver: Any
) -> None:
    readings.withdraw(Reading.objects.get(), by=OFFICER, at=timezone.now())
    deadline = sent_back(returned, ROW)
    one = standing(deadline)[OPENED]
    assert (one.state, one.withdrawn, one.given) == (State.NONE, True, None)


def test_an_accepted_report_keeps_its_number_and_another_organization_sees_none(
    client: Client, returned: Any, approver: Any, kibou: Any
) -> None:
    other = open_deadline(kibou)
    fill(other, **{"0101": {"text": "①今期は3回\n②延べ20人", "progress": 2}})
    with entering(kibou):
        copy = drafts.read(other)
        assert numbers.around_of(copy).former == {}
        assert not Reading.objects.exists()
        assert not Figure.objects.filter(filing__deadline=returned).exists()
    returned.refresh_from_db()
    reviewing.begin_reading(returned, by=OFFICER, at=timezone.now())
    assert Reading.objects.counting().count() == 1
