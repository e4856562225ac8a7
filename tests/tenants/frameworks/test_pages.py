"""Plans in the room: writing row by row, handing in, confirming; readers read, others see nothing."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from minori.accounts.enums import Role
from minori.audit.trail import Actor
from minori.registry import frameworks
from minori.registry.enums import ProposalState
from minori.registry.models import FrameworkVersion, Proposal
from minori.report_forms.framework import Level
from minori.tenancy.rooms import entering
from tenants.frameworks import drafts
from tests.factories import people, programmes, registry

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐伯 真理")


def url(name, grant, **more):
    return reverse(
        f"frameworks:{name}", kwargs={"organization": grant.organization.slug, "grant": grant.code, **more}
    )


def draft_of(grant):
    with entering(grant.organization):
        return drafts.read(grant.pk)


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
    data |= fields | {
        "indicators-TOTAL_FORMS": str(len(indicators)),
        "indicators-INITIAL_FORMS": "0",
    }
    for place, one in enumerate(indicators):
        data |= {f"indicators-{place}-{name}": value for name, value in one.items()}
    return data


def test_a_plan_is_written_row_by_row_and_handed_in(editor, grant):
    new = url("new_row", grant)
    assert editor.get(new).status_code == 200
    editor.post(new, a_row(level="outcome_short", statement="01.孤立が減る"))
    (outcome,) = draft_of(grant)
    answer = editor.post(
        f"{new}?under={outcome.uuid}",
        a_row(
            parent=str(outcome.uuid),
            statement="（0101）窓口が\r\n開かれている",
            indicators=[
                {"statement": "開設回数", "target": "月2回\r\n※8月を除く"},
                {"statement": "相談者"},
                {},
            ],
        ),
    )
    assert answer.status_code == 302
    outcome, output = draft_of(grant)
    assert (outcome.code, outcome.level) == ("01", Level.OUTCOME_SHORT)
    assert (output.code, output.parent, output.statement) == (
        "0101",
        outcome.uuid,
        "（0101）窓口が\n開かれている",
    )
    assert [(one.mark, one.target) for one in output.indicators] == [("①", "月2回\n※8月を除く"), ("②", "")]

    page = editor.get(url("draft", grant)).content.decode()
    assert "（0101）窓口が" in page
    answer = editor.post(url("hand_in", grant), {"remark": "よろしくお願いします"}, follow=True)
    assert answer.status_code == 200
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.remark) == (ProposalState.WAITING, "よろしくお願いします")
    assert proposal.contents == draft_of(grant).to_json()
    assert "（0101）窓口が" in answer.content.decode()


def test_a_changed_row_keeps_the_identities_of_its_indicators(editor, grant):
    with entering(grant.organization):
        drafts.change(grant, lambda _draft: registry.framework(), by=OFFICER, at=AT)
    row = registry.framework().rows[1]
    form = editor.get(url("row", grant, uuid=row.uuid)).context["page"]
    data = a_row(
        statement="あらためた",
        code="0101",
        parent=str(row.parent),
        seen=form.seen,
        indicators=[
            {"uuid": str(one.uuid), "mark": one.mark, "statement": one.statement} for one in row.indicators
        ],
    )
    data["indicators-0-DELETE"] = "on"
    editor.post(url("row", grant, uuid=row.uuid), data)
    changed = draft_of(grant).rows[1]
    assert (changed.uuid, changed.statement) == (row.uuid, "あらためた")
    assert [one.uuid for one in changed.indicators] == [row.indicators[1].uuid]


def test_everything_typed_stays_when_something_is_wrong(editor, grant):
    answer = editor.post(
        url("new_row", grant),
        a_row(
            statement="だいじな文",
            level="outcome_short",
            code="x" * 41,
            indicators=[{"mark": "①" * 11, "statement": "回数"}],
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "だいじな文" in page
    assert "回数" in page
    assert {problem["href"] for problem in answer.context["errors"]} == {"#id_code", "#id_indicators-0-mark"}
    assert draft_of(grant) is None


def test_an_empty_row_is_not_saved(editor, grant):
    assert editor.post(url("new_row", grant), a_row(statement=" 　")).status_code == 422


def test_a_row_cannot_stand_under_a_row_of_a_lower_level(editor, grant):
    with entering(grant.organization):
        drafts.change(grant, lambda _draft: registry.framework(), by=OFFICER, at=AT)
    outcome, output, activity = registry.framework()
    answer = editor.post(url("new_row", grant), a_row(statement="甲", parent=str(activity.uuid)))
    assert answer.context["errors"][0]["href"] == "#id_parent"
    seen = editor.get(url("row", grant, uuid=output.uuid)).context["page"].seen
    answer = editor.post(
        url("row", grant, uuid=output.uuid), a_row(statement="甲", level="outcome_long", parent="", seen=seen)
    )
    assert answer.status_code == 302, "an activity may stand under anything"
    answer = editor.post(url("row", grant, uuid=outcome.uuid), a_row(statement="甲", parent=str(output.uuid)))
    assert answer.status_code == 422


def test_another_indicator_is_offered_and_nothing_typed_is_lost(editor, grant):
    data = a_row(statement="窓口", indicators=[{"statement": "回数", "target": "12回"}]) | {"more": "1"}
    del data["save"]
    answer = editor.post(url("new_row", grant), data)
    assert answer.status_code == 200
    forms = answer.context["page"].indicators.forms
    assert [form["target"].value() for form in forms] == ["12回", None]
    assert "窓口" in answer.content.decode()
    assert draft_of(grant) is None


def test_two_people_in_one_row_are_told_and_neither_text_is_lost(editor, grant):
    with entering(grant.organization):
        drafts.change(
            grant, lambda _draft: registry.framework([{"statement": "もとの文"}]), by=OFFICER, at=AT
        )
    (row,) = registry.framework([{"statement": "もとの文"}])
    mine = editor.get(url("row", grant, uuid=row.uuid)).context["page"].seen
    editor.post(url("row", grant, uuid=row.uuid), a_row(statement="ほかの人の文", seen=mine))
    answer = editor.post(url("row", grant, uuid=row.uuid), a_row(statement="わたしの文", seen=mine))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ほかの人の文" in page
    assert "わたしの文" in page
    again = answer.context["page"].seen
    editor.post(url("row", grant, uuid=row.uuid), a_row(statement="わたしの文", seen=again))
    assert [one.statement for one in draft_of(grant)] == ["わたしの文"]


def test_what_is_typed_into_a_row_that_was_removed_meanwhile_becomes_a_new_row(editor, grant):
    (row,) = registry.framework([{"statement": "消えた行"}])
    editor.post(url("row", grant, uuid=row.uuid), a_row(statement="消えていない文"))
    assert [one.statement for one in draft_of(grant)] == ["消えていない文"]
    assert editor.get(url("row", grant, uuid=row.uuid)).status_code == 404


def test_rows_move_and_go_after_a_question(editor, grant):
    with entering(grant.organization):
        drafts.change(
            grant,
            lambda _draft: registry.framework(
                [{"code": "1", "statement": "甲"}, {"code": "2", "statement": "乙"}]
            ),
            by=OFFICER,
            at=AT,
        )
    first, second = draft_of(grant)
    editor.post(url("move_row", grant, uuid=second.uuid), {"direction": "up"})
    assert [row.code for row in draft_of(grant)] == ["2", "1"]
    editor.post(url("move_row", grant, uuid=second.uuid), {"direction": "down"})
    assert editor.get(url("remove_row", grant, uuid=first.uuid)).status_code == 200
    assert len(draft_of(grant)) == 2
    editor.post(url("remove_row", grant, uuid=first.uuid))
    assert [row.code for row in draft_of(grant)] == ["2"]
    assert editor.post(url("remove_row", grant, uuid=first.uuid)).status_code == 302, "twice is harmless"


def test_a_plan_with_mistakes_is_not_handed_in_and_says_where(editor, grant):
    editor.post(url("new_row", grant), a_row(code="1", indicators=[{"statement": "回数"}]))
    (row,) = draft_of(grant)
    answer = editor.post(url("hand_in", grant), {"remark": "だいじな一言"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#row-{row.uuid}"' in page
    assert "だいじな一言" in page
    assert not Proposal.objects.exists()


def test_while_the_officer_has_the_plan_it_is_taken_back_before_it_changes(editor, grant):
    editor.post(url("new_row", grant), a_row(statement="甲"))
    editor.post(url("hand_in", grant), {"remark": ""})
    answer = editor.post(url("new_row", grant), a_row(statement="乙"))
    assert answer.url == url("plan", grant)
    assert len(draft_of(grant)) == 1
    editor.post(url("withdraw", grant))
    assert Proposal.objects.get().state == ProposalState.WITHDRAWN
    editor.post(url("new_row", grant), a_row(statement="乙"))
    assert len(draft_of(grant)) == 2


def test_a_plan_that_came_back_shows_the_officers_remark_and_can_be_gone_on_with(editor, grant):
    editor.post(url("new_row", grant), a_row(statement="甲"))
    editor.post(url("hand_in", grant), {"remark": ""})
    frameworks.decline(Proposal.objects.get(), remark="目標値を数で書いてください", by=OFFICER, at=AT)
    assert "目標値を数で書いてください" in editor.get(url("plan", grant)).content.decode()
    assert "目標値を数で書いてください" in editor.get(url("draft", grant)).content.decode()
    editor.post(url("new_row", grant), a_row(statement="乙"))
    editor.post(url("hand_in", grant), {"remark": ""})
    assert Proposal.objects.filter(state=ProposalState.WAITING).count() == 1


def test_a_loaded_plan_is_read_and_confirmed(editor, grant):
    registry.registered(grant)
    page = editor.get(url("plan", grant)).content.decode()
    assert "（0101）週3回の居場所が開かれている" in page
    editor.post(url("confirm", grant, number=1))
    version = FrameworkVersion.objects.get(grant=grant)
    assert version.confirmed_by_name == "佐藤 和子"
    page = editor.get(url("version", grant, number=1)).content.decode()
    assert "年間のべ\n1,500人" in page
    assert "佐藤 和子" in page
    assert editor.get(url("version", grant, number=2)).status_code == 404


def test_an_indicator_that_counts_is_offered_for_splitting_and_split_only_when_asked(editor, grant):
    one = {"statement": "①回数\n②人数", "target": "①12回\n②30人", "baseline": "0"}
    editor.post(url("new_row", grant), a_row(statement="窓口", indicators=[one]))
    (row,) = draft_of(grant)
    assert [kept.statement for kept in row.indicators] == ["①回数\n②人数"], "nothing is split unasked"
    assert "指標を分ける" in editor.get(url("draft", grant)).content.decode()
    page = editor.get(url("row", grant, uuid=row.uuid))
    assert "2件の指標に分ける" in page.content.decode()
    known = {"uuid": str(row.indicators[0].uuid)} | one
    typed = a_row(statement="窓口", seen=page.context["page"].seen, indicators=[known])
    shown = editor.post(url("row", grant, uuid=row.uuid), typed | {"split": "0"})
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "まだ保存していません" in text
    assert "番号の合わない欄を確かめてください：初期値" in text
    assert draft_of(grant).rows[0] == row
    lines = [form.initial for form in shown.context["page"].indicators.initial_forms]
    editor.post(
        url("row", grant, uuid=row.uuid),
        typed | a_row(statement="窓口", seen=typed["seen"], indicators=lines),
    )
    (row_after,) = draft_of(grant)
    assert [(kept.mark, kept.statement, kept.target) for kept in row_after.indicators] == [
        ("①", "回数", "12回"),
        ("②", "人数", "30人"),
    ]
    assert row_after.indicators[0].uuid == row.indicators[0].uuid
    for wrong in ("7", "-1", "x", "²"):
        assert editor.post(url("row", grant, uuid=row.uuid), typed | {"split": wrong}).status_code == 200


def test_every_version_says_from_which_round_on_it_counts(editor, grant):
    for title in ("進捗報告（1年度目上期）", "年度末報告（1年度目下期）"):
        programmes.round_(of=grant.programme, title=title)
    registry.registered(grant)
    registry.registered(grant, effective_from_round=2)
    text = editor.get(url("plan", grant)).content.decode()
    assert "進捗報告（1年度目上期）から適用" in text
    assert "年度末報告（1年度目下期）から適用" in text
    assert "年度末報告（1年度目下期）から適用" in editor.get(url("version", grant, number=2)).content.decode()


def test_a_new_version_begins_from_the_registered_one(editor, grant):
    registry.registered(grant)
    editor.post(url("begin", grant))
    assert draft_of(grant) == registry.framework()


def test_readers_only_read(client, hikari, grant, theirs):
    registry.registered(grant)
    with entering(hikari):
        drafts.change(grant, lambda _draft: registry.framework(), by=OFFICER, at=AT)
    uuid = registry.framework().rows[0].uuid
    people.sign_in(client, people.member(hikari, Role.READER))
    for name, more in [("plan", {}), ("version", {"number": 1})]:
        page = client.get(url(name, grant, **more))
        assert page.status_code == 200
        assert "/confirm/" not in page.content.decode()
    assert client.get(reverse("frameworks:index", kwargs={"organization": "hikari"})).status_code == 200
    for name, more in [
        ("draft", {}),
        ("new_row", {}),
        ("row", {"uuid": uuid}),
        ("remove_row", {"uuid": uuid}),
    ]:
        assert client.get(url(name, grant, **more)).status_code == 403
    for name, more in [
        ("confirm", {"number": 1}),
        ("begin", {}),
        ("hand_in", {}),
        ("withdraw", {}),
        ("new_row", {}),
        ("row", {"uuid": uuid}),
        ("move_row", {"uuid": uuid}),
        ("remove_row", {"uuid": uuid}),
    ]:
        assert client.post(url(name, grant, **more)).status_code == 403
    assert FrameworkVersion.objects.get(grant=grant).confirmed_at is None


def test_another_organizations_plans_are_not_there(editor, grant, theirs):
    registry.registered(theirs)
    inside = {"organization": "hikari", "grant": theirs.code}
    for name, more in [("plan", {}), ("draft", {}), ("new_row", {}), ("version", {"number": 1})]:
        assert editor.get(reverse(f"frameworks:{name}", kwargs=inside | more)).status_code == 404
        assert editor.get(url(name, theirs, **more)).status_code == 404
    assert editor.post(url("confirm", theirs, number=1)).status_code == 404
    assert editor.post(reverse("frameworks:confirm", kwargs=inside | {"number": 1})).status_code == 404


def test_the_signed_out_are_asked_to_sign_in(client, grant):
    assert client.get(url("plan", grant)).url.startswith("/sign-in/?next=/o/hikari/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_draft_takes_the_same_queries_for_any_number_of_rows(
    editor, grant, count, django_assert_num_queries
):
    rows = [
        {"code": str(number), "statement": "甲", "indicators": [{"statement": "乙"}]}
        for number in range(count)
    ]
    with entering(grant.organization):
        drafts.change(grant, lambda _draft: registry.framework(rows), by=OFFICER, at=AT)
    with django_assert_num_queries(16):
        page = editor.get(url("draft", grant))
    assert page.content.decode().count('id="row-') == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_plans_takes_the_same_queries_for_any_number(
    editor, grant, count, django_assert_num_queries
):
    for number in range(1, count):
        registry.registered(
            programmes.grant(organization=grant.organization, of=grant.programme, code=f"more-{number}")
        )
    with django_assert_num_queries(10):
        page = editor.get(reverse("frameworks:index", kwargs={"organization": "hikari"}))
    assert page.content.decode().count('class="task-list__item"') == count


def test_a_new_row_sent_twice_is_one_row_and_another_typed_into_its_page_is_another(editor, grant):
    new = url("new_row", grant)
    row = a_row(statement="窓口が開かれている", indicators=[{"statement": "開設回数", "target": "月2回"}])
    row["seen"] = editor.get(new).context["page"].seen
    for _ in range(2):  # a double click
        assert editor.post(new, row).status_code == 302
    (one,) = draft_of(grant)
    editor.post(new, row | {"statement": "相談を受けている"})  # the back button, and other words
    first, second = draft_of(grant)
    assert (first, second.statement) == (one, "相談を受けている")
    row["seen"] = editor.get(new).context["page"].seen
    editor.post(new, row)
    assert len(draft_of(grant)) == 3, "the same words on a page of their own are meant"
