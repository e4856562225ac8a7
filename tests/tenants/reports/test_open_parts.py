"""After a return: closed parts are read only in the rule that saves and on every page, and open with a reason."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from minori.filings import reviewing
from minori.filings.models import OpenPart
from minori.filings.reviewing import Remark
from minori.programmes.enums import DeadlineState
from minori.report_forms.answers import RowAnswer, Written, blank, to_json
from minori.report_forms.contents import Approval, ApprovalManner
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tenants.evidence.models import AttachedFile
from tenants.reports import drafts, handing_in, saving
from tenants.reports.saving import Given
from tenants.writing import PartClosed
from tests.factories import people, registry
from tests.tenants.reports.conftest import AT, BY
from tests.tenants.reports.test_handing_in import APPROVAL, OFFICER, check, fill, seen_on

pytestmark = pytest.mark.django_db
ROW = str(registry.identity("0101"))


@pytest.fixture
def returned(deadline: Any) -> Any:
    """A report filled in by its pages' rules, handed in, and returned with a comment at one field."""
    fill(deadline)
    approval = Approval(approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=date(2026, 10, 8))
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        seen = handing_in.fingerprint(drafts.read(deadline))
        handing_in.hand_in(deadline, approval=approval, seen=seen, by=by, at=timezone.now())
    return sent_back(deadline, "activities")


def sent_back(deadline: Any, *anchors: str) -> Any:
    deadline.refresh_from_db()
    remarks = [Remark("コメントのところをお願いします"), *(Remark("時期は？", anchor=one) for one in anchors)]
    reviewing.send_back(
        deadline,
        filing=deadline.current_filing,
        remarks=remarks,
        due_on=date(2099, 11, 1),
        by=OFFICER,
        at=AT,
    )
    deadline.refresh_from_db()
    return deadline


def save(deadline: Any, words: str, key: str = "activities") -> Any:
    with entering(deadline.organization):
        copy = drafts.read(deadline)
        version = copy.stored[key].version if key in copy.stored else 0
        given = Given(
            value=to_json(Written(words)), blank=to_json(blank(copy.edition.field(key))), version=version
        )
        return saving.save_answers(deadline.pk, given={key: given}, by=BY, at=AT)


def save_row(deadline: Any, words: str) -> Any:
    row = registry.identity("0101")
    with entering(deadline.organization):
        version = drafts.read(deadline).stored[ROW].version
        given = Given(
            value=RowAnswer(row, text=words).to_json(), blank=RowAnswer(row).to_json(), version=version
        )
        return saving.save_answers(deadline.pk, given={ROW: given}, by=BY, at=AT)


def attached(deadline: Any) -> UUID:
    """A file that the draft has, without its bytes."""
    facts = {"filename": "写真.jpg", "content_type": "image/jpeg", "size": 10, "uploaded_at": AT}
    file = AttachedFile.objects.create(
        deadline_id=deadline.pk, sha256="0" * 64, position=1, width=4, height=3, **facts
    )
    return file.uuid


def page(client: Client, deadline: Any, tail: str = "") -> str:
    response = client.get(f"/o/hikari/reports/{deadline.pk}/{tail}")
    assert response.status_code == 200
    return response.content.decode()


def test_only_the_returned_part_is_saved(returned: Any) -> None:
    assert save(returned, "7月と9月に").written == ("activities",)
    with pytest.raises(PartClosed) as refusal:
        save_row(returned, "こっそり")
    assert refusal.value.anchor == ROW
    with entering(returned.organization):
        assert drafts.read(returned).stored[ROW].value["text"] == "①3回\n②20人"


def test_an_old_page_may_carry_a_closed_part_along_unchanged(returned: Any) -> None:
    with entering(returned.organization):
        stored = drafts.read(returned).stored[ROW]
        blank_row = RowAnswer(registry.identity("0101")).to_json()
        given = {ROW: Given(value=stored.value, blank=blank_row, version=stored.version)}
        assert saving.save_answers(returned.pk, given=given, by=BY, at=AT).written == ()


def test_photos_stay_too(returned: Any) -> None:
    with entering(returned.organization), pytest.raises(PartClosed):
        attachments.remove(returned.pk, attached(returned), at=AT)


def test_the_task_list_says_what_came_back_and_what_did_not(
    client: Client, returned: Any, editor: Any
) -> None:
    report = page(client, returned)
    assert "直せるのは差し戻された項目だけです" in report
    assert report.count("差戻しあり") == 1
    assert report.count("差戻しなし") >= 3


