"""The check before handing in, handing in, the filing's page, recalling."""

import re
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from minori.accounts.enums import Role
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import reviewing
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Filing
from minori.programmes import deadlines, extensions
from minori.programmes.enums import DeadlineState
from minori.report_forms.answers import RowAnswer, blank, to_json
from minori.report_forms.contents import Approval, ApprovalManner
from minori.report_forms.framework import Level
from minori.tenancy.rooms import entering
from tenants.reports import drafts, handing_in, saving
from tenants.reports.saving import Given
from tests.factories import filings, people, programmes, registry
from tests.tenants.reports.conftest import AT, BY, open_deadline

pytestmark = pytest.mark.django_db

APPROVAL = {"approved_by": "施設長", "manner": "printed", "approved_on": "2026-10-08"}
OFFICER = Actor(person_id=None, name="佐伯 真理")


def fill(deadline: Any, **rows: dict[str, Any]) -> None:
    """Everything that is required, and the row 0101."""
    answers = filings.row_answers(
        registry.framework(), rows or {"0101": {"text": "①3回\n②20人", "progress": 2}}
    )
    with entering(deadline.organization):
        edition = drafts.read(deadline).edition
        given = {
            key: Given(value=to_json(answer), blank=to_json(blank(edition.field(key))), version=0)
            for key, answer in filings.ANSWERS.items()
        }
        given |= {
            str(one.row): Given(value=one.to_json(), blank=RowAnswer(one.row).to_json(), version=0)
            for one in answers
        }
        saving.save_answers(deadline.pk, given=given, by=BY, at=AT)


def test_a_plan_of_outcomes_only_is_no_dead_end(client: Client, hikari: Any, approver: Any) -> None:
    grant = programmes.grant(organization=hikari)
    outcome = {"level": Level.OUTCOME_SHORT, "code": "01", "statement": "01.孤立が減る"}
    registry.registered(grant, registry.framework([outcome]))
    deadline = open_deadline(hikari, of=grant)
    with entering(hikari):
        edition = drafts.read(deadline).edition
        given = {
            key: Given(value=to_json(answer), blank=to_json(blank(edition.field(key))), version=0)
            for key, answer in filings.ANSWERS.items()
        }
        saving.save_answers(deadline.pk, given=given, by=BY, at=AT)
    page = client.get(check(deadline)).content.decode()
    assert "この様式でたずねる行がありません" in page
    posted = APPROVAL | {"seen": seen_on(client, deadline)}
    assert client.post(check(deadline), posted).status_code == 302
    paper = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").content.decode()
    assert "事業計画に、この欄の行はありません。" in paper
    assert client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/paper.pdf").status_code == 200


def check(deadline: Any) -> str:
    return f"/o/hikari/reports/{deadline.pk}/check/"


def seen_on(client: Client, deadline: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(check(deadline)).content.decode())
    assert found is not None
    return found[1]


def test_all_problems_stand_at_once_each_with_a_link_to_its_field(
    client: Client, deadline: Any, approver: Any
) -> None:
    page = client.get(check(deadline)).content.decode()
    for control in (
        "outlook_0",
        "changes_0",
        "symbol_mark_0",
        "media_0",
        "material_0",
        "reports_0",
        "events_0",
    ):
        section = control.removesuffix("_0")
        assert f'/sections/{section}/?check=1#id_{control}"' in page
    assert "/sections/results/?check=1#id_results" in page
    assert 'name="seen"' not in page


def test_a_sentence_calls_a_field_by_its_words_and_not_by_its_number_on_the_form(
    client: Client, deadline: Any, approver: Any
) -> None:
    page = client.get(check(deadline)).content.decode()
    assert "「変更項目」" in page
    assert "「A：変更項目」" not in page


def test_the_linked_page_shows_the_problem_at_its_control(
    client: Client, deadline: Any, approver: Any
) -> None:
    page = client.get(f"/o/hikari/reports/{deadline.pk}/sections/outlook/?check=1").content.decode()
    assert 'id="id_outlook_0"' in page
    assert "を入力してください" in page
    assert (
        "を入力してください"
        not in client.get(f"/o/hikari/reports/{deadline.pk}/sections/outlook/").content.decode()
    )


def test_blanks_and_names_are_pointed_out_and_never_in_the_way(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline, **{"0101": {"text": "社事大の新藤先生を招いた。"}})
    page = client.get(check(deadline)).content.decode()
    assert "人の名前らしいところがあります：「新藤先生」" in page
    assert "進捗状況が空欄です" in page
    assert client.post(check(deadline), {**APPROVAL, "seen": seen_on(client, deadline)}).status_code == 302


