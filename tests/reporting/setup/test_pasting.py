"""Organizations, grants and people pasted from Excel: every error with its line and cell, all or nothing."""

from datetime import date

import pytest
from django.urls import reverse

from minori.accounts.models import Invitation
from minori.organizations.models import Organization
from minori.programmes.models import Grant
from reporting.setup import pasting
from reporting.setup.pasting import Column, PastedGrants
from reporting.setup.pasting import read_grants as read_for
from tests.factories import programmes

PAGE = "/desk/setup/programmes/ours/grants/paste/"
HEAD = "団体名\tかな\tslug\t事業名\t事業コード\t開始\t終了\t担当者メール\t氏名\t役割\r\n"
AOZORA = (
    "NPO法人 あおぞら\tあおぞら\taozora\t夜の居場所\taozora-1\t2025/4/1\t令和10年3月31日"
    "\ta@example.jp\t青木 空\t承認者\r\n"
)
SECOND_PERSON = "\t\t\t\t\t\t\tb@example.jp\t別府 海\t\r\n"


def read_grants(text, programme=None) -> PastedGrants:
    """As somebody of the programme's distributor, or of one that funds nobody, pastes it."""
    return read_for(text, programme=programme or programmes.programme())


def wrong(text):
    return [(problem.line, problem.column) for problem in read_grants(text).problems]


def test_lines_are_read_with_their_people(db):
    pasted = read_grants(HEAD + AOZORA + SECOND_PERSON)
    assert pasted.problems == ()
    (grant,) = pasted.grants
    assert (grant.name, grant.slug, grant.code) == ("NPO法人 あおぞら", "aozora", "aozora-1")
    assert (grant.starts_on, grant.ends_on, grant.known) == (date(2025, 4, 1), date(2028, 3, 31), None)
    assert [(one.email, one.role) for one in grant.people] == [
        ("a@example.jp", "approver"),
        ("b@example.jp", "editor"),
    ]


def test_our_order_counts_without_headings_and_any_order_with_them(db):
    assert read_grants(AOZORA).grants[0].title == "夜の居場所"
    other = (
        "事業コード\tslug\t団体名\t事業名\t開始日\t終了日\n"
        "aozora-1\taozora\tあおぞら\t夜の居場所\t2025-04-01\t2028-03-31\n"
    )
    pasted = read_grants(other)
    assert pasted.problems == ()
    assert pasted.grants[0].title == "夜の居場所"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AOZORA.replace("2025/4/1", "4月から"), [(2, Column.STARTS_ON)]),
        (AOZORA.replace("2025/4/1", "2030/4/1"), [(2, Column.ENDS_ON)]),
        (AOZORA.replace("aozora\t", "あおぞら\t"), [(2, Column.SLUG)]),
        (AOZORA.replace("aozora-1", "Aozora 1"), [(2, Column.CODE)]),
        (AOZORA.replace("a@example.jp", "青木"), [(2, Column.EMAIL)]),
        (AOZORA.replace("青木 空", ""), [(2, Column.PERSON)]),
        (AOZORA.replace("承認者", "社長"), [(2, Column.ROLE)]),
        (AOZORA.replace("夜の居場所", "居" * 301), [(2, Column.TITLE)]),
        (AOZORA.replace("NPO法人 あおぞら", ""), [(2, Column.NAME)]),
        (AOZORA.replace("aozora\t夜の居場所", "\t"), [(2, Column.SLUG), (2, Column.TITLE)]),
        (AOZORA.rstrip() + "\tはみ出し\r\n", [(2, None)]),
        (SECOND_PERSON, [(2, None)]),
        (AOZORA + AOZORA, [(2, Column.CODE), (3, Column.CODE)]),
        (
            AOZORA + AOZORA.replace("aozora-1", "b-1").replace("NPO法人 あおぞら", "別の団体"),
            [(3, Column.SLUG)],
        ),
        ('"NPO法人\tあおぞら\r\n', [(2, None)]),
        ("", [(None, None)]),
    ],
)
def test_every_error_names_its_line_and_cell(db, text, expected):
    assert wrong(HEAD + text) == expected


