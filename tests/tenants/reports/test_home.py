"""Home and lists: what is due, what is left, what came back; in a fixed number of queries."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from minori.accounts.enums import Role
from minori.filings import reviewing
from minori.programmes.models import Deadline
from minori.report_forms.answers import Chosen, to_json
from minori.tenancy.rooms import entering
from tenants.reports.left import left_of
from tenants.reports.saving import Given, save_answers
from tests.factories import filings, people, programmes
from tests.tenants.reports.conftest import AT, BY, open_deadline

pytestmark = pytest.mark.django_db


def test_home_says_what_is_due_what_is_left_and_what_is_to_come(
    client: Client, deadline: Any, editor: Any
) -> None:
    later = open_deadline(
        deadline.organization,
        of=deadline.grant,
        round=programmes.round_(
            of=deadline.grant.programme,
            title="事業完了報告",
            opens_on=date(2098, 4, 1),
            due_on=date(2098, 4, 14),
        ),
    )
    page = client.get("/o/hikari/").content.decode()
    assert "提出する報告が 1件あります" in page
    assert "1 / 9 入力済み" in page
    assert "実績値【資金支援】、" in page
    assert later.round.title in page
    assert "2098年4月1日" in page


def test_home_shows_nothing_of_another_organization(client: Client, theirs: Any, editor: Any) -> None:
    page = client.get("/o/hikari/").content.decode()
    assert theirs.grant.title not in page
    assert "いま提出するものはありません" in page


def test_a_plan_nobody_has_confirmed_is_pointed_out(client: Client, deadline: Any, editor: Any) -> None:
    assert "ご確認いただく事業計画" in client.get("/o/hikari/").content.decode()
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        from minori.registry import frameworks

        frameworks.confirm(deadline.grant.framework_versions.get(), by=by, at=timezone.now())
    assert "ご確認いただく事業計画" not in client.get("/o/hikari/").content.decode()


@pytest.mark.parametrize("path_and_queries", [("", 17), ("reports/", 6)])
def test_lists_cost_the_same_for_one_and_three_reports(
    client: Client,
    hikari: Any,
    editor: Any,
    django_assert_num_queries: Any,
    path_and_queries: tuple[str, int],
) -> None:
    path, queries = path_and_queries
    for count in (1, 3):
        while hikari.deadlines.count() < count:
            open_deadline(hikari)
        with django_assert_num_queries(queries):
            page = client.get(f"/o/hikari/{path}").content.decode()
        assert page.count(f'/o/hikari/reports/{hikari.deadlines.first().pk}/"') >= 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_costs_the_same_for_one_and_three(
    client: Client, hikari: Any, editor: Any, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        people.member(hikari, Role.READER, name=f"閲覧 {number}")
    with django_assert_num_queries(6):
        page = client.get("/o/hikari/people/").content.decode()
    assert page.count("閲覧 ") == count


def test_people_are_those_of_this_organization_with_their_roles(
    client: Client, hikari: Any, kibou: Any, editor: Any
) -> None:
    people.member(hikari, Role.APPROVER, of=editor)
    people.member(kibou, Role.APPROVER, name="他団体 の人")
    page = client.get("/o/hikari/people/").content.decode()
    assert page.count("編集 花子") == 2, "once in the header, once in the list"
    assert "他団体 の人" not in page


def test_past_reports_say_when_they_were_handed_in_and_how_late(
    client: Client, hikari: Any, editor: Any
) -> None:
    late = open_deadline(hikari)
    type(late).objects.filter(pk=late.pk).update(due_on=date(2026, 10, 7))
    late.refresh_from_db()
    filings.handed_in(late)
    page = client.get("/o/hikari/").content.decode()
    assert "2026年10月10日 提出" in page
    assert "期限後3日" in page


def test_what_is_left_is_told_to_the_mails(deadline: Any, theirs: Any) -> None:
    with translation.override("ja"):
        assert left_of(deadline)[:2] == ["実績値【資金支援】", "短期アウトカムの達成の見込み"]
    with entering(deadline.organization):
        answer = Given(value=to_json(Chosen("3")), blank=to_json(Chosen()), version=0)
        save_answers(deadline.pk, given={"outlook": answer}, by=BY, at=AT)
    with translation.override("en"):
        assert "Outlook for the short-term outcomes" not in left_of(deadline)
        assert "Outlook for the short-term outcomes" in left_of(theirs)


def test_an_optional_section_is_left_only_once_it_was_begun(deadline: Any) -> None:
    with translation.override("ja"):
        assert "活動の写真" not in left_of(deadline)


def test_the_list_begins_with_what_came_back_and_folds_what_is_to_come(
    client: Client, hikari: Any, kibou: Any, editor: Any
) -> None:
    grant = programmes.grant(organization=hikari)
    round_ = programmes.round_(of=grant.programme, opens_on=date(2097, 1, 1), due_on=date(2098, 1, 1))
    far = open_deadline(hikari, of=grant, round=round_)
    soon, late, back, read, past = (open_deadline(hikari) for _number in range(5))
    Deadline.objects.filter(pk=soon.pk).update(due_on=date(2097, 5, 1))
    for one in (back, read, past):
        filings.handed_in(one)
    filing = back.filings.get()
    reviewing.send_back(
        back, filing=filing, remarks=[reviewing.Remark("？")], due_on=date(2097, 9, 1), by=BY, at=filings.AT
    )
    reviewing.accept(past, filing=past.filings.get(), by=BY, at=filings.AT)
    other = programmes.deadline(organization=kibou)
    page = client.get("/o/hikari/reports/").content.decode()
    places = [
        page.index(f'href="/o/hikari/reports/{one.pk}/"') for one in (back, soon, late, read, past, far)
    ]
    assert places == sorted(places)
    folded = page.index("これから始まる報告（1件）")
    assert places[4] < folded < places[5]
    assert f"/reports/{other.pk}/" not in page
