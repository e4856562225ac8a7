"""What pages say of approvals, of rights and of answers to rows that are gone is true, and said once."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from minori.documents.downloads import of_filing
from minori.filings.approvals import approved_revision
from minori.filings.models import Filing
from minori.report_forms.answers import RowAnswer
from minori.report_forms.contents import Rights
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tenants.evidence.models import AttachedFile
from tenants.reports import drafts, saving
from tenants.reports.saving import Given
from tests.factories import registry
from tests.minori.documents.reading_pdf import body, squeeze
from tests.tenants.reports.conftest import AT, BY
from tests.tenants.reports.test_corrections import being_read, propose, settle

pytestmark = pytest.mark.django_db


def test_a_revision_that_takes_over_corrections_says_whose_approval_it_carries(
    client: Client, deadline: Any, approver: Any
) -> None:
    being_read(deadline)
    first = propose(deadline)
    second = propose(deadline, new="3", anchor=str(registry.identity("0101")), aspect=Aspect.PROGRESS)
    settle(client, deadline, take=first.pk)
    settle(client, deadline, take=second.pk)
    filings = {one.revision: one for one in Filing.objects.filter(deadline=deadline)}
    assert {number: approved_revision(one) for number, one in filings.items()} == dict.fromkeys(filings, 1)
    assert len(filings) > 1
    newest = max(filings)
    page = f"/o/hikari/reports/{deadline.pk}/filings"
    assert "これは第1版についての承認です" in client.get(f"{page}/{newest}/").content.decode()
    assert "これは第1版についての承認です" not in client.get(f"{page}/1/").content.decode()
    distributor = deadline.grant.programme.distributor
    with entering(deadline.organization):
        paper = of_filing(filings[newest], distributor=distributor, language="ja").content
        original = of_filing(filings[1], distributor=distributor, language="ja").content
    assert squeeze("第1版の承認") in body(paper)
    assert squeeze("第1版の承認") not in body(original)


def test_files_of_which_nobody_said_whether_they_may_be_published_are_pointed_out(
    client: Client, deadline: Any, approver: Any
) -> None:
    with entering(deadline.organization):
        for number, rights in enumerate((Rights.UNSAID, Rights.UNSAID, Rights.FREE), start=1):
            AttachedFile.objects.create(
                deadline_id=deadline.pk,
                sha256=f"{number:064x}",
                filename=f"{number}.jpg",
                rights=rights.value,
                content_type="image/jpeg",
                width=10,
                height=10,
                size=10,
                position=number,
                uploaded_at=AT,
            )
    page = client.get(f"/o/hikari/reports/{deadline.pk}/check/").content.decode()
    assert "公開してよいかをまだ書いていない写真・資料が 2 件あります" in page
    assert page.count("公開してよいかをまだ書いていない") == 1


def test_answers_to_rows_that_are_gone_are_told_once(client: Client, deadline: Any, approver: Any) -> None:
    gone = [UUID(int=number) for number in (1, 2)]
    with entering(deadline.organization):
        given = {
            str(one): Given(
                value=RowAnswer(one, text="もとの行の文").to_json(), blank=RowAnswer(one).to_json(), version=0
            )
            for one in gone
        }
        saving.save_answers(deadline.pk, given=given, by=BY, at=AT)
        assert drafts.read(deadline).framework is not None
    page = client.get(f"/o/hikari/reports/{deadline.pk}/check/").content.decode()
    assert "事業計画からなくなった行への回答が 2件残っています" in page
    assert page.count("事業計画からなくなった行への回答") == 1
