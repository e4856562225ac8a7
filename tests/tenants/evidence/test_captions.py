"""Captions save themselves while they are typed, ask where two people wrote, and survive an ended session."""

from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minori.accounts.enums import Role
from minori.programmes.models import Deadline
from tests.factories import filings, people
from tests.tenants.evidence.test_photo_pages import GREEN, RED, kept, section, upload
from tests.tenants.evidence.test_row_files import page
from tests.tenants.reports.conftest import _own_files, deadline, editor, theirs

__all__ = ["_own_files", "deadline", "editor", "theirs"]
pytestmark = pytest.mark.django_db
# as for a field, and the file's own: deadline, file, update, read again, with the savepoint around them
QUERIES = 26


def autosave(client: Client, deadline: Deadline, who: Any, **posted: str) -> Any:
    said = {"person": who.pk, "page": "p", "turn": "1", "since": "0", **posted}
    return client.post(f"{section(deadline)}autosave/", said, headers={"Accept": "application/json"})


def typed(one: Any, caption: str, was: str = "", **more: str) -> dict[str, str]:
    key = f"file-{one.uuid}"
    return {f"v-{key}": was, f"{key}-caption": caption, f"{key}-rights": "agreed"} | more


@pytest.fixture
def photo(client: Client, deadline: Any, editor: Any) -> Any:
    upload(client, deadline, ("one.jpg", RED))
    return kept(deadline)[0]


def test_a_caption_and_its_rights_save_themselves(
    client: Client, deadline: Any, editor: Any, photo: Any
) -> None:
    key = f"file-{photo.uuid}"
    with CaptureQueriesContext(connection) as asked:
        answer = autosave(client, deadline, editor, **typed(photo, " 夏のつどい "))
    assert len(asked) <= QUERIES
    assert answer.status_code == 200
    told = answer.json()
    assert told["fields"] == {key: {"stamp": "夏のつどい"}}
    assert "に保存しました" in told["said"]
    assert (kept(deadline)[0].caption, kept(deadline)[0].rights) == ("夏のつどい", "agreed")
    autosave(client, deadline, editor, **typed(photo, "夏のつどい（8月）", "夏のつどい"))
    assert kept(deadline)[0].caption == "夏のつどい（8月）"


def test_two_captions_stand_side_by_side_until_one_is_chosen(
    client: Client, deadline: Any, editor: Any, hikari: Any, photo: Any
) -> None:
    key = f"file-{photo.uuid}"
    autosave(client, deadline, editor, **typed(photo, "花子の説明"))
    other = people.member(hikari, Role.EDITOR, name="共同 次郎")
    people.sign_in(client, other)
    torn = autosave(client, deadline, other, **typed(photo, "次郎の説明"))
    assert torn.status_code == 422
    assert torn.json()["fields"] == {}
    asked = torn.json()["conflicts"][key]
    assert "花子の説明" in asked
    assert "もう一方の内容を使う" in asked
    assert f'name="choose-{key}" value="mine"' in asked
    assert kept(deadline)[0].caption == "花子の説明"
    seen = {f"seen-{key}": "花子の説明"}
    theirs_ = autosave(
        client, deadline, other, **typed(photo, "次郎の説明"), **seen, **{f"choose-{key}": "theirs"}
    )
    assert theirs_.json()["fields"][key] == {
        "stamp": "花子の説明",
        "inputs": {f"{key}-caption": ["花子の説明"]},
    }
    autosave(client, deadline, other, **typed(photo, "次郎の説明"), **seen, **{f"choose-{key}": "mine"})
    assert kept(deadline)[0].caption == "次郎の説明"
    # seen, but changed again since: asked once more, never overwritten
    late = autosave(client, deadline, other, **typed(photo, "三つめ"), **seen, **{f"choose-{key}": "mine"})
    assert late.status_code == 422
    assert kept(deadline)[0].caption == "次郎の説明"


def test_files_of_other_reports_and_closed_reports_are_left_alone(
    client: Client, deadline: Any, theirs: Any, editor: Any, photo: Any
) -> None:
    stranger = Client()
    people.sign_in(stranger, people.member(theirs.organization, Role.EDITOR))
    stranger.post(f"/o/kibou/reports/{theirs.pk}/files/", {"files": pictures_of(GREEN)})
    (foreign,) = kept(theirs)
    told = autosave(client, deadline, editor, **typed(foreign, "よその写真")).json()
    assert (told["fields"], told["conflicts"]) == ({}, {})
    assert kept(theirs)[0].caption == ""
    filings.handed_in(deadline)
    late = autosave(client, deadline, editor, **typed(photo, "あとから"))
    assert late.status_code == 409
    assert kept(deadline)[0].caption == ""


def pictures_of(data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("theirs.jpg", data)


@pytest.mark.parametrize("at_row", [False, True])
def test_a_caption_sent_after_the_session_ended_is_shown_again(
    client: Client, deadline: Any, editor: Any, *, at_row: bool
) -> None:
    if at_row:
        client.post(f"{page(deadline)}add/", {"files": pictures_of(RED)})
    else:
        upload(client, deadline, ("one.jpg", RED))
    (one,) = kept(deadline)
    there = page(deadline) if at_row else section(deadline)
    client.cookies["minori_last"] = signing.get_cookie_signer(salt="minori_lastminori.accounts.kept").sign(
        str(editor.user_id)
    )
    client.session.delete()
    answer = client.post(there, typed(one, "途中まで書いた説明"))
    assert answer.url.startswith("/sign-in/")
    client.force_login(editor.user)
    shown = client.get(there).content.decode()
    assert "入力していた内容を戻しました" in shown
    assert 'value="途中まで書いた説明"' in shown
    assert '<option value="agreed" selected>' in shown
    assert kept(deadline)[0].caption == "", "nothing is saved in the dark"
    assert "conflict-file" not in shown
    client.post(there, typed(one, "途中まで書いた説明"))
    assert kept(deadline)[0].caption == "途中まで書いた説明"
    assert "入力していた内容" not in client.get(there).content.decode()
