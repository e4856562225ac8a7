"""A filing that cannot be read stops nobody else: compiled around, named with the reason, told on its pages."""

from typing import Any

import pytest
from django.urls import reverse

from minori.filings import reviewing, verifying
from minori.filings.models import Filing
from minori.filings.reviewing import Remark
from minori.programmes.models import Deadline
from minori.report_forms.answers import Chosen
from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import filings, people, programmes
from tests.minori.filings.test_steps import OFFICER
from tests.reporting.summaries.broken import spoil

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def round_(hikari: Any, kibou: Any) -> Any:
    """ひかり and きぼう have handed in; ひかり's filing is garbage."""
    owner = programmes.programme(code="ibasho")
    found = programmes.round_(of=owner)
    for organization, outlook in ((hikari, "1"), (kibou, "3")):
        grant = programmes.grant(of=owner, organization=organization)
        deadline = programmes.deadline(of=grant, round=found)
        filings.handed_in(deadline, answers={"outlook": Chosen(outlook)})
    spoil(broken(found), lambda _paper: {})
    return found


def broken(round_: Any) -> Deadline:
    return Deadline.objects.get(round=round_, organization__slug="hikari")


@pytest.fixture
def desk(client: Any, round_: Any) -> Any:
    return people.sign_in(client, people.officer(round_.programme.distributor))


def test_the_figures_of_the_others_are_compiled_and_it_is_named_with_the_reason(round_):
    assert compiling.compile_round(round_.pk, at=filings.AT)
    summary = Summary.objects.get(round=round_)
    assert summary.failure == ""
    told = summary.contents
    assert [(one["value"], len(one["grants"])) for one in told["outlook"]] == [("3", 1)]
    assert told["totals"]["handed_in"] == 2
    assert told["unreadable"] == [{"grant": broken(round_).grant_id, "reason": "contents.format: is missing"}]


@pytest.mark.parametrize("wrong", [{"value": 3}, {"value": ["1"]}, {}, None], ids=repr)
def test_an_answer_of_no_sense_stops_only_its_own(round_, wrong):
    def nonsense(paper: dict[str, Any]) -> dict[str, Any]:
        section = next(one for one in paper["answers"].values() if "outlook" in one)
        section["outlook"] = wrong
        return paper

    theirs = Deadline.objects.get(round=round_, organization__slug="kibou")
    spoil(theirs, nonsense)
    spoil(broken(round_), lambda _paper: Filing.objects.get(deadline=theirs).contents)
    told = compiling.contents_of(round_)
    assert {one["grant"] for one in told["unreadable"]} == {theirs.grant_id, broken(round_).grant_id}
    assert told["outlook"] == []
    assert len(told["map"]) == 2


def test_the_programme_page_says_whose_report_could_not_be_compiled(round_, desk):
    compiling.compile_round(round_.pk, at=filings.AT)
    page = desk.get(reverse("portfolio:programme", kwargs={"code": "ibasho"})).content.decode()
    assert "集計できなかった報告書" in page
    assert "contents.format: is missing" in page
    assert "ひかり" in page.split("集計できなかった報告書")[-1]


def test_the_review_page_and_the_pdf_say_it_in_a_sentence(round_, desk):
    deadline = broken(round_)
    reviewing.begin_reading(deadline, by=OFFICER, at=filings.AT)
    page = desk.get(reverse("review:deadline", kwargs={"deadline": deadline.pk}))
    assert page.status_code == 200
    assert "この版は読み取れません" in page.content.decode()
    pdf = desk.get(reverse("review:paper", kwargs={"deadline": deadline.pk, "revision": 1}))
    assert pdf.status_code == 422
    assert "この報告書は読み取れません" in pdf.content.decode()
    assert f"filing {deadline.current_filing_id}" in pdf.content.decode()


def test_a_report_that_cannot_be_read_is_sent_back_and_comes_again(round_, desk):
    deadline = broken(round_)
    reviewing.send_back(
        deadline,
        filing=deadline.current_filing,
        remarks=[Remark("読み取れません。もう一度お送りください。"), Remark("？", anchor="activities")],
        due_on=deadline.due_on,
        by=OFFICER,
        at=filings.AT,
    )
    deadline.refresh_from_db()
    again = filings.handed_in(deadline, answers={"outlook": Chosen("2")})
    assert again.revision == 2
    page = desk.get(reverse("review:deadline", kwargs={"deadline": deadline.pk}))
    assert page.status_code == 200
    told = compiling.contents_of(round_)
    assert told["unreadable"] == []
    assert {one["value"] for one in told["outlook"]} == {"2", "3"}


def test_the_organization_is_told_on_its_own_page(round_, client, hikari):
    deadline = broken(round_)
    people.sign_in(client, people.member(hikari))
    page = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/")
    assert page.status_code == 422
    assert "この報告書は読み取れません" in page.content.decode()


def test_verifying_names_it(round_):
    told = list(verifying.differences())
    assert len(told) == 1
    assert f"filing {broken(round_).current_filing_id}" in told[0]
