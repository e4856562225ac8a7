"""The page of what waits for an officer's yes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import StaffRole
from minori.mail import asking, outbox
from minori.mail.enums import Kind, Outcome
from minori.mail.letters import Letter
from minori.mail.models import LedgerEntry
from minori.programmes.holidays import business_days_in
from minori.ui.templatetags.ui_tags import day_full
from tests.factories import people, programmes

INDEX = "/desk/reminders/"


def entry_of(deadline) -> LedgerEntry:
    return LedgerEntry.objects.get(deadline=deadline, step="after-7")


def test_what_waits_stands_on_the_page_with_its_mail_and_nothing_of_others(
    desk, swept, overdue, their_overdue
):
    page = desk.get(INDEX).content.decode()
    assert "田中 恵" in page
    assert overdue.organization.name in page
    assert "日超過</span>" in page
    assert "別団体 太郎" not in page
    mail = desk.get(reverse("reminding:waiting", kwargs={"pk": entry_of(overdue).pk})).content.decode()
    assert "日超過】進捗報告書 10月14日締切" in mail
    assert "tanaka@hikari.example" in mail
    assert (
        desk.get(reverse("reminding:waiting", kwargs={"pk": entry_of(their_overdue).pk})).status_code == 404
    )


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [("yes", Outcome.ALLOWED, "1件を送ります"), ("no", Outcome.SKIPPED, "1件は送りません")],
)
@pytest.mark.usefixtures("swept")
def test_an_answer_is_kept_with_the_name(desk, officer, overdue, *, answer, outcome, words):
    entry = entry_of(overdue)
    after = desk.post(INDEX, {"mail": [entry.pk], "answer": answer}, follow=True).content.decode()
    entry.refresh_from_db()
    assert (entry.outcome, entry.answered_by) == (outcome, officer)
    assert words in after
    assert "確認を待つ督促メールはありません" in after


def test_somebody_elses_mail_is_not_answered_for(desk, swept, their_overdue):
    entry = entry_of(their_overdue)
    desk.post(INDEX, {"mail": [entry.pk], "answer": "yes"})
    entry.refresh_from_db()
    assert entry.outcome == Outcome.ASKED


def test_readers_see_and_do_not_answer(client, distributor, swept, overdue):
    people.sign_in(client, people.officer(distributor, StaffRole.READER))
    page = client.get(INDEX).content.decode()
    assert "田中 恵" in page
    assert 'name="mail"' not in page
    entry = entry_of(overdue)
    assert client.post(INDEX, {"mail": [entry.pk], "answer": "yes"}).status_code == 403
    entry.refresh_from_db()
    assert entry.outcome == Outcome.ASKED


def test_nothing_ticked_is_said(desk, swept):
    assert "選んでから" in desk.post(INDEX, {"answer": "yes"}, follow=True).content.decode()


def test_the_home_says_how_many_wait(desk, swept):
    page = desk.get("/desk/").content.decode()
    assert "督促メールの確認待ち 1件" in page


@pytest.mark.parametrize("more", [0, 3])
def test_the_number_of_queries_is_the_same_for_many(desk, swept, grant, *, more, django_assert_num_queries):
    from minori.mail import reminders

    for _ in range(more):
        other = programmes.grant(
            organization=grant.organization, of=grant.programme, lead_officer=grant.lead_officer
        )
        programmes.deadline(of=other, round=grant.programme.rounds.get())
    reminders.sweep(at=swept)
    with django_assert_num_queries(QUERIES):
        assert desk.get(INDEX).content.decode().count('name="mail"') == 1 + more


QUERIES = 11


def test_whose_mail_of_today_is_out_is_said_with_the_day_and_stands_in_the_ledger(desk, swept, overdue):
    entry = entry_of(overdue)
    now = timezone.now()
    today = overdue.grant.programme.distributor.local_date(now)
    outbox.put(
        [outbox.Post(f"contact:{entry.person_id}:1", entry.person, Letter("件名", "本文", ""), today)],
        kind=Kind.NOTICE,
        at=now,
    )
    after = desk.post(INDEX, {"mail": [entry.pk], "answer": "yes"}, follow=True).content.decode()
    entry.refresh_from_db()
    day = asking.goes_out_on([entry], at=now)[entry.pk]
    assert day > today
    said = "田中 恵さんには今日すでにメールが送られています"
    assert (said in after) == business_days_in("Asia/Tokyo")(today)
    page = desk.get(reverse("reminding:deadline", kwargs={"pk": overdue.pk})).content.decode()
    assert f"現在の予定では{day_full(day)}" in page