def test_an_approver_hands_in_and_sees_the_paper(
    client: Client, deadline: Any, theirs: Any, approver: Any
) -> None:
    fill(deadline)
    response = client.post(check(deadline), {**APPROVAL, "seen": seen_on(client, deadline)})
    assert response.url == f"/o/hikari/reports/{deadline.pk}/filings/1/"
    filing = Filing.objects.get()
    assert (filing.handed_in_by_name, filing.approved_by_name, filing.approved_how) == (
        "承認 太郎",
        "施設長",
        "printed",
    )
    page = client.get(response.url).content.decode()
    assert "第1版として提出しました" in page
    assert filing.hash in page
    assert "①3回" in page
    deadline.refresh_from_db()
    theirs.refresh_from_db()
    assert (deadline.state, theirs.state) == (DeadlineState.HANDED_IN, DeadlineState.AWAITING)


def test_an_editor_does_not_hand_in_and_learns_who_can(
    client: Client, deadline: Any, hikari: Any, editor: Any
) -> None:
    people.member(hikari, Role.APPROVER, name="理事 一郎")
    fill(deadline)
    page = client.get(check(deadline)).content.decode()
    assert "理事 一郎" in page
    assert 'name="seen"' not in page
    assert client.post(check(deadline), APPROVAL).status_code == 403
    assert not Filing.objects.exists()


