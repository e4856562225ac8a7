"""The contracted plan entered or pasted by an officer, registered; proposals approved or sent back."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.registry import frameworks
from minori.registry.enums import ProposalState
from minori.registry.models import FrameworkVersion, Proposal
from minori.registry.pasting import write_table
from minori.tenancy.rooms import entering
from reporting.setup import plans
from tests.factories import changes as make
from tests.factories import filings, people, programmes, registry

AT = datetime(2026, 6, 1, tzinfo=UTC)


def url(name, grant, **more):
    return reverse(f"setup:{name}", kwargs={"code": grant.code, **more})


def a_row(**fields):
    indicators = fields.pop("indicators", [])
    data = {
        "level": "output",
        "parent": "",
        "code": "",
        "statement": "",
        "season": "",
        "seen": "",
        "save": "1",
    }
    data |= fields | {"indicators-TOTAL_FORMS": str(len(indicators)), "indicators-INITIAL_FORMS": "0"}
    for place, one in enumerate(indicators):
        data |= {f"indicators-{place}-{name}": value for name, value in one.items()}
    return data


@pytest.fixture
def proposal(grant):
    by, plan = people.speaking(grant.organization), registry.framework()
    with entering(grant.organization):
        remark = "よろしくお願いします"
        return frameworks.propose(grant, framework=plan, remark=remark, by=by, at=timezone.now())


def test_a_plan_is_entered_row_by_row_and_registered(desk, officer, grant):
    programmes.round_(of=grant.programme)
    assert desk.get(url("plan", grant)).status_code == 200
    assert desk.get(url("new_row", grant)).status_code == 200
    desk.post(url("new_row", grant), a_row(level="outcome_short", statement="01.孤立が減る"))
    (outcome,) = plans.read(grant)
    desk.post(
        url("new_row", grant),
        a_row(
            parent=str(outcome.uuid),
            statement="（0101）窓口",
            indicators=[{"statement": "回数", "target": "年間\r\n12回"}],
        ),
    )
    entered = plans.read(grant)
    assert "（0101）窓口" in desk.get(url("plan", grant)).content.decode()
    answer = desk.post(url("register_plan", grant), {"effective_from_round": "1"})
    version = FrameworkVersion.objects.get()
    assert answer.url == url("version", grant, number=1)
    assert frameworks.read(version) == entered
    assert (version.registered_by_name, version.confirmed_at) == (officer.name, None)
    assert plans.read(grant) is None
    page = desk.get(url("version", grant, number=1)).content.decode()
    assert "年間\n12回" in page
    assert "未登録" in page


def test_registering_twice_makes_one_version(desk, grant):
    plans.change(grant, lambda _plan: registry.framework(), by=registry.OFFICER, at=AT)
    for _click in range(2):
        assert desk.post(url("register_plan", grant), {"effective_from_round": "1"}).status_code == 302
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_plan_takes_the_same_queries_for_any_number_of_rows(
    desk, grant, count, django_assert_num_queries
):
    rows = [
        {"code": str(number), "statement": "甲", "indicators": [{"statement": "乙"}]}
        for number in range(count)
    ]
    plans.change(grant, lambda _plan: registry.framework(rows), by=registry.OFFICER, at=AT)
    with django_assert_num_queries(8):
        page = desk.get(url("plan", grant))
    assert page.content.decode().count('id="row-') == count


def test_rows_are_changed_moved_and_removed(desk, grant):
    plans.change(grant, lambda _plan: registry.framework(), by=registry.OFFICER, at=AT)
    outcome, output, _activity = registry.framework()
    seen = desk.get(url("row", grant, uuid=output.uuid)).context["page"].seen
    answer = desk.post(
        url("row", grant, uuid=output.uuid),
        a_row(statement="あらためた", parent=str(outcome.uuid), seen=seen),
    )
    assert answer.url.endswith(f"#row-{output.uuid}")
    desk.post(url("row", grant, uuid=outcome.uuid), a_row(statement="甲", level="output", seen="old"))
    assert plans.read(grant).rows[0] == outcome, "somebody else changed it: nothing is overwritten unseen"
    desk.post(url("move_row", grant, uuid=output.uuid), {"direction": "up"})
    assert desk.get(url("remove_row", grant, uuid=output.uuid)).status_code == 200
    desk.post(url("remove_row", grant, uuid=output.uuid))
    assert [row.statement for row in plans.read(grant)] == [outcome.statement, "学習支援を行う"]
    desk.post(url("discard_plan", grant))
    assert plans.read(grant) is None


def test_a_plan_with_mistakes_is_not_registered(desk, grant):
    desk.post(url("new_row", grant), a_row(code="1", indicators=[{"statement": "回数"}]))
    answer = desk.post(url("register_plan", grant), {"effective_from_round": "1"})
    assert answer.status_code == 422
    assert not FrameworkVersion.objects.exists()
    assert desk.post(url("register_plan", grant), {"effective_from_round": "7"}).status_code == 422


def test_a_pasted_plan_is_previewed_taken_over_and_registered(desk, grant):
    text = write_table(registry.framework())
    assert desk.get(url("paste_plan", grant)).status_code == 200
    preview = desk.post(url("paste_plan", grant), {"text": text, "preview": "1"})
    assert preview.status_code == 200
    assert "（0101）週3回の居場所が開かれている" in preview.content.decode()
    assert plans.read(grant) is None
    desk.post(url("paste_plan", grant), {"text": text, "save": "1"})
    assert [row.statement for row in plans.read(grant)] == [row.statement for row in registry.framework()]
    desk.post(url("register_plan", grant), {"effective_from_round": "1"})
    assert FrameworkVersion.objects.get().number == 1


def test_a_wrong_table_is_told_with_its_lines_kept_and_not_taken_over(desk, grant):
    text = "レベル\tコード\t内容\n目標\t1\tだいじな文\nアウトプット\t2\t\n"
    answer = desk.post(url("paste_plan", grant), {"text": text, "save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "だいじな文" in page
    assert [problem.where for problem in answer.context["errors"]] == ["2行目の「レベル」", "3行目の「内容」"]
    assert plans.read(grant) is None


def test_a_new_version_begins_from_the_registered_one_and_keeps_identities(desk, grant):
    registry.registered(grant)
    desk.post(url("begin_plan", grant))
    assert plans.read(grant) == registry.framework()
    text = write_table(registry.framework()).replace("年間150回", "年間100回")
    desk.post(url("paste_plan", grant), {"text": text, "save": "1"})
    outcome, output, activity = registry.framework()
    pasted = plans.read(grant)
    assert [row.uuid for row in pasted] == [outcome.uuid, output.uuid, activity.uuid]
    assert pasted.rows[1].parent == outcome.uuid
    first, second = pasted.rows[1].indicators
    assert second == output.indicators[1]
    assert first.uuid != output.indicators[0].uuid, "its target changed: people say whether it is the same"


def test_a_new_version_counts_from_the_first_round_without_a_report(desk, grant):
    deadline = programmes.deadline(of=grant)
    filings.handed_in(deadline)
    programmes.deadline(of=grant)
    desk.post(url("begin_plan", grant))
    form = desk.get(url("plan", grant)).context["form"]
    assert form["effective_from_round"].value() == 2


def test_a_proposal_is_read_and_approved_from_a_round_on(desk, officer, grant, proposal):
    programmes.round_(of=grant.programme)
    programmes.round_(of=grant.programme)
    page = desk.get(url("proposal", grant, pk=proposal.pk)).content.decode()
    assert "よろしくお願いします" in page
    assert "（0101）週3回の居場所が開かれている" in page
    desk.post(url("approve_proposal", grant, pk=proposal.pk), {"effective_from_round": "2"})
    version = FrameworkVersion.objects.get()
    assert (version.effective_from_round, version.registered_by_name) == (2, officer.name)
    assert desk.get(url("proposal", grant, pk=proposal.pk)).status_code == 200
    again = desk.post(
        url("approve_proposal", grant, pk=proposal.pk), {"effective_from_round": "2"}, follow=True
    )
    assert again.status_code == 200
    assert FrameworkVersion.objects.count() == 1


def test_a_proposal_is_sent_back_with_a_remark(desk, grant, proposal):
    assert desk.post(url("decline_proposal", grant, pk=proposal.pk), {"remark": " "}).status_code == 422
    desk.post(url("decline_proposal", grant, pk=proposal.pk), {"remark": "目標値を数で"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_remark) == (ProposalState.DECLINED, "目標値を数で")
    assert "目標値を数で" in desk.get(url("proposal", grant, pk=proposal.pk)).content.decode()


def test_a_plan_that_comes_again_shows_what_was_asked_and_what_changed(desk, grant, proposal):
    desk.post(url("decline_proposal", grant, pk=proposal.pk), {"remark": "目標値を数で"})
    assert "差し戻したあとに" not in desk.get(url("proposal", grant, pk=proposal.pk)).content.decode()
    by, plan = people.speaking(grant.organization), make.with_target(registry.framework(), "年間120回")
    with entering(grant.organization):
        again = frameworks.propose(grant, framework=plan, remark="", by=by, at=timezone.now())
    shown = desk.get(url("proposal", grant, pk=again.pk)).content.decode()
    changed = shown.partition("差し戻したあとに変わったところ")[2].partition("計画の全体")[0]
    assert "「目標値を数で」" in changed
    assert "年間150回" in changed
    assert "年間120回" in changed
    assert "80％" not in changed, "what stayed is not shown as a change"


def test_readers_read_plans_but_decide_nothing(reader, grant, proposal):
    registry.registered(grant)
    uuid = registry.framework().rows[0].uuid
    assert reader.get(url("version", grant, number=1)).status_code == 200
    assert "/approve/" not in reader.get(url("proposal", grant, pk=proposal.pk)).content.decode()
    for name, more in [
        ("plan", {}),
        ("begin_plan", {}),
        ("discard_plan", {}),
        ("register_plan", {}),
        ("paste_plan", {}),
        ("new_row", {}),
        ("row", {"uuid": uuid}),
        ("move_row", {"uuid": uuid}),
        ("remove_row", {"uuid": uuid}),
        ("approve_proposal", {"pk": proposal.pk}),
        ("decline_proposal", {"pk": proposal.pk}),
    ]:
        assert reader.post(url(name, grant, **more)).status_code in (403, 405), name
    assert Proposal.objects.get().state == ProposalState.WAITING


def test_a_proposal_of_another_distributors_grant_is_not_there(desk, grant, theirs):
    by, plan = people.speaking(theirs.organization), registry.framework()
    with entering(theirs.organization):
        other = frameworks.propose(theirs, framework=plan, remark="", by=by, at=timezone.now())
    for place in (theirs, grant):
        assert desk.get(url("proposal", place, pk=other.pk)).status_code == 404
        assert (
            desk.post(url("approve_proposal", place, pk=other.pk), {"effective_from_round": "1"}).status_code
            == 404
        )
        assert desk.post(url("decline_proposal", place, pk=other.pk), {"remark": "x"}).status_code == 404
    other.refresh_from_db()
    assert other.state == ProposalState.WAITING


def test_a_new_row_sent_twice_is_one_row(desk, grant):
    new = url("new_row", grant)
    row = a_row(statement="窓口が開かれている", seen=desk.get(new).context["page"].seen)
    for _ in range(2):
        assert desk.post(new, row).status_code == 302
    assert len(plans.read(grant)) == 1


def test_an_indicator_that_left_the_plan_says_from_which_version_on(desk, grant):
    registry.registered(grant)
    filings.handed_in(programmes.deadline(of=grant))
    registry.registered(grant, registry.framework([one for one in registry.ROWS if one.get("code") == "01"]))
    old = desk.get(url("version", grant, number=1)).content.decode()
    assert old.count("第2版から事業設計にありません") == 2
    assert "事業設計にありません" not in desk.get(url("version", grant, number=2)).content.decode()
    numbers = desk.get(reverse("portfolio:numbers", kwargs={"code": grant.code})).content.decode()
    assert numbers.count("第2版から事業設計にありません") == 2


def test_a_later_version_asks_why_and_the_organization_reads_it(desk, client, grant):
    registry.registered(grant)
    desk.post(url("begin_plan", grant))
    answer = desk.post(url("register_plan", grant), {"effective_from_round": "1", "reason": " "})
    assert answer.status_code == 422
    assert grant.framework_versions.count() == 1
    desk.post(url("register_plan", grant), {"effective_from_round": "1", "reason": "契約書の写し間違い"})
    assert "契約書の写し間違い" in desk.get(url("version", grant, number=2)).content.decode()
    people.sign_in(client, people.member(grant.organization, "editor"))
    names = {"organization": grant.organization.slug, "grant": grant.code, "number": 2}
    assert "契約書の写し間違い" in client.get(reverse("frameworks:version", kwargs=names)).content.decode()