def test_a_closed_section_is_read_only_and_offers_to_open_it(
    client: Client, returned: Any, editor: Any
) -> None:
    results = page(client, returned, "sections/results/")
    assert f'name="row-{ROW}-text"' not in results
    assert f'name="v-{ROW}"' not in results
    assert "①3回" in results
    assert f"id_row-{ROW}-text" not in results, "nothing offers to write into it"
    assert "この項目は差し戻されていません" in results
    assert f'name="open" value="{ROW}"' in results
    open_section = page(client, returned, "sections/activities/")
    assert 'name="activities"' in open_section
    assert 'name="open"' not in open_section
    photos = page(client, returned, "sections/photos/")
    assert 'name="open" value="photos"' in photos
    assert "記入はありません" not in photos


def test_a_part_opens_with_a_reason_that_the_officer_reads(
    client: Client, returned: Any, editor: Any
) -> None:
    there = f"/o/hikari/reports/{returned.pk}/sections/results/"
    refused = client.post(there, {"open": ROW, f"reason-{ROW}": " "}, follow=True)
    assert "理由を書いてください" in refused.content.decode()
    assert not OpenPart.objects.filter(anchor=ROW).exists()
    for _ in range(2):  # a double click
        done = client.post(there, {"open": ROW, f"reason-{ROW}": "人数を数え直しました"}, follow=True)
        assert "直せるようになりました" in done.content.decode()
    assert f'name="row-{ROW}-text"' in done.content.decode()
    assert OpenPart.objects.filter(anchor=ROW).count() == 1
    assert "人数を数え直しました" in page(client, returned)
    save_row(returned, "①4回\n②21人")


def test_what_somebody_typed_into_a_closed_part_is_shown_to_copy(
    client: Client, returned: Any, editor: Any
) -> None:
    there = f"/o/hikari/reports/{returned.pk}/sections/results/"
    posted = {f"v-{ROW}": "1", f"row-{ROW}-text": "古い画面で書いた", f"row-{ROW}-progress": "2"}
    response = client.post(there, posted)
    assert response.status_code == 409
    words = response.content.decode()
    assert "差し戻されていないので" in words
    assert "古い画面で書いた" in words


def test_a_draft_that_differs_in_a_closed_part_cannot_be_handed_in(
    client: Client, returned: Any, approver: Any
) -> None:
    with entering(returned.organization):
        answer = drafts.read(returned).stored[ROW]
        answer.value = {**answer.value, "text": "別のところから"}
        answer.save(update_fields=["value"])
    words = page(client, returned, "check/")
    assert "差し戻されていない項目が、提出した内容と違っています" in words
    assert "この版で提出する" not in words
    seen = {"seen": seen_on(client, returned)} if 'name="seen"' in words else {"seen": "0" * 64}
    response = client.post(check(returned), {**APPROVAL, **seen})
    assert response.status_code == 422
    returned.refresh_from_db()
    assert returned.state == DeadlineState.RETURNED


def test_after_the_next_return_other_parts_are_open(client: Client, returned: Any, approver: Any) -> None:
    save(returned, "直しました")
    response = client.post(check(returned), {**APPROVAL, "seen": seen_on(client, returned)})
    assert response.status_code == 302
    sent_back(returned, ROW)
    save_row(returned, "①5回\n②22人")
    with pytest.raises(PartClosed):
        save(returned, "もう一度")


def test_nothing_of_another_organization_opens(client: Client, theirs: Any, editor: Any) -> None:
    response = client.post(
        f"/o/hikari/reports/{theirs.pk}/sections/results/", {"open": ROW, f"reason-{ROW}": "?"}
    )
    assert response.status_code == 404


def test_the_officer_reads_which_parts_the_organization_opened(
    client: Client, returned: Any, approver: Any
) -> None:
    there = f"/o/hikari/reports/{returned.pk}/sections/results/"
    client.post(there, {"open": ROW, f"reason-{ROW}": "人数を数え直しました"})
    save_row(returned, "①4回\n②21人")
    client.post(check(returned), {**APPROVAL, "seen": seen_on(client, returned)})
    from tests.factories import people

    officer = people.officer(returned.grant.programme.distributor)
    desk = people.sign_in(Client(), officer)
    desk.post(f"/desk/review/{returned.pk}/begin/")
    words = desk.get(f"/desk/review/{returned.pk}/").content.decode()
    assert re.search(r"団体が開いた項目.*人数を数え直しました", words, re.DOTALL)


def test_a_pasted_row_that_was_not_sent_back_is_named(returned: Any, client: Client, approver: Any) -> None:
    there = f"/o/hikari/reports/{returned.pk}/sections/results/paste/"
    cells = "コード\t現在の指標の達成状況\t進捗状況\n0101\t①73回\t2\n"
    page = client.post(there, {"text": cells}).content.decode()
    assert "0行が変わります" in page
    assert "差し戻されていないため、提出したままにします" in page


def test_the_check_has_room_for_answers_that_were_not_sent(
    returned: Any, client: Client, approver: Any
) -> None:
    page = client.get(f"/o/hikari/reports/{returned.pk}/check/").content.decode()
    assert f'data-unsent="/o/hikari/reports/{returned.pk}/"' in page
