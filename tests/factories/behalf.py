"""A workbook that came back, taken and filed on behalf: the steps of an officer, by the rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from minori.audit.trail import Actor
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.report_forms.answers import Answer
from minori.report_forms.contents import Approval, ApprovalManner
from reporting.review import behalf, returned, workbooks
from reporting.review.models import ReturnedWorkbook
from tests.factories import answerbooks, filings

AT = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐伯 真理")
APPROVAL = Approval(approved_by="理事長", manner=ApprovalManner.MAIL, approved_on=date(2026, 10, 11))
ROWS = {"0101": {"text": "①72回\n②のべ640人", "progress": 2}}


def filled_in(
    deadline: Deadline, *, rows: Mapping[str, Any] = ROWS, answers: Mapping[str, Answer] | None = None
) -> bytes:
    """The workbook of a report as the organization fills it in: rows by their code, every question answered."""
    data, _name = workbooks.workbook(deadline, language="ja")
    version = frameworks.version_for(deadline)
    assert version is not None
    given = {one.row: one for one in filings.row_answers(frameworks.read(version), rows)}
    return answerbooks.write(
        data, filings.edition(), rows=given, answers={**filings.ANSWERS, **(answers or {})}
    )


def taken(deadline: Deadline, data: bytes | None = None, *, at: datetime = AT) -> ReturnedWorkbook:
    """A workbook that was read and waits to be filed."""
    made = filled_in(deadline) if data is None else data
    return returned.take(deadline, data=made, filename="記入用紙（清心寮）.xlsx", by=OFFICER, at=at)


def filed(deadline: Deadline, kept: ReturnedWorkbook | None = None, **said: Any) -> Filing:
    """A report filed on behalf of its organization; the deadline is read again."""
    one = kept or taken(deadline)
    facts: dict[str, Any] = {
        "sender_name": "田中 一郎",
        "sender_address": "tanaka@example.jp",
        "arrived_on": date(2026, 10, 12),
        "approval": APPROVAL,
        "seen": returned.look(one, deadline).seen,
        "draft_known": False,
        "by": OFFICER,
        "at": AT,
    }
    filing = behalf.file(one, deadline, **(facts | said))
    deadline.refresh_from_db()
    return filing
