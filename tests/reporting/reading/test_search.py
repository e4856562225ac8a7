"""Searching over everything that was handed in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.filings.handing_in import recall
from minori.filings.models import Filing
from minori.tenancy.rooms import as_owner
from reporting.reading import search, taking_in, verifying
from reporting.reading.models import Passage, TakenIn
from reporting.reading.search import Asked
from tests.factories import filings, people, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [{"code": "0101", "statement": "（0101）居場所が開かれている", "indicators": [{"statement": "回数"}]}]


def report(organization: Any, text: str, *, round_: Any = None, **more: Any) -> Any:
    round_ = round_ or programmes.round_()
    grant = programmes.grant(of=round_.programme, organization=organization)
    registry.registered(grant, registry.framework(PLAN))
    deadline = programmes.deadline(of=grant, round=round_)
    filings.handed_in(deadline, rows={"0101": {"text": text, "progress": 2} | more})
    return deadline


def found(words: str, deadline: Any, **more: Any) -> list[tuple[str, str]]:
    asked = Asked(words=search.folding.words_of(words), **more)
    distributor = deadline.grant.programme.distributor
    hits = search.search(asked, distributors=[distributor], language="ja").hits
    return [("".join(piece.text for piece in hit.pieces), hit.place) for hit in hits]


def test_words_of_two_letters_and_of_one_are_found(hikari):
    deadline = report(hikari, "子ども食堂を\n12回ひらいた。", remark="会場の都合")
    taking_in.take_in_waiting(at=AT)
    for word in ("食堂", "食", "子ども食堂を12回", "１２回", "会場"):
        assert len(found(word, deadline)) == 1, word
    assert found("堂食", deadline) == []
    assert found("食堂 会場", deadline) == []  # both in one text


def test_the_name_of_the_row_helps_to_find_its_text(hikari):
    deadline = report(hikari, "12回ひらいた。")
    taking_in.take_in_waiting(at=AT)
    assert found("居場所 ひらいた", deadline) == [("12回ひらいた。", "（0101）居場所が開かれている")]


def test_an_answer_is_named_by_its_question_in_the_language_of_the_reader(hikari):
    deadline = report(hikari, "12回")
    taking_in.take_in_waiting(at=AT)
    ((text, place),) = found("夏のつどい", deadline)
    assert text == "夏のつどい（8月）"
    assert "イベント" in place


def test_a_percent_sign_and_a_backslash_are_letters(hikari):
    deadline = report(hikari, r"参加率 80% C:\報告 a_b")
    taking_in.take_in_waiting(at=AT)
    assert len(found("80%", deadline)) == 1
    assert len(found(r"c:\報告", deadline)) == 1
    assert len(found("a_b", deadline)) == 1
    assert found("8%0", deadline) == []
    assert found("a%b", deadline) == []


def test_only_the_revision_that_counts_unless_earlier_ones_are_asked_for(hikari):
    deadline = report(hikari, "はじめの文")
    deadline.refresh_from_db()
    recall(deadline, by=filings.EDITOR, at=AT)
    filings.handed_in(deadline, rows={"0101": {"text": "あとの文", "progress": 2}}, at=AT)
    taking_in.take_in_waiting(at=AT)
    assert found("はじめ", deadline) == []
    assert len(found("はじめ", deadline, earlier=True)) == 1
    assert len(found("あとの", deadline)) == 1


def test_another_distributors_reports_are_never_found(hikari, kibou):
    ours = report(hikari, "秘密の居場所")
    theirs = report(
        kibou, "秘密の会議", round_=programmes.round_(of=programmes.programme(of=programmes.distributor()))
    )
    taking_in.take_in_waiting(at=AT)
    assert [text for text, _ in found("秘密", ours)] == ["秘密の居場所"]
    assert [text for text, _ in found("秘密", theirs)] == ["秘密の会議"]


def test_a_filing_is_taken_in_once_and_the_same_again(hikari):
    report(hikari, "12回")
    assert taking_in.take_in_waiting(at=AT) == 1
    before = list(Passage.objects.values_list("filing_id", "position", "text", "tokens"))
    assert before
    assert taking_in.take_in_waiting(at=AT) == 0
    TakenIn.objects.update(format=0)
    assert taking_in.take_in_waiting(at=AT) == 1
    assert list(Passage.objects.values_list("filing_id", "position", "text", "tokens")) == before


@pytest.mark.django_db(transaction=True)
def test_a_filing_that_cannot_be_read_is_told_and_stops_no_other(hikari, kibou):
    round_ = programmes.round_()
    broken, fine = report(hikari, "読めない", round_=round_), report(kibou, "読める文", round_=round_)
    with as_owner(), connection.cursor() as cursor:  # nobody else can
        cursor.execute("ALTER TABLE filings_filing DISABLE TRIGGER USER")
        Filing.objects.filter(deadline=broken).update(contents={"format": 99})
        cursor.execute("ALTER TABLE filings_filing ENABLE TRIGGER USER")
    assert taking_in.take_in_waiting(at=AT) == 2
    assert found("読めない", broken) == []
    assert len(found("読める", fine)) == 1
    assert search.not_taken_in([round_.programme.distributor]) == (0, 1)
    assert search.not_taken_in([programmes.distributor()]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_only_one_at_a_time_takes_in_what_waits(hikari):
    report(hikari, "居場所")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [taking_in.LOCK])
        assert taking_in.take_in_waiting(at=AT) == 0
        cursor.execute("SELECT pg_advisory_unlock(%s)", [taking_in.LOCK])
    other.close()
    assert taking_in.take_in_waiting(at=AT) == 1


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_search_asks_the_same_number_of_questions_for_any_number_of_reports(number, hikari):
    round_ = programmes.round_()
    for _grant in range(number):
        report(hikari, "居場所をひらいた", round_=round_)
    taking_in.take_in_waiting(at=AT)
    with CaptureQueriesContext(connection) as queries:
        hits = search.search(
            Asked(words=("ひらいた",)), distributors=[round_.programme.distributor], language="ja"
        )
    assert hits.count == number
    assert len(queries) == 2


def test_pages_hold_twenty_and_a_page_too_far_is_the_last(hikari):
    round_ = programmes.round_()
    deadline = report(hikari, "居場所", round_=round_)
    for day in range(21):
        filings_again(deadline, AT + timedelta(days=day))
    taking_in.take_in_waiting(at=AT)
    asked = Asked(words=("居場所をまた",), earlier=True)
    ours = [round_.programme.distributor]
    first = search.search(asked, distributors=ours, language="ja")
    assert (first.count, first.pages, len(first.hits)) == (21, 2, 20)
    last = search.search(asked, distributors=ours, language="ja", page=9)
    assert (last.page, len(last.hits)) == (2, 1)
    assert [hit.revision for hit in (*first.hits, *last.hits)] == list(range(22, 1, -1))


def filings_again(deadline: Any, at: datetime) -> None:
    deadline.refresh_from_db()
    recall(deadline, by=filings.EDITOR, at=at)
    filings.handed_in(deadline, rows={"0101": {"text": "居場所をまた", "progress": 2}}, at=at)


def test_the_page_shows_where_it_stands_with_a_link_to_the_place(hikari, client):
    deadline = report(hikari, "子ども食堂<b>を</b>ひらいた。")
    taking_in.take_in_waiting(at=AT)
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    page = client.get(reverse("reading:search"), {"q": "食堂"}).content.decode()
    assert "<mark>食堂</mark>" in page
    assert "&lt;b&gt;" in page
    row = Passage.objects.get(part="row").anchor
    assert f'/desk/review/{deadline.pk}/#part-{row}"' in page


def test_every_place_found_leads_to_the_profile_of_its_organization(hikari, client):
    deadline = report(hikari, "子ども食堂を12回ひらいた。")
    taking_in.take_in_waiting(at=AT)
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    page = client.get(reverse("reading:search"), {"q": "食堂"}).content.decode()
    assert f'href="{reverse("profiles:profile", kwargs={"slug": hikari.slug})}"' in page


def test_the_page_finds_organizations_by_name_too(hikari, client):
    deadline = report(hikari, "12回")
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    page = client.get(reverse("reading:search"), {"q": hikari.name[-2:]}).content.decode()
    assert f"/desk/organizations/{hikari.slug}/" in page
    assert "いま検索できるように" in page  # not taken in yet


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00居場所"},
        {"q": "居" * 5000},
        {"q": "a", "page": "-1"},
        {"q": "a", "page": "9" * 30},
        {"q": "a", "part": "?"},
        {"q": "\ud7ff😀"},
    ],
)
def test_strange_addresses_are_answered(query, hikari, client):
    deadline = report(hikari, "12回")
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    assert client.get(reverse("reading:search"), query).status_code == 200


def test_verify_tells_when_what_is_searched_is_not_what_was_handed_in(hikari):
    deadline = report(hikari, "12回ひらいた。")
    taking_in.take_in_waiting(at=AT)
    assert list(verifying.differences()) == []
    filing = Filing.objects.get(deadline=deadline)
    for broken in ({"text": "99回"}, {"folded": "99"}, {"tokens": [1]}):
        before = Passage.objects.filter(filing=filing).order_by("position").values(*broken).last()
        last = Passage.objects.filter(filing=filing).order_by("position").last()
        Passage.objects.filter(pk=last.pk).update(**broken)
        assert list(verifying.differences()) == [
            f"filing {filing.pk}: what is searched differs from what was handed in"
        ]
        Passage.objects.filter(pk=last.pk).update(**before)
    Passage.objects.filter(filing=filing).first().delete()
    assert len(list(verifying.differences())) == 1
