"""Reports handed in: contents of edition 2020 with sensible answers, filed through the rules."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from minori.audit.trail import Actor
from minori.filings import handing_in
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.registry.models import FrameworkVersion
from minori.report_forms import editions
from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.contents import Approval, ApprovalManner, Attachment, Contents, Head, Signatory, compose
from minori.report_forms.edition import Edition
from minori.report_forms.framework import Framework
from tests.factories import registry

AT = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)
"""Saturday 10 October 2026, noon in Tokyo: four days before the factories' round is due."""

WRITER = Actor(person_id=None, name="佐藤 和子")
APPROVAL = Approval(approved_by="施設長 田中", manner=ApprovalManner.MEETING, approved_on=date(2026, 10, 9))

ANSWERS: Mapping[str, Answer] = {
    "outlook": Chosen("3"),
    "changes": Ticked(("none",)),
    "activities": Written("1. 居場所\n週に3回ひらいた。"),
    "symbol_mark": Ticked(("other",), "備品にシールを貼っている。"),
    "media": YesNo(said=True, text="9月3日 地方紙"),
    "material": YesNo(said=False),
    "reports": YesNo(said=False),
    "events": YesNo(said=False),
}


def edition() -> Edition:
    """The seed's form."""
    return editions.load("2020", 1)


def contents(
    deadline: Deadline,
    *,
    framework: Framework | None = None,
    rows: Iterable[RowAnswer] | None = None,
    answers: Mapping[str, Answer] | None = None,
    attachments: Iterable[Attachment] = (),
) -> Contents:
    """Contents of a complete report; `answers` replace the usual ones by field, `rows` all rows."""
    plan = registry.framework() if framework is None else framework
    grant = deadline.grant
    return compose(
        edition=edition(),
        head=Head(
            project_title=grant.title,
            distributor=grant.programme.distributor.name,
            organization=grant.organization.name,
            round_title=deadline.round.title,
            handed_in_on=date(2026, 10, 10),
            revision=1,
            handed_in_by=Signatory(id="", name=""),
        ),
        framework_number=1,
        framework=plan,
        rows=usual_rows(plan) if rows is None else rows,
        answers={**ANSWERS, **(answers or {})},
        attachments=attachments,
    )


def usual_rows(framework: Framework) -> list[RowAnswer]:
    """Every row on plan, with its text."""
    return [row_answer(row.uuid) for row in framework]


def row_answer(
    row: UUID | str, text: str = "① 75回ひらいた。\n② のべ820人", progress: Progress | None = Progress.ON_PLAN, **more: Any
) -> RowAnswer:
    """An answer for a row, named by its UUID or (in the usual framework) by its code."""
    uuid = registry.identity(row) if isinstance(row, str) else row
    return RowAnswer(row=uuid, text=text, progress=progress, **more)


def photo(number: int = 1, **fields: Any) -> Attachment:
    """A photo as it is filed (its bytes stand nowhere)."""
    defaults: dict[str, Any] = {
        "uuid": registry.identity(f"photo {number}"),
        "sha256": f"{number:064x}",
        "filename": f"写真{number}.jpg",
        "caption": f"活動の様子 {number}",
        "content_type": "image/jpeg",
        "width": 1600,
        "height": 1200,
        "size": 200_000,
    }
    return Attachment(**(defaults | fields))


def handed_in(
    deadline: Deadline,
    *,
    at: datetime = AT,
    by: Actor = WRITER,
    version: FrameworkVersion | None = None,
    paper: Contents | None = None,
    **more: Any,
) -> Filing:
    """The report handed in through the rules; `paper`, or the contents that `more` describes (see `contents`).

    A grant without a registered framework gets the usual one. The deadline given is refreshed.
    """
    known = version or deadline.grant.framework_versions.order_by("-number").first() or registry.registered(deadline.grant)
    filing = handing_in.hand_in(
        deadline, contents=paper or contents(deadline, **more), version=known, approval=APPROVAL, by=by, at=at
    )
    deadline.refresh_from_db()
    return filing
