"""The walk through a round: what stands beside a remark, who writes and who sees it."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.accounts.enums import Role, StaffRole
from minori.tenancy.rooms import entering
from reporting.reading import asking
from reporting.remarks.models import Remark
from reporting.summaries import compiling
from tests.factories import filings, people, programmes, registry
from tests.reporting.review.desk import Desk, desk, signed_in

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
PLAN = [{"code": "0101", "statement": "居場所が開かれている", "indicators": [{"statement": "回数"}]}]
WORDS = "理事会で話し合う。\n<b>太字ではない</b>"
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(hikari: Any, kibou: Any) -> Desk:
    """A desk with two organizations; the first was on plan and is behind now, the second has handed in nothing."""
    found = desk()
    now = programmes.round_(of=found.programme, title="進捗報告（2年度目下期）", due_on=date(2026, 10, 15))
    for organization in (hikari, kibou):
        grant = programmes.grant(of=found.programme, organization=organization, lead_officer=found.officer)
        registry.registered(grant, registry.framework(PLAN))
        for round_, progress in ((found.round, 2), (now, 3)):
            deadline = programmes.deadline(of=grant, round=round_)
            if organization == hikari:
                rows = {"0101": {"text": "会場が見つからず6回", "progress": progress}}
                filings.handed_in(deadline, rows=rows)
    for round_ in (found.round, now):
        compiling.compile_round(round_.pk, at=AT)
    found.round = now
    return found


def address(here: Desk, name: str = "round") -> str:
    return reverse(f"remarks:{name}", kwargs={"code": here.programme.code, "number": here.round.number})


def key_of(here: Desk, organization: Any) -> str:
    return f"grant-{organization.grants.get(programme=here.programme).pk}"


def test_beside_each_remark_stands_what_one_needs_to_see(here, hikari):
    deadline = here.round.deadlines.get(organization=hikari)
    asking.put_down(deadline, anchor="", words="会場はどうなったか", by=here.officer, at=AT)
    html = signed_in(here.officer).get(address(here)).content.decode()
    assert "前回から変わったところ" in html
    assert "会場が見つからず6回" in html
    assert "会場はどうなったか" in html
    assert "まだ提出がありません" in html
    colleague = signed_in(here.colleague()).get(address(here)).content.decode()
    assert "会場はどうなったか" not in colleague, "a list is its owner's"


def test_what_is_typed_is_saved_and_shown_with_who_and_when(here, hikari):
    key = key_of(here, hikari)
    browser = signed_in(here.officer)
    posted = {f"v-{key}": "0;", key: WORDS, "v-overall": "0;", "overall": "全体の総括です。"}
    assert browser.post(address(here), posted).status_code == 302
    html = signed_in(here.colleague()).get(address(here)).content.decode()
    assert "全体の総括です。" in html
    assert "&lt;b&gt;太字ではない" in html
    assert here.officer.name in html


def test_a_script_saves_one_field_and_is_told_of_a_conflict(here, hikari):
    key = key_of(here, hikari)
    save = address(here, "autosave")
    mine = {f"v-{key}": "0;", key: "佐伯の所見", "person": here.officer.pk, "page": "a", "turn": 1}
    first = signed_in(here.officer).post(save, mine)
    assert first.status_code == 200
    stamp = first.json()["fields"][key]["stamp"]
    assert stamp.startswith("1;")
    other = here.colleague()
    theirs = {f"v-{key}": "0;", key: "大野の所見", "person": other.pk, "page": "b", "turn": 1}
    torn = signed_in(other).post(save, theirs)
    assert torn.status_code == 422
    assert "佐伯の所見" in torn.json()["conflicts"][key]
    assert Remark.objects.get().text == "佐伯の所見"
    going_on = signed_in(here.officer).post(
        save, mine | {f"v-{key}": stamp, key: "佐伯の所見、続き", "turn": 2}
    )
    assert going_on.status_code == 200
    assert Remark.objects.get().text == "佐伯の所見、続き"


def test_nothing_is_saved_in_somebody_elses_name_nor_about_anothers_grant(here, hikari):
    stranger = desk()
    foreign = programmes.grant(of=stranger.programme, organization=hikari)
    browser = signed_in(here.officer)
    wrong = {"v-overall": "0;", "overall": "x", "person": here.officer.pk + 1}
    assert browser.post(address(here, "autosave"), wrong).status_code == 403
    about = {f"v-grant-{foreign.pk}": "0;", f"grant-{foreign.pk}": "x", "person": here.officer.pk}
    assert browser.post(address(here, "autosave"), about).status_code == 200
    assert not Remark.objects.exists()


def test_readers_read_and_write_nothing(here, hikari):
    signed_in(here.officer).post(address(here), {"v-overall": "0;", "overall": "全体の総括です。"})
    reader = signed_in(here.colleague(StaffRole.READER))
    html = reader.get(address(here)).content.decode()
    assert "全体の総括です。" in html
    assert "<textarea" not in html
    assert reader.post(address(here), {"v-overall": "0;", "overall": "y"}).status_code == 403


def test_the_organization_and_another_distributor_never_see_a_remark(here, hikari):
    key = key_of(here, hikari)
    signed_in(here.officer).post(address(here), {f"v-{key}": "0;", key: WORDS})
    assert signed_in(desk().officer).get(address(here)).status_code == 404
    member = people.sign_in(Client(), people.member(hikari, Role.APPROVER))
    deadline = here.round.deadlines.get(organization=hikari)
    assert member.get(address(here)).status_code == 404
    for path in (
        "/o/hikari/",
        f"/o/hikari/reports/{deadline.pk}/",
        f"/o/hikari/reports/{deadline.pk}/filings/1/",
    ):
        assert "理事会で話し合う" not in member.get(path).content.decode()
    for table in ("remarks_remark", "remarks_remarkrevision"):
        with (
            entering(hikari),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM public.{table}")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_takes_the_same_number_of_queries_for_any_number_of_grants(count, hikari):
    found = desk()
    for _one in range(count):
        filings.handed_in(found.deadline(hikari))
    compiling.compile_round(found.round.pk, at=AT)
    browser = signed_in(found.officer)
    with CaptureQueriesContext(connection) as page:
        assert browser.get(address(found)).status_code == 200
    with CaptureQueriesContext(connection) as index:
        assert browser.get(reverse("remarks:index")).status_code == 200
    assert (len(page), len(index)) == (11, 4)


def test_a_page_shows_twenty_grants_counts_all_and_comes_back_to_itself(hikari):
    found = desk()
    grants = []
    for _one in range(21):
        deadline = found.deadline(hikari)
        filings.handed_in(deadline, rows={"0101": {"text": f"会場{deadline.pk}が見つからず", "progress": 3}})
        grants.append((deadline.grant.pk, deadline.pk))
    compiling.compile_round(found.round.pk, at=AT)
    browser = signed_in(found.officer)
    here = address(found)
    shown = [browser.get(f"{here}?page={page}").content.decode() for page in (1, 2, 3)]
    pages = [[grant for grant, _deadline in grants if f'name="grant-{grant}"' in html] for html in shown]
    assert [len(page) for page in pages] == [20, 1, 1], "behind the end stands the last page"
    assert set(pages[0]) | set(pages[1]) == {grant for grant, _deadline in grants}
    assert all(
        (f"会場{deadline}が見つからず" in shown[0]) == (grant in pages[0]) for grant, deadline in grants
    ), "words of the shown grants only"
    whole = browser.get(f"{here}?whole=page").content.decode()
    assert all(f'name="grant-{grant}"' in whole for grant, _deadline in grants)

    (last,) = pages[1]
    posted = browser.post(f"{here}?page=2", {f"v-grant-{last}": "0;", f"grant-{last}": WORDS})
    assert posted["Location"] == f"{here}?page=2"
    assert "所見 1 / 21件" in browser.get(here).content.decode(), "what stands on another page is counted"


def test_grants_are_narrowed_down_and_what_could_not_be_saved_is_never_filtered_away(here, hikari, kibou):
    for _one in range(4):
        filings.handed_in(here.deadline(hikari))
    compiling.compile_round(here.round.pk, at=AT)
    mine, theirs = key_of(here, kibou), f"grant-{hikari.grants.order_by('pk')[0].pk}"
    browser, page = signed_in(here.officer), address(here)
    assert browser.post(page, {f"v-{mine}": "0;", mine: WORDS}).status_code == 302

    def shown(**filters: str) -> list[str]:
        return re.findall(r'<textarea[^>]* name="(grant-\d+)"', browser.get(page, filters).content.decode())

    every = shown()
    assert len(every) == 6
    assert shown(remark="written") == [mine]
    assert shown(remark="none") == [one for one in every if one != mine]
    assert shown(q="きぼう") == [mine]
    assert shown(officer=here.officer.name) == every
    assert shown(officer="誰でもない") == []
    assert shown(remark="nonsense") == every
    assert "所見 1 / 6件" in browser.get(page, {"remark": "none"}).content.decode(), "all are counted"
    assert 'name="overall"' not in browser.get(page, {"remark": "none"}).content.decode()

    other = signed_in(here.colleague())
    assert other.post(page, {f"v-{theirs}": "0;", theirs: "大野の所見"}).status_code == 302
    refused = browser.post(f"{page}?remark=none", {f"v-{theirs}": "0;", theirs: "佐伯の所見"})
    assert refused.status_code == 422
    for words in ("大野の所見", "佐伯の所見"):
        assert words in refused.content.decode(), "the grant has a remark now, and stands there still"


def test_a_page_is_told_of_what_was_saved_after_it(here, hikari, kibou):
    mine, theirs = key_of(here, hikari), key_of(here, kibou)
    other = signed_in(here.colleague())
    posted = {f"v-{mine}": "0;", mine: "佐伯の所見", "person": here.officer.pk, "page": "a", "turn": 1}
    browser = signed_in(here.officer)
    since = browser.post(address(here, "autosave"), posted).json()["saves"]
    assert other.post(address(here), {f"v-{theirs}": "0;", theirs: "大野の所見"}).status_code == 302
    empty = {"person": here.officer.pk, "page": "a", "turn": 2}
    told = browser.post(address(here, "autosave"), posted | empty | {"since": since})
    fresh = told.json()["fresh"]
    assert list(fresh) == [theirs]
    Remark.objects.filter(text="大野の所見").update(saved_at=AT)
    known = int(AT.timestamp() * 1000)
    told = [
        list(browser.post(address(here, "autosave"), posted | empty | {"since": since}).json()["fresh"])
        for since in (known, known + 10_000, "9" * 40)
    ]
    assert told == [[theirs], [], [theirs]], "what it knows is not sent again; of nonsense everything"
