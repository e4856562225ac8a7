"""The officer's side of a small correction: proposed at its place, seen there, withdrawn."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.filings import correcting
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tests.factories import filings, people, registry
from tests.reporting.review.desk import AT, begun, desk, signed_in, url

pytestmark = pytest.mark.django_db
ROW = str(registry.identity("0101"))
MENDED = "1. 居場所\n週4回の開所を続けている。"


@pytest.fixture
def review(hikari: Any) -> tuple[Any, Client, Any]:
    """A report that is being read, the officer's browser, and the desk."""
    here = desk()
    deadline = here.deadline(hikari)
    filings.handed_in(deadline)
    return begun(deadline, here.officer), signed_in(here.officer), here


def propose(client: Client, deadline: Any, new: str = MENDED, anchor: str = "activities", **more: Any) -> Any:
    filing = more.pop("filing", deadline.current_filing_id)
    posted = {"filing": filing, "aspect": "text", "new": new, **more}
    return client.post(url(deadline, f"corrections/{anchor}/"), posted, follow=True)


def test_every_place_with_words_offers_to_propose_and_others_do_not(review: Any) -> None:
    deadline, client, _here = review
    page = client.get(url(deadline)).content.decode()
    assert f'href="{url(deadline, "corrections/activities/")}"' in page
    assert f'href="{url(deadline, f"corrections/{ROW}/")}"' in page
    assert "corrections/media/" not in page
    assert client.get(url(deadline, "corrections/media/")).status_code == 404


def test_a_proposal_stands_at_its_place_as_a_difference(review: Any) -> None:
    deadline, client, _here = review
    form = client.get(url(deadline, "corrections/activities/")).content.decode()
    assert "週3回の開所を続けている。</textarea>" in form
    page = propose(client, deadline, why="週3回は前回の数字ではないでしょうか").content.decode()
    assert "修正を提案しました" in page
    assert re.search(r"<del>.*?3</del><ins>.*?4</ins>", page, re.DOTALL)
    assert "週3回は前回の数字ではないでしょうか" in page
    assert "団体の返事待ち" in page


def test_what_is_refused_stays_in_the_form_with_its_reason(review: Any) -> None:
    deadline, client, _here = review
    response = propose(client, deadline, " ", why="理由")
    assert response.status_code == 422
    assert "修正後の内容を書いてください" in response.content.decode()
    assert 'value="理由"' in response.content.decode()
    assert not Correction.objects.exists()


def test_a_code_is_chosen_from_the_four(review: Any) -> None:
    deadline, client, _here = review
    form = client.get(url(deadline, f"corrections/{ROW}/") + "?aspect=progress").content.decode()
    assert "計画より遅れている" in form
    page = propose(client, deadline, "1", anchor=ROW, aspect="progress").content.decode()
    assert "2 計画どおり進んでいる</del>" in page
    assert "1 計画より進んでいる</ins>" in page


def test_a_proposal_is_withdrawn_from_its_page(review: Any) -> None:
    deadline, client, _here = review
    propose(client, deadline)
    form = client.get(url(deadline, "corrections/activities/")).content.decode()
    assert "提案を取り下げる" in form
    assert "<textarea" not in form
    one = Correction.objects.get()
    page = client.post(url(deadline, f"corrections/{one.pk}/withdraw/"), follow=True).content.decode()
    assert "修正の提案を取り下げました" in page
    assert "団体の返事待ち" not in page
    one.refresh_from_db()
    assert one.state == CorrectionState.WITHDRAWN


def test_what_was_taken_is_marked_as_changed_since_the_last_revision(review: Any) -> None:
    deadline, client, _here = review
    propose(client, deadline)
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        wanted = [Correction.objects.get().pk]
        correcting.take(deadline, wanted=wanted, by=by, at=timezone.now())
    page = client.get(url(deadline)).content.decode()
    assert "第2版で修正済み" in page
    assert "第1版から変更" in page
    history = client.get(url(deadline, "history/")).content.decode()
    assert "小さな修正を提案" in history
    assert "修正の提案どおりに修正" in history


def test_who_only_reads_proposes_nothing(review: Any) -> None:
    deadline, _client, here = review
    reader = signed_in(here.colleague("reader"))
    assert "corrections/activities/" not in reader.get(url(deadline)).content.decode()
    assert propose(reader, deadline).status_code == 403


def test_the_pages_take_the_same_queries_for_one_proposal_and_for_three(
    review: Any,
) -> None:
    deadline, client, _here = review
    counts = []
    for anchor, aspect, new in (
        ("activities", Aspect.TEXT, MENDED),
        (ROW, Aspect.TEXT, "①73回"),
        (ROW, Aspect.PROGRESS, "1"),
    ):
        by = filings.EDITOR
        correcting.propose(
            deadline, filing=deadline.current_filing, anchor=anchor, aspect=aspect, new=new, by=by, at=AT
        )
        with CaptureQueriesContext(connection) as counted:
            client.get(url(deadline))
        counts.append(len(counted))
    assert counts[0] == counts[2]


@pytest.mark.parametrize("aspect", ["covers", "remark", "x"])
def test_an_aspect_that_was_made_up_never_becomes_the_text(review: Any, aspect: str) -> None:
    deadline, client, _here = review
    assert propose(client, deadline, aspect=aspect).status_code == 404
    assert client.get(url(deadline, f"corrections/activities/?aspect={aspect}")).status_code == 404
    assert not Correction.objects.exists()
