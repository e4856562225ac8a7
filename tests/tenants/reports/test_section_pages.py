"""A section as people fill it in: saved, kept when something is wrong, harmless when posted twice."""

import re
from typing import Any

import pytest
from django.test import Client

from minori.accounts.enums import Role
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tenants.reports import drafts
from tenants.reports.models import Answer, AnswerRevision
from tests.factories import filings, people, registry

pytestmark = pytest.mark.django_db

ROW = str(registry.identity("0101"))


def address(deadline: Any, section: str, slug: str = "hikari") -> str:
    return f"/o/{slug}/reports/{deadline.pk}/sections/{section}/"


def answers(deadline: Any) -> dict[str, Any]:
    with entering(deadline.organization):
        return {
            one.key: one.value
            for one in Answer.objects.filter(report__deadline_id=deadline.pk).order_by("key")
        }


def test_a_text_is_saved_and_the_list_is_shown(client: Client, deadline: Any, editor: Any) -> None:
    here = address(deadline, "activities")
    response = client.post(here, {"v-activities": "0", "activities": "1. 見出し\r\n文", "then": "list"})
    assert response.url == f"/o/hikari/reports/{deadline.pk}/"
    assert answers(deadline)["activities"]["text"] == "1. 見出し\n文"
    assert "minori_saved" in response.cookies, "the device may forget its copy"


def test_every_kind_of_field_is_saved(client: Client, deadline: Any, editor: Any) -> None:
    posts = {
        "outlook": {"v-outlook": "0", "outlook": "3"},
        "changes": {
            "v-changes": "0",
            "changes": ["content", "target"],
            "v-changes_note": "0",
            "changes_note": "相談中",
        },
        "media": {"v-media": "0", "media": "yes", "media-text": "新聞"},
        "symbol_mark": {"v-symbol_mark": "0", "symbol_mark": ["other"], "symbol_mark-text": "シール"},
    }
    for key, posted in posts.items():
        assert client.post(address(deadline, key), posted).status_code == 302
    found = answers(deadline)
    assert found["outlook"]["value"] == "3"
    assert found["changes"]["values"] == ["content", "target"]
    assert found["changes_note"]["text"] == "相談中"
    assert found["media"] == {"kind": "yes_no", "said": True, "text": "新聞"}
    assert found["symbol_mark"]["text"] == "シール"


def test_a_row_keeps_text_code_reason_and_the_page_comes_back_to_it(
    client: Client, deadline: Any, editor: Any
) -> None:
    posted = {
        f"v-{ROW}": "0",
        f"row-{ROW}-text": "①3回\n②20人",
        f"row-{ROW}-progress": "4",
        f"row-{ROW}-remark": "台風",
    }
    response = client.post(address(deadline, "results"), {**posted, "row": ROW})
    assert response.url.endswith(f"#row-{ROW}")
    assert answers(deadline)[ROW] == {
        "row": ROW,
        "text": "①3回\n②20人",
        "progress": 4,
        "remark": "台風",
        "covers": [],
    }


def test_a_progress_can_be_taken_back_to_not_reported(client: Client, deadline: Any, editor: Any) -> None:
    here = address(deadline, "results")
    client.post(here, {f"v-{ROW}": "0", f"row-{ROW}-text": "文", f"row-{ROW}-progress": "2"})
    client.post(here, {f"v-{ROW}": "1", f"row-{ROW}-text": "文", f"row-{ROW}-progress": ""})
    assert answers(deadline)[ROW]["progress"] is None


def test_code_4_without_a_reason_is_saved_and_says_what_is_missing(
    client: Client, deadline: Any, editor: Any
) -> None:
    here = address(deadline, "results")
    response = client.post(
        here,
        {f"v-{ROW}": "0", f"row-{ROW}-text": "文", f"row-{ROW}-progress": "4", "then": "list"},
        follow=True,
    )
    page = response.content.decode()
    assert response.request["PATH_INFO"] == here
    assert f"#id_row-{ROW}-remark" in page
    assert "「4 その他」の理由を書いてください" in page
    assert answers(deadline)[ROW]["progress"] == 4


def test_no_change_together_with_a_change_is_pointed_out_and_kept(
    client: Client, deadline: Any, editor: Any
) -> None:
    here = address(deadline, "changes")
    response = client.post(here, {"v-changes": "0", "changes": ["none", "content"]}, follow=True)
    assert "同時にえらぶことはできません" in response.content.decode()
    assert answers(deadline)["changes"]["values"] == ["none", "content"]