def test_a_missing_approval_is_asked_for_and_what_was_typed_stays(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline)
    seen = seen_on(client, deadline)
    response = client.post(
        check(deadline), {"approved_by": "施設長", "approved_on": "2099-01-01", "seen": seen}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="施設長"' in page
    assert "どのように" in page or "えらんでください" in page
    assert "きょうより後" in page
    assert not Filing.objects.exists()


def test_nobody_hands_in_what_they_have_not_seen(client: Client, deadline: Any, approver: Any) -> None:
    fill(deadline)
    seen = seen_on(client, deadline)
    fill(deadline, **{"0101": {"text": "あとから", "progress": 1}})
    with entering(deadline.organization):
        copy = drafts.read(deadline)
        key = str(registry.identity("0101"))
        saving.save_answers(
            deadline.pk,
            given={
                key: Given(
                    value={**copy.stored[key].value, "text": "あとから"},
                    blank=RowAnswer(registry.identity("0101")).to_json(),
                    version=copy.stored[key].version,
                )
            },
            by=BY,
            at=AT,
        )
    response = client.post(check(deadline), {**APPROVAL, "seen": seen})
    assert response.status_code == 422
    assert "ご確認のあいだに" in response.content.decode()
    assert client.post(check(deadline), {**APPROVAL, "seen": seen_on(client, deadline)}).status_code == 302


def test_handing_in_twice_gives_one_filing_and_a_sentence(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline)
    posted = {**APPROVAL, "seen": seen_on(client, deadline)}
    client.post(check(deadline), posted)
    again = client.post(check(deadline), posted, follow=True)
    assert "提出" in again.content.decode()
    assert Filing.objects.count() == 1
    assert Event.objects.filter(action=Action.HANDED_IN).count() == 1


def test_an_incomplete_report_cannot_be_handed_in_past_the_page(
    client: Client, deadline: Any, approver: Any
) -> None:
    assert client.post(check(deadline), {**APPROVAL, "seen": "x"}).status_code == 422
    assert not Filing.objects.exists()


def test_a_report_is_recalled_until_the_officer_begins_to_read(
    client: Client, deadline: Any, approver: Any
) -> None:
    there = f"/o/hikari/reports/{deadline.pk}/"
    filings.handed_in(deadline)
    assert "報告書を引き戻す" in client.get(there).content.decode()
    page = client.post(f"{there}recall/", follow=True).content.decode()
    assert "引き戻しました" in page
    assert "第1版" in page
    filings.handed_in(deadline)
    reviewing.begin_reading(deadline, by=OFFICER, at=AT)
    assert "報告書を引き戻す" not in client.get(there).content.decode()
    assert "読みはじめ" in client.post(f"{there}recall/", follow=True).content.decode()
    deadline.refresh_from_db()
    assert deadline.state == DeadlineState.HANDED_IN


def test_an_editor_does_not_recall(client: Client, deadline: Any, editor: Any) -> None:
    filings.handed_in(deadline)
    assert client.post(f"/o/hikari/reports/{deadline.pk}/recall/").status_code == 403


def test_each_state_says_what_it_means(client: Client, deadline: Any, approver: Any) -> None:
    there = f"/o/hikari/reports/{deadline.pk}/"
    filing = filings.handed_in(deadline)
    assert "提出済みです" in client.get(there).content.decode()
    assert client.get(check(deadline)).url == there, "nothing to check any more"
    reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
    assert "確認済です" in client.get(there).content.decode()


def test_a_waived_and_an_unopened_report_say_so(client: Client, hikari: Any, approver: Any) -> None:
    waived, later = open_deadline(hikari), open_deadline(hikari)
    type(waived).objects.filter(pk=waived.pk).update(state="waived", waived_reason="休止のため")
    type(later.round).objects.filter(pk=later.round_id).update(opens_on="2098-10-01")
    assert "休止のため" in client.get(f"/o/hikari/reports/{waived.pk}/").content.decode()
    page = client.get(f"/o/hikari/reports/{later.pk}/").content.decode()
    assert "2098年10月1日" in page
    assert (
        'name="outlook"' not in client.get(f"/o/hikari/reports/{later.pk}/sections/outlook/").content.decode()
    )


def test_papers_of_another_organization_are_not_found(client: Client, theirs: Any, approver: Any) -> None:
    filings.handed_in(theirs)
    for path in ("", "check/", "filings/1/"):
        assert client.get(f"/o/hikari/reports/{theirs.pk}/{path}").status_code == 404
    assert client.post(f"/o/hikari/reports/{theirs.pk}/check/", APPROVAL).status_code == 404
    assert client.post(f"/o/hikari/reports/{theirs.pk}/recall/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_in_at_once_one_wins_and_the_other_gets_a_sentence(hikari: Any) -> None:
    deadline = open_deadline(hikari)
    fill(deadline)
    with entering(hikari):
        seen = handing_in.fingerprint(drafts.read(deadline))
    approval = Approval(approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=AT.date())
    start, said, by = threading.Barrier(2), [], people.speaking(hikari)

    def hand_in() -> None:
        try:
            start.wait()
            with entering(hikari):
                said.append(
                    handing_in.hand_in(
                        deadline, approval=approval, seen=seen, by=by, at=timezone.now()
                    ).revision
                )
        except NotPossibleNow as refusal:
            said.append(str(refusal))
        finally:
            connections.close_all()

    both = [threading.Thread(target=hand_in) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(said, key=str) == [1, next(one for one in said if one != 1)]
    assert isinstance(next(one for one in said if one != 1), str)
    assert Filing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_saving_while_somebody_hands_in_is_in_the_paper_or_refused(hikari: Any) -> None:
    from tenants.writing import NotOpen

    deadline = open_deadline(hikari)
    fill(deadline)
    with entering(hikari):
        seen = handing_in.fingerprint(drafts.read(deadline))
    approval = Approval(approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=AT.date())
    start, said, by = threading.Barrier(2), [], people.speaking(hikari)

    def save() -> None:
        try:
            start.wait()
            with entering(hikari):
                key = str(registry.identity("0101"))
                old = drafts.read(deadline).stored[key]
                new = Given(value={**old.value, "text": "間際"}, blank={}, version=old.version)
                saving.save_answers(deadline.pk, given={key: new}, by=BY, at=AT)
            said.append("saved")
        except NotOpen:
            said.append("refused")
        finally:
            connections.close_all()

    def hand_in() -> None:
        try:
            start.wait()
            with entering(hikari):
                handing_in.hand_in(deadline, approval=approval, seen=seen, by=by, at=timezone.now())
            said.append("handed in")
        except handing_in.ChangedMeanwhile:
            said.append("changed")
        finally:
            connections.close_all()

    both = [threading.Thread(target=save), threading.Thread(target=hand_in)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(said) in (["changed", "saved"], ["handed in", "refused"])


def test_a_moved_due_date_is_no_change_of_the_report(client: Client, deadline: Any, approver: Any) -> None:
    fill(deadline)
    seen = seen_on(client, deadline)
    deadlines.move(deadline, due_on=date(2099, 10, 20), by=OFFICER, at=AT)
    assert client.post(check(deadline), APPROVAL | {"seen": seen}).status_code == 302
    assert Filing.objects.get().contents["head"]["handed_in_on"] != "2099-10-20"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_day_of_an_approval_is_one_that_somebody_can_mean(
    client: Client, deadline: Any, approver: Any, day: str
) -> None:
    fill(deadline)
    answer = client.post(check(deadline), APPROVAL | {"seen": seen_on(client, deadline), "approved_on": day})
    assert answer.status_code == 422
    assert "年をお確かめください" in answer.content.decode()
    assert not Filing.objects.exists()


def test_the_name_of_who_approved_stays_on_one_line(client: Client, deadline: Any, approver: Any) -> None:
    fill(deadline)
    name = {"approved_by": "施設長\r\nBcc: x@example.jp\x1b　山田　太郎\u2028"}
    client.post(check(deadline), APPROVAL | name | {"seen": seen_on(client, deadline)})
    assert Filing.objects.get().approved_by_name == "施設長 Bcc: x@example.jp　山田　太郎"


def test_handing_in_is_said_to_end_an_open_request_for_more_time(
    client: Client, hikari: Any, approver: Any
) -> None:
    deadline = open_deadline(hikari)
    fill(deadline)
    words = "提出すると、この依頼は終わります"
    assert words not in client.get(f"/o/hikari/reports/{deadline.pk}/check/").content.decode()
    by = people.speaking(hikari)
    with entering(hikari):
        extensions.ask(deadline, until=date(2099, 12, 1), reason="入院", by=by, at=timezone.now())
    assert words in client.get(f"/o/hikari/reports/{deadline.pk}/check/").content.decode()
