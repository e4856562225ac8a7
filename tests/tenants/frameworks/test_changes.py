"""Change requests in the room: reasons beside the draft, sending, taking back, answering; others see nothing."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from minori.accounts.enums import Role
from minori.audit.trail import Actor
from minori.registry import change_units, changes
from minori.registry.change_models import Change, ChangeRequest
from minori.registry.enums import ChangeState, Party, Verdict
from minori.tenancy.rooms import entering
from tenants.frameworks import drafts, reasons
from tests.factories import changes as make
from tests.factories import people, programmes, registry

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
WRITER = Actor(person_id=None, name="佐藤 和子")


def url(name, grant, **more):
    place = {"organization": grant.organization.slug, "grant": grant.code, **more}
    return reverse(f"frameworks:{name}", kwargs=place)


@pytest.fixture
def plan(grant, theirs):
    """Both organizations have a registered plan of the same identities, and a draft with two changes."""
    for one in (grant, theirs):
        registry.registered(one, at=AT)
        with entering(one.organization):
            drafts.discard(one.pk)
            drafts.change(
                one, lambda old: make.with_row(make.with_target(old, "年間120回")), by=WRITER, at=AT
            )
    return registry.framework()


def units(grant):
    with entering(grant.organization):
        return change_units.units(make.plan_of(grant), drafts.read(grant.pk))


def page(client, grant):
    return client.get(url("draft_changes", grant))


def typed(client, grant, **more):
    said = {f"{one.key}-reason": f"{number}つ目の理由" for number, one in enumerate(units(grant), start=1)}
    return said | {"seen": page(client, grant).context["seen"], "remark": "お願いします"} | more


def test_the_changes_of_a_draft_stand_there_as_they_will_be_read(editor, grant, plan):
    text = page(editor, grant).content.decode()
    for words in ("年間150回", "年間120回", "（0102）食事を一緒にとる", "理由"):
        assert words in text
    assert page(editor, grant).context["plan"].newest.number == 1


def test_reasons_are_kept_until_they_are_sent(editor, grant, plan):
    first, second = units(grant)
    answer = editor.post(url("draft_changes", grant), {f"{first.key}-reason": "回数を見直す", "keep": "yes"})
    assert answer.status_code == 302
    assert not ChangeRequest.objects.exists()
    assert "回数を見直す" in page(editor, grant).content.decode()
    with entering(grant.organization):
        assert reasons.read(grant.pk)[first.key].reason == "回数を見直す"
        assert reasons.read(grant.pk)[second.key].reason == ""


def test_a_change_without_a_reason_is_not_sent_and_nothing_typed_is_lost(editor, grant, plan):
    _first, second = units(grant)
    answer = editor.post(
        url("draft_changes", grant), typed(editor, grant, send="yes") | {f"{second.key}-reason": " "}
    )
    assert answer.status_code == 422
    assert [one["href"] for one in answer.context["errors"]] == [f"#id_{second.key}-reason"]
    assert "1つ目の理由" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_a_sent_request_is_shown_and_holds_the_draft(editor, grant, plan):
    key = units(grant)[0].key
    answer = editor.post(
        url("draft_changes", grant), typed(editor, grant, send="yes", **{f"{key}-meaning_changed": "on"})
    )
    request = ChangeRequest.objects.get()
    assert answer["Location"] == url("change_request", grant, number=1)
    assert (request.state, request.party) == (ChangeState.WAITING, Party.ROOM)
    assert Change.objects.get(key=key).meaning_changed
    assert request.revisions.get().remark == "お願いします"
    text = editor.get(answer["Location"]).content.decode()
    assert "1つ目の理由" in text
    assert "2つ目の理由" in text
    assert editor.get(url("draft", grant))["Location"] == answer["Location"]
    assert "変更申請 第1号" in editor.get(url("plan", grant)).content.decode()


def test_a_draft_that_somebody_changed_meanwhile_is_not_sent_unread(editor, grant, plan):
    data = typed(editor, grant, send="yes")
    with entering(grant.organization):
        drafts.change(grant, lambda old: make.with_target(old, "年間100回"), by=WRITER, at=AT)
    answer = editor.post(url("draft_changes", grant), data)
    assert answer.status_code == 422
    assert not ChangeRequest.objects.exists()


def test_what_is_taken_back_can_be_gone_on_with(editor, grant, plan):
    editor.post(url("draft_changes", grant), typed(editor, grant, send="yes"))
    editor.post(url("withdraw_change", grant, number=1))
    assert ChangeRequest.objects.get().state == ChangeState.WITHDRAWN
    assert editor.get(url("draft", grant)).status_code == 200
    assert "1つ目の理由" in page(editor, grant).content.decode(), "the reasons are still there"


def test_after_a_decision_the_next_draft_begins_from_the_new_version(editor, grant, plan):
    editor.post(url("draft_changes", grant), typed(editor, grant, send="yes"))
    make.decided(ChangeRequest.objects.get(), change_units.row_key(registry.identity("0102")))
    text = editor.get(url("change_request", grant, number=1)).content.decode()
    assert "今回は見送ります" in text
    assert "第2版" in text
    with entering(grant.organization):
        assert drafts.read(grant.pk) is None
        begun = drafts.begin(grant, by=WRITER, at=AT)
    assert begun == make.with_target(plan, "年間120回")


def test_a_request_that_came_back_is_sent_again(editor, grant, plan):
    editor.post(url("draft_changes", grant), typed(editor, grant, send="yes"))
    changes.send_back(ChangeRequest.objects.get(), words="目標の根拠を", by=make.OFFICER, at=AT)
    assert "目標の根拠を" in editor.get(url("change_request", grant, number=1)).content.decode()
    assert editor.get(url("draft", grant)).status_code == 200
    editor.post(url("draft_changes", grant), typed(editor, grant, send="yes"))
    assert ChangeRequest.objects.get().last_revision == 2
    first = editor.get(f"{url('change_request', grant, number=1)}?revision=1")
    assert first.status_code == 200
    assert editor.get(f"{url('change_request', grant, number=1)}?revision=9").status_code == 404


def test_the_organization_answers_what_the_officer_proposes(editor, grant, theirs):
    registry.registered(grant)
    request = make.sent(
        grant, lambda old: make.with_row(make.with_target(old, "年間120回")), party=Party.DESK
    )
    assert "回答してください" in editor.get(url("plan", grant)).content.decode()
    first, second = Change.objects.order_by("position")
    there = url("answer_change", grant, number=request.number)
    said = {f"{first.key}-verdict": "approved", f"{second.key}-verdict": "declined"}
    answer = editor.post(there, said)
    assert [one["href"] for one in answer.context["errors"]] == [f"#id_{second.key}-word"]
    editor.post(there, said | {f"{second.key}-word": "人手が足りません"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.answer, second.answer) == (Verdict.APPROVED, Verdict.DECLINED)
    assert "人手が足りません" in editor.get(url("change_request", grant, number=1)).content.decode()


def test_an_answer_that_comes_too_late_is_shown_with_what_happened(editor, grant, theirs):
    registry.registered(grant)
    request = make.sent(grant, lambda old: make.with_target(old, "年間120回"), party=Party.DESK)
    (change,) = Change.objects.all()
    changes.withdraw(request, party=Party.DESK, by=make.OFFICER, at=AT)
    said = {f"{change.key}-verdict": "declined", f"{change.key}-word": "人手が足りません"}
    answer = editor.post(url("answer_change", grant, number=request.number), said)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("そのあいだに取り下げられました", "送られていません", "人手が足りません"):
        assert words in text


def test_home_says_that_a_change_request_came_back_or_is_proposed(client, editor, grant, plan):
    editor.post(url("draft_changes", grant), typed(editor, grant, send="yes"))
    request = ChangeRequest.objects.get()
    there = url("change_request", grant, number=1)
    assert there not in client.get("/o/hikari/").content.decode()
    changes.send_back(request, words="目標の根拠を", by=make.OFFICER, at=AT)
    page = client.get("/o/hikari/").content.decode()
    assert "差し戻されました" in page
    assert there in page


def test_readers_read_and_change_nothing(client, hikari, grant, plan):
    reader = people.sign_in(client, people.member(hikari, Role.READER))
    make.sent(grant)
    text = reader.get(url("change_request", grant, number=1)).content.decode()
    assert "取り下げる" not in text
    assert reader.post(url("withdraw_change", grant, number=1)).status_code == 403
    assert reader.get(url("draft_changes", grant)).status_code == 403


def test_anothers_request_is_not_there(editor, grant, theirs, plan):
    make.sent(theirs)
    assert editor.get(url("change_request", grant, number=1)).status_code == 404
    assert editor.get(url("change_request", theirs, number=1)).status_code == 404
    there = reverse(
        "frameworks:change_request", kwargs={"organization": "hikari", "grant": theirs.code, "number": 1}
    )
    assert editor.get(there).status_code == 404


def test_a_draft_older_than_the_newest_version_says_so(editor, grant, plan):
    assert "計画の新しい版ができています" not in page(editor, grant).content.decode()
    registry.registered(grant, make.with_target(plan, "年間90回"), at=make.AT)
    with entering(grant.organization):
        drafts.read(grant.pk)
    assert "計画の新しい版ができています" in page(editor, grant).content.decode()
    editor.post(url("discard", grant))
    with entering(grant.organization):
        assert drafts.read(grant.pk) is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_request_takes_the_same_queries_for_any_number_of_changes(
    editor, grant, theirs, count, django_assert_num_queries
):
    registry.registered(grant)

    def more(old):
        for number in range(count):
            old = make.with_row(old, code=f"09{number}", statement=f"新しい行{number}")
        return old

    make.sent(grant, more)
    programmes.round_(of=grant.programme)
    with django_assert_num_queries(15):
        editor.get(url("change_request", grant, number=1))