def test_headings_without_a_place_are_told(db):
    assert wrong("団体名\tslug\t事業名\t電話\nあ\ta\tい\t03\n")[0] == (1, None)


def test_known_organizations_are_found_by_address_and_name(hikari, programme, grant):
    line = AOZORA.replace("aozora\t", "hikari\t")
    (problem,) = read_grants(HEAD + line, programme).problems
    assert (problem.line, problem.column) == (2, Column.SLUG), "another organization has this address"
    pasted = read_grants(HEAD + line.replace("NPO法人 あおぞら", hikari.name), programme)
    assert pasted.problems == ()
    assert pasted.grants[0].known == hikari
    assert read_grants(HEAD + line.replace("NPO法人 あおぞら", ""), programme).grants[0].known == hikari


def test_an_organization_of_others_is_not_taken_by_its_address(desk, officer, programme, grant, theirs):
    line = AOZORA.replace("aozora\t", "kibou\t").replace("NPO法人 あおぞら", theirs.organization.name)
    (problem,) = read_grants(HEAD + line, programme).problems
    assert (problem.line, problem.column) == (2, Column.SLUG)
    answer = desk.post(PAGE, {"text": HEAD + line, "lead": str(officer.pk), "deputy": "", "save": "1"})
    assert answer.status_code == 422
    assert not Grant.objects.filter(programme=programme, organization=theirs.organization).exists()


def test_a_preview_comes_first_and_everything_is_set_up_afterwards(desk, officer, programme, grant):
    text = HEAD + AOZORA + SECOND_PERSON + AOZORA.replace("aozora-1", "aozora-2")
    assert desk.get(PAGE).status_code == 200
    data = {"text": text, "lead": str(officer.pk), "deputy": ""}
    preview = desk.post(PAGE, data | {"preview": "1"})
    assert preview.status_code == 200
    assert "別府 海" in preview.content.decode()
    assert Grant.objects.count() == 1
    desk.post(PAGE, data | {"save": "1"})
    organization = Organization.objects.get(slug="aozora")
    assert set(Grant.objects.filter(organization=organization).values_list("code", flat=True)) == {
        "aozora-1",
        "aozora-2",
    }
    assert Invitation.objects.count() == 2
    assert desk.post(PAGE, data | {"save": "1"}).status_code == 422, "the same once more: the codes are taken"
    assert Grant.objects.count() == 3


def test_with_one_error_nothing_is_written_and_what_was_pasted_stays(desk, officer, programme):
    text = HEAD + AOZORA + AOZORA.replace("aozora-1", "だめ")
    answer = desk.post(PAGE, {"text": text, "lead": str(officer.pk), "deputy": "", "save": "1"})
    assert answer.status_code == 422
    assert "夜の居場所" in answer.content.decode()
    assert not Grant.objects.exists()
    assert not Organization.objects.filter(slug="aozora").exists()


def test_without_an_officer_nothing_is_written(desk, programme):
    answer = desk.post(PAGE, {"text": HEAD + AOZORA, "lead": "", "deputy": "", "save": "1"})
    assert answer.status_code == 422
    assert not Grant.objects.exists()


def test_names_from_cells_of_several_lines_stand_on_one(db):
    table = HEAD + AOZORA.replace("NPO法人 あおぞら", '"NPO法人\nあおぞら"').replace("青木 空", '"青木\n空"')
    (grant,) = read_grants(table).grants
    assert (grant.name, grant.people[0].name) == ("NPO法人 あおぞら", "青木 空")


@pytest.mark.parametrize("page", ["setup:paste_grants", "setup:paste_plans"])
def test_a_cell_without_an_end_is_told_in_words(desk, programme, page):
    answer = desk.post(reverse(page, kwargs={"code": "ours"}), {"text": "団体名\t事業名\n" + "あ" * 131_073})
    assert answer.status_code == 422
    assert "1つのセルが131,072文字を超えています" in answer.content.decode()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_headings_that_the_page_shows_are_read_in_every_language(language):
    shown = [pasting.heading(column, language) for column in pasting.ORDER]
    assert len(set(shown)) == len(pasting.ORDER)
    assert [pasting._HEADINGS[pasting.name_of(one)] for one in shown] == list(pasting.ORDER)
