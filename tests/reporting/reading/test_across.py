"""Reading one question across all organizations, and the list of what to ask."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.report_forms.answers import Written
from reporting.reading.models import ToAsk
from tests.factories import filings, people, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [
    {"code": "0101", "statement": "（0101）居場所が開かれている", "indicators": [{"statement": "回数"}]},
    {"code": "0102", "statement": "（0102）相談を受けている", "indicators": [{"statement": "件数"}]},
]


@pytest.fixture
def rounds(db: Any) -> tuple[Any, Any]:
    programme = programmes.programme()
    return tuple(
        programmes.round_(
            of=programme,
            number=number,
            title=title,
            opens_on=date(2026, month, 1),
            due_on=date(2026, month, 14),
        )
        for number, title, month in ((1, "上期", 4), (2, "下期", 10))
    )  # type: ignore[return-value]


def grant(organization: Any, programme: Any) -> Any:
    made = programmes.grant(of=programme, organization=organization)
    registry.registered(made, registry.framework(PLAN))
    return made


def hand_in(of: Any, round_: Any, activities: str, *, progress: int = 2, text: str = "12回") -> Any:
    deadline = programmes.deadline(of=of, round=round_)
    filings.handed_in(
        deadline,
        rows={"0101": {"text": text, "progress": progress}},
        answers={"activities": Written(activities)},
    )
    return deadline


@pytest.fixture
def page(rounds: Any, client: Any) -> Any:
    programme = rounds[0].programme
    people.sign_in(client, people.officer(programme.distributor))

    def get(number: int = 2, **query: Any) -> Any:
        address = reverse("reading:across", kwargs={"code": programme.code, "number": number})
        return client.get(address, query)

    return get


def answers(response: Any) -> list[Any]:
    return list(response.context["answers"])


def test_everybodys_answer_stands_beside_the_one_before(rounds, hikari, kibou, page):
    first, second = rounds
    one, other = (grant(organization, first.programme) for organization in (hikari, kibou))
    hand_in(one, first, "春の活動")
    hand_in(one, second, "秋の活動")
    hand_in(other, second, "はじめての活動")
    found = {answer.place.grant: answer for answer in answers(page(question="activities"))}
    assert (found[one.pk].said.text, found[one.pk].before.text) == ("秋の活動", "春の活動")
    assert found[other.pk].said.text == "はじめての活動"
    assert found[other.pk].before is None
    assert not found[one.pk].unchanged


def test_the_same_words_as_last_time_are_marked(rounds, hikari, page):
    first, second = rounds
    one = grant(hikari, first.programme)
    hand_in(one, first, "同じ活動")
    hand_in(one, second, "同じ活動")
    response = page(question="activities")
    assert answers(response)[0].unchanged
    assert "前回と同じ文" in response.content.decode()


def test_who_has_not_handed_in_stands_there_too(rounds, hikari, kibou, page):
    second = rounds[1]
    hand_in(grant(hikari, second.programme), second, "活動")
    programmes.deadline(of=grant(kibou, second.programme), round=second)
    assert sorted(answer.handed_in for answer in answers(page(question="activities"))) == [False, True]


def test_rows_behind_plan_are_read_first_with_what_they_said_before(rounds, hikari, page):
    first, second = rounds
    one = grant(hikari, first.programme)
    hand_in(one, first, "活動", progress=2, text="6回")
    hand_in(one, second, "活動", progress=3, text="7回")
    (answer,) = answers(page())
    ((row),) = answer.rows
    assert (row.progress, row.text, row.progress_before, row.before) == (3, "7回", 2, "6回")
    assert [row.name for row in answers(page(question="rows"))[0].rows] == [
        "（0101）居場所が開かれている",
        "（0102）相談を受けている",
    ]


def test_another_distributors_officer_finds_no_such_page(rounds, hikari, client):
    second = rounds[1]
    hand_in(grant(hikari, second.programme), second, "活動")
    people.sign_in(client, people.officer(programmes.distributor()))
    address = reverse("reading:across", kwargs={"code": second.programme.code, "number": 2})
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("question", ["activities", "rows", "outlook"])
def test_the_page_asks_the_same_number_of_questions_for_any_number_of_reports(question, rounds, hikari, page):
    first, second = rounds
    counts = []
    for upto, more in ((1, 1), (3, 2), (6, 3)):
        for _grant in range(more):
            one = grant(hikari, first.programme)
            hand_in(one, first, "春")
            hand_in(one, second, "秋")
        page(question=question)
        with CaptureQueriesContext(connection) as queries:
            response = page(question=question)
        assert len(answers(response)) == upto
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_what_to_ask_is_kept_for_oneself_and_ticked_off(rounds, hikari, client):
    second = rounds[1]
    deadline = hand_in(grant(hikari, second.programme), second, "活動")
    me, colleague = (people.officer(second.programme.distributor) for _ in range(2))
    people.sign_in(client, me)
    ask = reverse("reading:ask", kwargs={"deadline": deadline.pk})
    for _again in range(2):
        client.post(ask, {"anchor": "activities", "words": "会場は決まりましたか"})
    client.post(ask, {"anchor": "activities", "words": "次の予定は"})
    page = client.get(reverse("reading:to_ask")).content.decode()
    assert page.count("会場は決まりましたか") == 1
    assert "次の予定は" in page
    one = ToAsk.objects.get(words="次の予定は")
    people.sign_in(client, colleague)
    assert "次の予定は" not in client.get(reverse("reading:to_ask")).content.decode()
    change = reverse("reading:change", kwargs={"deadline": deadline.pk, "pk": one.pk})
    client.post(change, {"step": "done"})
    one.refresh_from_db()
    assert one.done_at is None
    people.sign_in(client, me)
    client.post(change, {"step": "done"})
    one.refresh_from_db()
    assert one.done_at is not None
    client.post(change, {"step": "again"})
    one.refresh_from_db()
    assert one.done_at is None


def test_words_that_are_too_long_are_refused_with_a_sentence(rounds, hikari, client):
    second = rounds[1]
    deadline = hand_in(grant(hikari, second.programme), second, "活動")
    people.sign_in(client, people.officer(second.programme.distributor))
    ask = reverse("reading:ask", kwargs={"deadline": deadline.pk})
    response = client.post(ask, {"words": "あ" * 1001}, follow=True)
    assert "長すぎます" in response.content.decode()
    assert not ToAsk.objects.exists()


def test_a_link_of_another_site_is_not_followed(rounds, hikari, client):
    second = rounds[1]
    deadline = hand_in(grant(hikari, second.programme), second, "活動")
    people.sign_in(client, people.officer(second.programme.distributor))
    ask = reverse("reading:ask", kwargs={"deadline": deadline.pk})
    assert client.post(ask, {"words": "?", "next": "https://example.com/"}).url == reverse("reading:to_ask")
