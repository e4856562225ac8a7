"""Requests answered, closing dates, and the dates of many grants changed together."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.organizations.models import Organization
from minori.programmes import extensions
from minori.programmes.models import Deadline, ExtensionRequest
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes

WHY = "担当者が入院しているため。"
FAR = date(2099, 10, 28)


@pytest.fixture
def deadline(grant: Any) -> Deadline:
    round_ = programmes.round_(of=grant.programme, due_on=date(2099, 10, 14))
    return programmes.deadline(of=grant, round=round_)


@pytest.fixture
def asked(deadline: Deadline) -> ExtensionRequest:
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        return extensions.ask(deadline, until=FAR, reason=WHY, by=by, at=timezone.now())


def page_of(deadline: Deadline) -> str:
    return reverse("setup:deadline", kwargs={"pk": deadline.pk})


def many(deadline: Deadline) -> str:
    programme = deadline.grant.programme
    return reverse("setup:dates", kwargs={"code": programme.code, "number": deadline.round.number})


def test_a_request_stands_where_officers_look(desk, officer, deadline, asked, theirs):
    other = programmes.deadline(of=theirs)
    by = people.speaking(other.organization)
    with entering(other.organization):
        extensions.ask(other, until=FAR, reason="よその理由", by=by, at=timezone.now())
    index = desk.get("/desk/review/").content.decode()
    assert WHY in index
    assert "よその理由" not in index
    assert page_of(deadline) in index
    page = desk.get(page_of(deadline)).content.decode()
    assert WHY in page
    assert 'value="2099-10-28"' in page
    grant_page = desk.get(reverse("setup:grant", kwargs={"code": deadline.grant.code})).content.decode()
    assert "期限の延長の依頼" in grant_page


@pytest.mark.parametrize("to", [FAR, date(2099, 10, 21)])
def test_it_is_granted_until_the_day_asked_for_or_another(desk, deadline, asked, to):
    said = {"step": "grant", "request": asked.pk, "grant-to": to.isoformat(), "grant-words": "承知しました。"}
    after = desk.post(page_of(deadline), said, follow=True).content.decode()
    deadline.refresh_from_db()
    assert (deadline.extended_to, deadline.due_version) == (to, 2)
    for words in ("延長を承認", "承知しました。", WHY, "佐藤 和子", "佐伯 真理"):
        assert words in after


def test_it_is_declined_with_words(desk, deadline, asked):
    said = {"step": "decline", "request": asked.pk, "decline-words": " "}
    assert desk.post(page_of(deadline), said).status_code == 422
    said["decline-words"] = "決算の都合で延ばせません。"
    after = desk.post(page_of(deadline), said, follow=True).content.decode()
    assert "決算の都合で延ばせません。" in after
    deadline.refresh_from_db()
    assert deadline.extended_to is None


def test_what_was_withdrawn_or_came_in_meanwhile_is_told(desk, deadline, asked):
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        extensions.withdraw(asked, by=by, at=timezone.now())
    said = {"step": "grant", "request": asked.pk, "grant-to": FAR.isoformat()}
    answer = desk.post(page_of(deadline), said)
    assert answer.status_code == 422
    assert "すでに回答または取下げがあります" in answer.content.decode()
    filings.handed_in(deadline)
    assert desk.post(page_of(deadline), said).status_code == 422
    deadline.refresh_from_db()
    assert deadline.extended_to is None


def test_a_request_of_another_report_is_not_answered_here(desk, deadline, theirs):
    other = programmes.deadline(of=theirs)
    by = people.speaking(other.organization)
    with entering(other.organization):
        request = extensions.ask(other, until=FAR, reason=WHY, by=by, at=timezone.now())
    said = {"step": "grant", "request": request.pk, "grant-to": FAR.isoformat()}
    assert desk.post(page_of(deadline), said).status_code == 404
    assert desk.post(page_of(other), said).status_code == 404
    assert desk.post(page_of(deadline), said | {"request": "x"}).status_code == 404


def test_the_closing_date_is_set_and_lifted_with_reasons(desk, deadline):
    said = {"step": "close", "close-closes_on": "2099-11-30", "close-reason": "決算のため"}
    desk.post(page_of(deadline), said)
    deadline.refresh_from_db()
    assert deadline.closes_on == date(2099, 11, 30)
    too_early = desk.post(page_of(deadline), said | {"close-closes_on": "2099-10-13"})
    assert too_early.status_code == 422
    page = desk.post(page_of(deadline), said | {"close-closes_on": ""}, follow=True).content.decode()
    deadline.refresh_from_db()
    assert deadline.closes_on is None
    assert "受付締切日なし" in page


def test_a_round_may_have_a_closing_date(desk, deadline):
    round_ = deadline.round
    path = reverse("setup:round", kwargs={"code": "ours", "number": round_.number})
    form = desk.get(path).context["form"]
    said = {name: form.initial[name] or "" for name in form.initial} | {"closes_on": "2099-10-13"}
    assert desk.post(path, said).status_code == 422
    desk.post(path, said | {"closes_on": "2099-11-30"})
    deadline.refresh_from_db()
    assert deadline.closes_on == date(2099, 11, 30)
    assert "2099年11月30日" in desk.get(reverse("setup:programme", kwargs={"code": "ours"})).content.decode()


@pytest.fixture
def three(deadline: Deadline, kibou: Any) -> list[Deadline]:
    """Hikari's report, Kibou's, and one that is in."""
    others = [programmes.grant(organization=kibou, of=deadline.grant.programme) for _number in range(2)]
    found = [deadline, *(programmes.deadline(of=one, round=deadline.round) for one in others)]
    filings.handed_in(found[2])
    return found


@pytest.mark.parametrize(
    ("what", "column"), [("move", "due_on"), ("extend", "extended_to"), ("close", "closes_on")]
)
def test_the_dates_of_those_that_are_ticked_change_together(desk, three, what, column):
    ticked = [three[0].pk, three[1].pk]
    said = {"what": what, "day": "2099-11-02", "reason": "台風", "deadline": ticked}
    after = desk.post(many(three[0]), said, follow=True).content.decode()
    assert "2件の期限を保存しました" in after
    found = dict(Deadline.objects.filter(round=three[0].round).values_list("pk", column))
    assert [found[one.pk] == date(2099, 11, 2) for one in three] == [True, True, False]


def test_closing_dates_are_lifted_for_many(desk, three):
    Deadline.objects.filter(round=three[0].round).update(closes_on=date(2099, 11, 30))
    desk.post(many(three[0]), {"what": "lift", "reason": "台風", "deadline": [three[0].pk, three[1].pk]})
    found = dict(Deadline.objects.filter(round=three[0].round).values_list("pk", "closes_on"))
    assert [found[one.pk] is None for one in three] == [True, True, False]


@pytest.mark.parametrize(
    "said",
    [
        {"what": "move", "day": "2099-11-02", "reason": "だいじな理由"},  # nothing ticked
        {"what": "move", "reason": "だいじな理由", "deadline": "ours"},  # no day
        {"what": "extend", "day": "2099-11-02", "deadline": "ours"},  # no reason
        {"what": "extend", "day": "2099-10-01", "reason": "だいじな理由", "deadline": "ours"},
        {"what": "move", "day": "2099-11-02", "reason": "だいじな理由", "deadline": "theirs"},
        {"day": "2099-11-02", "reason": "だいじな理由", "deadline": "ours"},
    ],
)
def test_what_does_not_fit_changes_nothing(desk, three, theirs, said):
    others = programmes.deadline(of=theirs)
    who = {"ours": three[0].pk, "theirs": others.pk}
    answer = desk.post(many(three[0]), said | {"deadline": who.get(said.get("deadline", ""), [])})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    if "reason" in said:
        assert said["reason"] in answer.content.decode()
    assert set(Deadline.objects.values_list("due_version", flat=True)) == {1}


def test_what_is_so_already_changes_nothing_and_says_so(desk, three):
    ticked = [f"{one.pk}.{one.due_version}" for one in three[:2]]
    said = {"what": "extend", "day": "2099-11-02", "reason": "台風", "deadline": ticked}
    for expected in ("2件の期限を保存しました", "すでにその日付になっています"):
        assert expected in desk.post(many(three[0]), said, follow=True).content.decode()
    assert Event.objects.filter(action=Action.EXTENSION_GRANTED).count() == 2
    lifted = {"what": "lift", "reason": "台風", "deadline": [one.pk for one in three[:2]]}
    assert "すでにその日付になっています" in desk.post(many(three[0]), lifted, follow=True).content.decode()


def test_dates_that_were_changed_meanwhile_are_not_overwritten(desk, three):
    ticked = [f"{one.pk}.{one.due_version}" for one in three[:2]]
    said = {"what": "move", "day": "2099-11-02", "deadline": ticked}
    desk.post(many(three[0]), said)
    answer = desk.post(many(three[0]), said | {"day": "2099-12-01"})
    assert answer.status_code == 422
    assert "開いているあいだに提出期限が変わりました" in answer.content.decode()
    assert set(Deadline.objects.filter(pk__in=[one.pk for one in three[:2]]).values_list("due_on")) == {
        (date(2099, 11, 2),)
    }


def test_all_are_ticked_at_once(desk, three):
    page = desk.get(f"{many(three[0])}?all=1").content.decode()
    assert page.count(" checked") == 2


def test_readers_see_the_dates_and_change_nothing(reader, three):
    page = reader.get(many(three[0]))
    assert page.status_code == 200
    assert 'name="deadline"' not in page.content.decode()
    assert reader.post(many(three[0]), {"what": "move"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_many_costs_the_same_for_any_number(
    desk, deadline, kibou, django_assert_num_queries, count
):
    for _number in range(count):
        grant = programmes.grant(organization=kibou, of=deadline.grant.programme)
        programmes.deadline(of=grant, round=deadline.round)
    with django_assert_num_queries(MANY_QUERIES):
        desk.get(many(deadline))


MANY_QUERIES = 7


def test_how_a_date_came_about_stands_on_the_review_page(desk, grant):
    late = programmes.deadline(of=grant, due_on=date(2026, 10, 1))
    by = Actor(person_id=None, name="佐伯 真理")
    extensions.extend(late, to=date(2026, 10, 5), reason="台風19号", by=by, at=filings.AT - timedelta(days=9))
    filings.handed_in(late)
    page = desk.get(f"/desk/review/{late.pk}/").content.decode()
    assert "期限後5日" in page
    assert "台風19号" in page
    assert page_of(late) in page


PAST = "2026-10-20"


@pytest.mark.parametrize(
    ("step", "field", "column"), [("move", "due_on", "due_on"), ("close", "closes_on", "closes_on")]
)
def test_a_day_that_has_passed_wants_a_yes(desk, grant, step, field, column):
    deadline = programmes.deadline(of=grant)
    before = getattr(deadline, column)
    said = {"step": step, f"{step}-{field}": PAST, f"{step}-reason": "決算のため"}
    answer = desk.post(page_of(deadline), said)
    assert answer.status_code == 422
    assert "過ぎています" in answer.content.decode()
    assert f'type="checkbox" name="{step}-sure"' in answer.content.decode()
    deadline.refresh_from_db()
    assert (getattr(deadline, column), deadline.due_version) == (before, 1)
    desk.post(page_of(deadline), said | {f"{step}-sure": "on"})
    deadline.refresh_from_db()
    assert getattr(deadline, column) == date(2026, 10, 20)


def test_more_time_that_has_run_out_already_is_not_given(desk, grant):
    deadline = programmes.deadline(of=grant)
    said = {"step": "extend", "extend-to": PAST, "extend-reason": "台風"}
    answer = desk.post(page_of(deadline), said)
    assert answer.status_code == 422
    assert "きょう以降の日を選んでください" in answer.content.decode()
    deadline.refresh_from_db()
    assert deadline.extended_to is None


def test_many_are_moved_into_the_past_with_a_yes_only(desk, grant):
    deadline = programmes.deadline(of=grant)
    said = {"what": "move", "day": PAST, "deadline": deadline.pk}
    answer = desk.post(many(deadline), said)
    assert answer.status_code == 422
    assert 'type="checkbox" name="sure"' in answer.content.decode()
    assert desk.post(many(deadline), said | {"sure": "on"}).status_code == 302
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 10, 20)


def test_who_keeps_the_date_is_named_with_the_reason(desk, three, theirs):
    Organization.objects.filter(pk=three[2].organization_id).update(name="きぼうの会")
    both = {"what": "move", "day": "2099-11-02", "deadline": [three[0].pk, three[1].pk]}
    after = desk.post(many(three[0]), both, follow=True).content.decode()
    assert "期限が変わらない団体があります。提出済み：きぼうの会<" in after.replace("\n", "")
    # somebody hands in while the page is open: it was ticked, and it is told
    filings.handed_in(three[1])
    one = desk.post(many(three[0]), both | {"day": "2099-11-03"}, follow=True).content.decode()
    assert "提出済み：きぼうの会" in one
    only = {"what": "extend", "reason": "台風", "day": "2099-11-10", "deadline": [three[0].pk]}
    programmes.deadline(
        of=programmes.grant(organization=three[0].organization, of=three[0].grant.programme),
        round=three[0].round,
    )
    assert "期限が変わらない団体" not in desk.post(many(three[0]), only, follow=True).content.decode()


def test_a_round_that_moves_names_who_does_not_move_with_it(desk, three):
    round_ = three[0].round
    Deadline.objects.filter(pk=three[1].pk).update(due_on=date(2099, 10, 16))
    path = reverse("setup:round", kwargs={"code": "ours", "number": round_.number})
    form = desk.get(path).context["form"]
    said = {name: form.initial[name] or "" for name in form.initial}
    after = desk.post(path, said | {"due_on": "2099-10-28"}, follow=True).content.decode()
    assert "個別の期限あり：" in after
    assert "提出済み：" in after
    answer = desk.post(path, said | {"due_on": "2026-10-20"})
    assert answer.status_code == 422
    assert 'type="checkbox" name="sure"' in answer.content.decode()
    round_.refresh_from_db()
    assert round_.due_on == date(2099, 10, 28)
