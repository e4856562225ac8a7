"""Change requests at the desk: decided change by change, sent back, proposed; colleagues elsewhere see nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.registry import changes, frameworks
from minori.registry.change_models import Change, ChangeRequest
from minori.registry.change_units import row_key
from minori.registry.enums import ChangeState, Party, Verdict
from minori.tenancy.rooms import entering
from reporting.setup import plans
from tests.factories import changes as make
from tests.factories import filings, people, programmes, registry


def url(name, grant, **more):
    return reverse(f"setup:{name}", kwargs={"code": grant.code, **more})


@pytest.fixture
def asked(grant):
    """Three changes: an outcome reworded, a target lowered, a row added."""
    registry.registered(grant)

    def three(old):
        return make.with_row(make.with_target(make.with_words(old, "01", "01.居場所がある"), "年間120回"))

    return make.sent(grant, three)


def said(request, **more):
    data = {"revision": str(request.last_revision), "effective_from_round": "1", "words": ""}
    for change in Change.objects.filter(revision__request=request):
        data |= {f"{change.key}-verdict": "approved", f"{change.key}-word": ""}
    return data | more


AGREED = {"funder_agreed_by": "JANPIA 助成担当", "funder_agreed_on": "2026-10-19"}


def test_an_officer_decides_each_change_with_a_word(desk, grant, asked):
    added = row_key(registry.identity("0102"))
    text = desk.get(url("change_request", grant, number=1)).content.decode()
    for words in ("年間150回", "年間120回", "事情が変わったため", "指定活用団体の同意"):
        assert words in text
    data = said(asked, **AGREED) | {f"{added}-verdict": "declined", f"{added}-word": "来年度に"}
    answer = desk.post(url("decide_change", grant, number=1), data)
    assert answer["Location"] == url("change_request", grant, number=1)
    asked.refresh_from_db()
    assert (asked.state, asked.version.number) == (ChangeState.DECIDED, 2)
    assert "来年度に" in desk.get(answer["Location"]).content.decode()
    assert [row.code for row in frameworks.read(asked.version)] == ["01", "0101", ""]


def test_all_problems_are_told_at_once_and_what_was_typed_stays(desk, grant, asked):
    _first, second, third = Change.objects.order_by("position").values_list("key", flat=True)
    data = said(asked, words="よく検討しました") | {f"{second}-verdict": "declined"}
    del data[f"{third}-verdict"]
    answer = desk.post(url("decide_change", grant, number=1), data)
    assert answer.status_code == 422
    assert {one["href"] for one in answer.context["errors"]} == {
        f"#id_{second}-word",
        f"#id_{third}-verdict",
    }
    assert "よく検討しました" in answer.content.decode()


def test_outcomes_wait_for_the_agreement_of_the_funder(desk, grant, asked):
    answer = desk.post(url("decide_change", grant, number=1), said(asked))
    assert [one["href"] for one in answer.context["errors"]] == ["#id_funder_agreed_by"]
    answer = desk.post(url("decide_change", grant, number=1), said(asked, funder_agreed_by="JANPIA"))
    assert [one["href"] for one in answer.context["errors"]] == ["#id_funder_agreed_on"]
    asked.refresh_from_db()
    assert asked.state == ChangeState.WAITING


def test_an_indicator_of_a_declined_row_is_not_approved_alone(desk, grant):
    registry.registered(grant)
    request = make.sent(grant, lambda old: make.with_row(old, indicators=[{"statement": "食事の回数"}]))
    row, one = Change.objects.order_by("position").values_list("key", flat=True)
    data = said(request) | {f"{row}-verdict": "declined", f"{row}-word": "来年度に"}
    answer = desk.post(url("decide_change", grant, number=1), data)
    assert [error["href"] for error in answer.context["errors"]] == [f"#id_{one}-verdict"]
    assert "この指標は、承認していない新しい行" in answer.content.decode()


def test_the_next_round_not_handed_in_is_proposed(desk, grant):
    rounds = [programmes.round_(of=grant.programme, title=f"第{number}期") for number in (1, 2, 3)]
    for one in rounds:
        programmes.deadline(of=grant, round=one)
    filings.handed_in(grant.deadlines.get(round=rounds[0]))
    make.sent(grant)
    form = desk.get(url("change_request", grant, number=1)).context["whole"]
    assert form.fields["effective_from_round"].choices == [(2, "第2期"), (3, "第3期")]


def test_sending_back_says_what_should_be_changed(desk, grant, asked):
    assert desk.post(url("return_change", grant, number=1), {"words": " "}).status_code == 422
    desk.post(url("return_change", grant, number=1), {"words": "根拠を書いてください"})
    asked.refresh_from_db()
    assert asked.state == ChangeState.RETURNED
    text = desk.get(url("change_request", grant, number=1)).content.decode()
    assert "根拠を書いてください" in text
    assert "決定して団体に知らせる" not in text


def test_nobody_decides_about_what_was_sent_anew_meanwhile(desk, grant, asked):
    data = said(asked, **AGREED)
    changes.send_back(asked, words="もう一度", by=make.OFFICER, at=make.AT)
    make.sent(grant)
    answer = desk.post(url("decide_change", grant, number=1), data)
    assert answer.status_code == 422
    assert ChangeRequest.objects.get().state == ChangeState.WAITING


def test_an_officer_proposes_a_change_that_counts_once_the_organization_agreed(desk, grant):
    registry.registered(grant)
    plans.change(
        grant, lambda _none: make.with_target(registry.framework(), "年間120回"), by=make.OFFICER, at=make.AT
    )
    page = desk.get(url("offer_change", grant))
    (change,) = page.context["said"]
    data = {"seen": page.context["seen"], "remark": ""}
    assert desk.post(url("offer_change", grant), data).status_code == 422
    answer = desk.post(url("offer_change", grant), data | {f"{change.key}-reason": "実績に合わせる"})
    assert answer["Location"] == url("change_request", grant, number=1)
    request = ChangeRequest.objects.get()
    assert (request.party, request.state) == (Party.DESK, ChangeState.WAITING)
    assert plans.read(grant) is None
    assert "決定して団体に知らせる" not in desk.get(answer["Location"]).content.decode()
    by = people.speaking(grant.organization)
    with entering(grant.organization):
        changes.answer(request, said=make.said_of(request), by=by, at=timezone.now())
    desk.post(url("decide_change", grant, number=1), said(request))
    assert grant.framework_versions.count() == 2
    assert Change.objects.get().verdict == Verdict.APPROVED


def test_an_officer_takes_a_proposed_change_back(desk, grant):
    registry.registered(grant)
    request = make.sent(grant, party=Party.DESK)
    desk.post(url("withdraw_change", grant, number=1))
    request.refresh_from_db()
    assert request.state == ChangeState.WITHDRAWN


def test_officers_of_other_distributors_see_nothing(client, grant, asked):
    stranger = people.sign_in(client, people.officer(programmes.distributor()))
    for name in ("change_request", "decide_change", "return_change", "withdraw_change"):
        path = url(name, grant, number=1)
        assert {stranger.get(path).status_code, stranger.post(path).status_code} <= {404, 405}
    asked.refresh_from_db()
    assert asked.state == ChangeState.WAITING


def test_who_decides_about_a_request_that_was_withdrawn_meanwhile_is_told(desk, grant, asked):
    data = said(asked, **AGREED)
    by = people.speaking(grant.organization)
    with entering(grant.organization):
        changes.withdraw(asked, party=Party.ROOM, by=by, at=timezone.now())
    answer = desk.post(url("decide_change", grant, number=1), data)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == ChangeState.WITHDRAWN


def test_who_comes_too_late_is_told_what_happened_and_reads_what_they_typed(desk, grant, asked):
    first = Change.objects.order_by("position").first()
    data = said(asked, **AGREED, words="了解です") | {f"{first.key}-word": "時期は承知しました"}
    changes.send_back(asked, words="経過を書き足してください", by=make.OFFICER, at=make.AT)
    answer = desk.post(url("decide_change", grant, number=1), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("そのあいだに差し戻されました", "送られていません", "了解です", "時期は承知しました"):
        assert words in text
    late = desk.post(url("return_change", grant, number=1), {"words": "もう一つ直してください"})
    assert late.status_code == 422
    assert "もう一つ直してください" in late.content.decode()
