"""Autosave as a script calls it: which answers it gives, whom it refuses, how little it asks the database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.accounts.enums import Role
from minori.programmes.models import Deadline
from minori.report_forms.framework import Level
from minori.tenancy.rooms import entering
from minori.ui.templatetags.ui_tags import clock, clock_or_day, moment
from tenants.reports import drafts
from tenants.reports.models import Answer, AnswerRevision
from tenants.reports.stamps import read_stamp
from tests.factories import filings, people, programmes, registry
from tests.tenants.reports.conftest import open_deadline

pytestmark = pytest.mark.django_db

# session, person, organization, roles, into the room and out, form, row; deadline, report, answers, answer
QUERIES = 14
ROW = str(registry.identity("0101"))
JSON = {"Accept": "application/json"}


class Page:
    """A page of a section with its script."""

    def __init__(self, client: Client, deadline: Any, who: Any, section: str = "activities") -> None:
        self.client, self.who = client, who
        self.url = f"/o/hikari/reports/{deadline.pk}/sections/{section}/autosave/"
        self.turn, self.name = 0, f"page-of-{who.name}"
        self.stamps: dict[str, str] = {}
        self.saves = 0

    def save(self, status: int = 200, **posted: Any) -> Any:
        """Post these inputs (and their fields' stamps), take the new stamps over."""
        people.sign_in(self.client, self.who)
        self.turn += 1
        key = posted.pop("key", None) or next(iter(posted))
        said = {
            f"v-{key}": self.stamps.get(key, "0"),
            "page": self.name,
            "turn": self.turn,
            "since": self.saves,
            "person": self.who.pk,
            **posted,
        }
        answer = self.client.post(self.url, said, headers=JSON)
        assert answer.status_code == status, answer.content.decode()
        told = answer.json()
        self.saves = told.get("saves", self.saves)
        self.stamps |= {one: field["stamp"] for one, field in told.get("fields", {}).items()}
        return told


@pytest.fixture
def mine(client: Client, deadline: Any, editor: Any) -> Page:
    return Page(client, deadline, editor)


@pytest.fixture
def yours(hikari: Any, deadline: Any) -> Page:
    return Page(Client(), deadline, people.member(hikari, Role.EDITOR, name="共同 次郎"))


def stored(deadline: Any, key: str = "activities") -> Answer:
    with entering(deadline.organization):
        return Answer.objects.get(report__deadline_id=deadline.pk, key=key)


def history(deadline: Any) -> list[str]:
    with entering(deadline.organization):
        return [one.value["text"] for one in AnswerRevision.objects.order_by("pk")]


def test_a_field_is_saved_and_said_with_the_time(mine: Page, deadline: Any, editor: Any) -> None:
    told = mine.save(activities="居場所を\r\n開いた")
    assert told["said"].endswith("に保存しました")
    answer = stored(deadline)
    assert (answer.value["text"], answer.saved_by_id) == ("居場所を\n開いた", editor.pk)
    assert told["fields"]["activities"]["stamp"].startswith("1;text=")
    assert (told["fresh"], told["conflicts"]) == ({}, {})


def test_a_sitting_leaves_one_revision_and_the_next_begins_with_another(mine: Page, deadline: Any) -> None:
    for words in ("あ", "あい", "あいう"):
        mine.save(activities=words)
    assert history(deadline) == []
    with entering(deadline.organization):
        Answer.objects.update(sitting_began_at=timezone.now() - timedelta(minutes=11))
    mine.save(activities="あいうえ")
    mine.save(activities="あいうえお")
    assert history(deadline) == ["あいう"]
    assert stored(deadline).version == 5


def test_a_sitting_of_one_person_loses_nothing_of_another(mine: Page, yours: Page, deadline: Any) -> None:
    mine.save(activities="花子")
    mine.save(activities="花子の文")
    yours.stamps = dict(mine.stamps)
    yours.save(activities="次郎の文")
    mine.stamps = dict(yours.stamps)
    mine.save(activities="花子の新しい文")
    assert history(deadline) == ["花子の文", "次郎の文"]


def test_an_old_page_carries_a_field_along_over_saves_that_left_no_revision(
    mine: Page, yours: Page, deadline: Any
) -> None:
    mine.save(activities="あ")
    yours.stamps = dict(mine.stamps)
    mine.save(activities="あい")
    mine.save(activities="あいう")
    told = yours.save(activities="あ")
    assert (told["conflicts"], told["fields"]["activities"]["inputs"]["activities"]) == ({}, ["あいう"])
    assert stored(deadline).value["text"] == "あいう"


def test_the_same_field_shows_both_texts_and_the_choice_is_saved(
    mine: Page, yours: Page, deadline: Any
) -> None:
    yours.save(activities="次郎の文<b>")
    told = mine.save(422, activities="花子の文")
    html = told["conflicts"]["activities"]
    assert "次郎の文&lt;b&gt;" in html
    assert "花子の文" in html
    assert "共同 次郎さんも" in html
    assert stored(deadline).value["text"] == "次郎の文<b>"
    mine.save(activities="花子の文", **{"choose-activities": "mine", "seen-activities": "1"})
    assert (stored(deadline).value["text"], history(deadline)) == ("花子の文", ["次郎の文<b>"])


def test_the_text_that_is_given_up_is_kept_too(mine: Page, yours: Page, deadline: Any) -> None:
    yours.save(activities="次郎の文")
    mine.save(422, activities="花子の文")
    told = mine.save(activities="花子の文", **{"choose-activities": "theirs", "seen-activities": "1"})
    assert told["fields"]["activities"]["inputs"]["activities"] == ["次郎の文"]
    assert stored(deadline).value["text"] == "次郎の文"
    with entering(deadline.organization):
        kept = AnswerRevision.objects.get()
        assert (kept.value["text"], kept.set_aside, kept.saved_by_name) == ("花子の文", True, "編集 花子")


def test_aspects_of_a_row_are_put_together(client: Client, deadline: Any, editor: Any, yours: Page) -> None:
    mine = Page(client, deadline, editor, "results")
    yours.url = mine.url
    mine.save(key=ROW, **{f"row-{ROW}-text": "週3回"})
    told = yours.save(key=ROW, **{f"row-{ROW}-progress": "2"})
    assert told["fields"][ROW]["inputs"][f"row-{ROW}-text"] == ["週3回"]
    assert told["fields"][ROW]["head"] == {
        "state": "done",
        "word": "入力済み",
        "code": "2",
        "code_word": "計画どおり進んでいる",
        "reading": "週3回",
    }
    value = stored(deadline, ROW).value
    assert (value["text"], value["progress"]) == ("週3回", 2)


def test_what_others_saved_in_the_section_comes_with_the_answer(
    client: Client, deadline: Any, editor: Any, yours: Page
) -> None:
    mine = Page(client, deadline, editor, "changes")
    yours.url = mine.url
    yours.save(changes=["content"])
    told = mine.save(changes_note="相談")
    assert told["fresh"]["changes"]["inputs"]["changes"] == ["content"]
    assert "共同 次郎さんが" in told["fresh"]["changes"]["said"]
    assert mine.save(changes_note="相談中")["fresh"] == {}


def test_an_answer_that_never_came_back_is_no_conflict_with_oneself(mine: Page, deadline: Any) -> None:
    mine.save(activities="あ")
    before = dict(mine.stamps)
    mine.save(activities="あい")
    mine.stamps = before
    mine.save(activities="あ")
    assert stored(deadline).value["text"] == "あ", "what was taken back is a change as well"
    mine.stamps = {}
    mine.save(activities="あいう")
    assert stored(deadline).value["text"] == "あいう"


def test_the_last_words_of_a_page_are_not_overtaken_by_earlier_ones(mine: Page, deadline: Any) -> None:
    mine.turn = 5
    mine.save(activities="最後の文")
    mine.turn, mine.stamps = 3, {}
    mine.save(activities="最後")
    assert stored(deadline).value["text"] == "最後の文"


def test_a_page_goes_on_with_what_another_left_on_the_device(mine: Page, deadline: Any) -> None:
    mine.save(activities="あい")
    told = Page(mine.client, deadline, mine.who)
    told.name = "after-reload"
    told.save(activities="あいう", before=mine.name)
    assert stored(deadline).value["text"] == "あいう"


def test_the_page_of_the_section_brings_stamps_and_the_number_to_ask_with(mine: Page, deadline: Any) -> None:
    mine.save(activities="あ")
    page = mine.client.get(mine.url.removesuffix("autosave/")).content.decode()
    assert f'name="v-activities" value="{mine.stamps["activities"]}"' in page
    assert 'data-saves="1"' in page
    assert f'data-autosave="{mine.url}"' in page


def test_readers_write_nothing(client: Client, hikari: Any, deadline: Any) -> None:
    reader = Page(client, deadline, people.member(hikari, Role.READER, name="閲覧 三郎"))
    assert "読むことだけ" in reader.save(403, activities="x")["error"]
    with entering(hikari):
        assert not Answer.objects.exists()


def test_a_page_of_somebody_who_is_no_longer_signed_in_here_writes_nothing(
    mine: Page, yours: Page, deadline: Any
) -> None:
    assert "編集 花子" in mine.save(403, activities="次郎の文", person=yours.who.pk)["error"]
    with entering(deadline.organization):
        assert not Answer.objects.exists()


def test_a_script_is_told_that_the_session_has_ended(client: Client, mine: Page) -> None:
    client.logout()
    answer = client.post(mine.url, {"activities": "x"}, headers=JSON)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": True})


@pytest.mark.parametrize("step", ["handed_in", "waived"])
def test_a_report_that_is_not_open_says_so(mine: Page, deadline: Any, step: str) -> None:
    if step == "handed_in":
        filings.handed_in(deadline)
    else:
        Deadline.objects.filter(pk=deadline.pk).update(state="waived", waived_reason="休止中")
    assert mine.save(409, activities="x")["error"]


def test_what_no_page_of_ours_posts_is_refused(client: Client, deadline: Any, editor: Any) -> None:
    page = Page(client, deadline, editor, "results")
    assert page.save(400, key=ROW, **{f"row-{ROW}-progress": "9"})["error"]


def test_a_row_of_no_plan_of_ours_is_not_saved(client: Client, deadline: Any, editor: Any) -> None:
    page = Page(client, deadline, editor, "results")
    activity = str(registry.identity("学習支援を行う"))
    assert page.save(key=activity, **{f"row-{activity}-text": "x"})["fields"] == {}


def test_another_organizations_report_is_not_there(client: Client, editor: Any, theirs: Any) -> None:
    page = Page(client, theirs, editor)
    people.sign_in(client, editor)
    for slug in ("hikari", "kibou"):
        url = page.url.replace("hikari", slug)
        assert client.post(url, {"person": editor.pk}, headers=JSON).status_code == 404


def test_a_decision_over_what_was_kept_for_the_sign_in_lets_it_go(mine: Page, deadline: Any) -> None:
    people.sign_in(mine.client, mine.who)
    session = mine.client.session
    page = mine.url.removesuffix("autosave/")
    fields = {"v-activities": ["0"], "activities": ["あ"], "then": ["stay"]}
    at = timezone.now().timestamp()
    session["kept"] = {page: {"for": mine.who.user_id, "at": at, "page": page, "fields": fields}}
    session.save()
    assert "入力していた内容を戻しました" in mine.client.get(page).content.decode()
    said = {"person": mine.who.pk, "v-activities": "0", "activities": "あ"}
    assert mine.client.post(mine.url, said, headers=JSON).status_code == 200
    assert "入力していた内容を戻しました" not in mine.client.get(page).content.decode()


@pytest.mark.parametrize("rows", [10, 60])
def test_a_save_asks_the_same_of_a_short_and_a_long_report(
    client: Client, hikari: Any, editor: Any, rows: int
) -> None:
    names = [f"{number:04d}" for number in range(1, rows + 1)]
    plan = registry.framework(
        [
            {
                "code": name,
                "statement": f"（{name}）",
                "level": Level.OUTPUT,
                "indicators": [{"statement": "数"}],
            }
            for name in names
        ]
    )
    grant = programmes.grant(organization=hikari)
    registry.registered(grant, plan)
    deadline = open_deadline(hikari, of=grant)
    page = Page(client, deadline, editor, "results")
    for name in names:
        row = str(registry.identity(name))
        page.save(key=row, **{f"row-{row}-text": "はじめ"})
    row = str(registry.identity(names[0]))
    said = {f"v-{row}": page.stamps[row], f"row-{row}-text": "つぎ", "person": editor.pk, "since": page.saves}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.post(page.url, said | {"page": page.name, "turn": 99}, headers=JSON).status_code == 200
    assert len(asked) == QUERIES, [one["sql"][:120] for one in asked]
    with entering(hikari):
        assert len(drafts.read(deadline).stored) == rows


def test_stamps_that_no_page_of_ours_made_are_read_as_nothing() -> None:
    assert read_stamp("7;text=0123456789ab").marks == {"text": "0123456789ab"}
    assert (read_stamp("7").version, read_stamp("7").marks) == (7, None)
    for wrong in ("", "x", "-1", "9999999999", "１"):
        assert read_stamp(wrong).version == 0
    assert read_stamp("3;text=zz;<b>").marks == {}


def test_what_oneself_wrote_in_another_window_is_not_called_another_persons(
    mine: Page, deadline: Any
) -> None:
    other = Page(mine.client, deadline, mine.who)
    other.name = "another window of mine"
    mine.save(activities="この画面の文")
    torn = other.save(422, activities="別の画面の文")["conflicts"]["activities"]
    assert "別の画面でも、あなたがこの欄を直しています" in torn
    assert "別の画面のあなた" in torn
    assert mine.who.name not in torn


def test_a_save_of_another_day_is_told_with_its_day(client: Client, mine: Page, deadline: Any) -> None:
    mine.save(activities="きのうの文")
    now = timezone.now()
    with entering(deadline.organization):
        Answer.objects.filter(key="activities").update(saved_at=now - timedelta(days=2))
    yours = Page(client, deadline, people.member(deadline.organization, Role.EDITOR, name="共同 次郎"))
    torn = yours.save(422, activities="きょうの文")["conflicts"]["activities"]
    assert moment(now - timedelta(days=2)) in torn
    assert moment(now - timedelta(days=2)) != clock_or_day(now) == clock(now)