def test_posting_twice_is_harmless(client: Client, deadline: Any, editor: Any) -> None:
    posted = {"v-activities": "0", "activities": "文"}
    assert client.post(address(deadline, "activities"), posted).status_code == 302
    assert client.post(address(deadline, "activities"), posted).status_code == 302
    with entering(deadline.organization):
        assert Answer.objects.get().version == 1
        assert not AnswerRevision.objects.exists()


def test_two_people_see_both_texts_and_decide(
    client: Client, deadline: Any, hikari: Any, editor: Any
) -> None:
    here, other = address(deadline, "activities"), Client()
    people.sign_in(other, people.member(hikari, Role.EDITOR, name="共同 次郎"))
    other.post(here, {"v-activities": "0", "activities": "相手の文"})
    response = client.post(here, {"v-activities": "0", "activities": "私の文"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "私の文" in page
    assert "相手の文" in page
    assert "共同 次郎" in page
    assert answers(deadline)["activities"]["text"] == "相手の文"
    seen = re.search(r'name="seen-activities" value="(\d+)"', page)
    assert seen is not None
    decision = {
        "v-activities": "0",
        "seen-activities": seen[1],
        "choose-activities": "mine",
        "activities": "私の文",
    }
    assert client.post(here, decision).status_code == 302
    assert answers(deadline)["activities"]["text"] == "私の文"


def test_what_was_typed_stands_on_the_page_when_the_report_was_closed_meanwhile(
    client: Client, deadline: Any, editor: Any
) -> None:
    filings.handed_in(deadline)
    response = client.post(address(deadline, "activities"), {"v-activities": "0", "activities": "まだの文"})
    assert response.status_code == 409
    assert "まだの文" in response.content.decode()
    assert "提出済みです" in response.content.decode()
    assert answers(deadline) == {}


def test_what_was_typed_while_signed_out_is_in_the_form_again(
    client: Client, deadline: Any, hikari: Any
) -> None:
    people.member(hikari, Role.EDITOR, email="kept@example.jp", password="a-long-password")

    def come() -> None:
        client.post("/sign-in/password/", {"email": "kept@example.jp", "password": "a-long-password"})
        assert "_auth_user_id" in client.session

    come()
    here = address(deadline, "activities")
    client.session.delete()
    posted = {"v-activities": "0", "activities": "長い文"}
    assert client.post(here, posted).url.startswith("/sign-in/")
    come()
    page = client.get(here).content.decode()
    assert "長い文" in page
    assert "入力していた内容を戻しました" in page
    assert answers(deadline) == {}, "nothing is saved by itself"


def test_a_reader_reads_and_does_not_write(client: Client, deadline: Any, hikari: Any) -> None:
    people.sign_in(client, people.member(hikari, Role.READER))
    here = address(deadline, "activities")
    page = client.get(here)
    assert page.status_code == 200
    assert 'name="activities"' not in page.content.decode()
    assert client.post(here, {"v-activities": "0", "activities": "文"}).status_code == 403
    assert answers(deadline) == {}


def test_people_of_another_organization_find_nothing(
    client: Client, deadline: Any, kibou: Any, theirs: Any
) -> None:
    people.sign_in(client, people.member(kibou, Role.EDITOR))
    assert client.get(address(deadline, "activities")).status_code == 404
    assert client.get(address(deadline, "activities", slug="kibou")).status_code == 404
    assert client.post(address(deadline, "activities", slug="kibou"), {"activities": "x"}).status_code == 404
    assert client.get(address(theirs, "activities", slug="kibou")).status_code == 200


def test_an_unknown_section_and_a_made_up_code_are_refused(
    client: Client, deadline: Any, editor: Any
) -> None:
    assert client.get(address(deadline, "nothing")).status_code == 404
    made_up = {f"v-{ROW}": "0", f"row-{ROW}-progress": "7"}
    assert client.post(address(deadline, "results"), made_up).status_code == 400


def test_without_a_plan_results_wait_and_other_sections_can_be_filled(
    client: Client, hikari: Any, editor: Any
) -> None:
    from tests.factories import programmes

    deadline: Deadline = programmes.deadline(organization=hikari)
    type(deadline.round).objects.filter(pk=deadline.round_id).update(
        opens_on="2025-10-01", due_on="2099-10-14"
    )
    page = client.get(address(deadline, "results")).content.decode()
    assert "実績値はまだ入力できません" in page
    client.post(address(deadline, "outlook"), {"v-outlook": "0", "outlook": "3"})
    with entering(hikari):
        copy = drafts.read(deadline)
    assert answers(deadline)["outlook"]["value"] == "3"
    assert copy.version is None


def test_which_rows_a_code_covers_is_chosen_on_its_own_page(client: Client, hikari: Any, editor: Any) -> None:
    from tests.factories import programmes
    from tests.tenants.reports.conftest import open_deadline

    grant = programmes.grant(organization=hikari)
    rows = ({"code": "1", "statement": "1 親"}, {"code": "0101", "statement": "0101 子", "parent": "1"})
    registry.registered(grant, registry.framework(rows))
    deadline = open_deadline(hikari, of=grant)
    one, other = str(registry.identity("1")), str(registry.identity("0101"))
    here = address(deadline, "results")
    posted = {f"v-{one}": "0", f"row-{one}-progress": "3", f"row-{one}-text": "文", "covers": one}
    there = client.post(here, posted).url
    assert client.get(there).status_code == 200
    assert client.post(there, {"covers": [other, "made-up"]}).url == f"{here}#row-{one}"
    assert answers(deadline)[one]["covers"] == [other]
    made_up = {f"v-{one}": "1", f"row-{one}-progress": "3", f"row-{one}-text": "文字", "covers": "made-up"}
    assert client.post(here, made_up).status_code == 302
    assert answers(deadline)[one]["text"] == "文字"
    assert "まとめて示されています" in client.get(here).content.decode()


def test_a_page_of_sixty_rows_costs_as_many_queries_as_one_of_ten(
    client: Client, hikari: Any, editor: Any, django_assert_num_queries: Any
) -> None:
    from tests.factories import programmes
    from tests.tenants.reports.conftest import open_deadline

    for count in (10, 60):
        grant = programmes.grant(organization=hikari)
        rows = [{"code": f"{number:04}", "statement": f"{number:04} 行"} for number in range(count)]
        registry.registered(grant, registry.framework(rows))
        deadline = open_deadline(hikari, of=grant)
        with django_assert_num_queries(14):
            response = client.get(address(deadline, "results"))
        assert response.content.decode().count('class="result"') == count


def test_a_choice_can_be_taken_back(client: Client, deadline: Any, editor: Any) -> None:
    here = address(deadline, "outlook")
    assert "えらばない" not in client.get(here).content.decode()
    client.post(here, {"v-outlook": "0", "outlook": "3"})
    assert "えらばない" in client.get(here).content.decode()
    client.post(here, {"v-outlook": "1", "outlook": ""})
    assert answers(deadline)["outlook"]["value"] == ""


def test_the_form_of_a_section_always_posts_to_the_section(
    client: Client, deadline: Any, editor: Any
) -> None:
    refused = client.post(f"/o/hikari/reports/{deadline.pk}/files/", {})
    assert f'action="{address(deadline, "photos")}"' in refused.content.decode()


def test_nothing_to_report_is_kept_and_can_be_taken_back(client: Client, deadline: Any, editor: Any) -> None:
    here, text = address(deadline, "results"), address(deadline, "activities")
    client.post(here, {f"v-{ROW}": "0", f"row-{ROW}-nothing": "yes"})
    client.post(text, {"v-activities": "0", "activities": "", "activities-nothing": "yes"})
    assert answers(deadline)[ROW]["nothing"] is True
    assert answers(deadline)["activities"] == {"kind": "text", "text": "", "nothing": True}
    assert (
        f'id="id_row-{ROW}-nothing" name="row-{ROW}-nothing" value="yes" checked'
        in client.get(here).content.decode()
    )
    assert "入力済み" in client.get(f"/o/hikari/reports/{deadline.pk}/").content.decode()
    client.post(here, {f"v-{ROW}": "1", f"row-{ROW}-text": "3回"})
    assert "nothing" not in answers(deadline)[ROW]


def test_nothing_to_report_beside_a_text_is_pointed_out_and_kept(
    client: Client, deadline: Any, editor: Any
) -> None:
    posted = {"v-activities": "0", "activities": "文", "activities-nothing": "yes", "then": "list"}
    page = client.post(address(deadline, "activities"), posted, follow=True).content.decode()
    assert "どちらか一方にしてください" in page
    assert answers(deadline)["activities"] == {"kind": "text", "text": "文", "nothing": True}
