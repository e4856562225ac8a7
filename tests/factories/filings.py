"""Reports handed in on a day of the past: through the rule, at the desk, since a room hands in now."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from minori.audit.trail import Actor
from minori.filings.handing_in import hand_in
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.report_forms import editions
from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.contents import (
    Approval,
    ApprovalManner,
    Attachment,
    Contents,
    Head,
    Signatory,
    compose,
)
from minori.report_forms.edition import Edition
from minori.report_forms.framework import Framework
from tests.factories import registry

AT = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)
EDITOR = WRITER = Actor(person_id=None, name="佐藤 和子")
APPROVAL = Approval(approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=date(2026, 10, 9))

ANSWERS: dict[str, Answer] = {
    "outlook": Chosen("3"),
    "changes": Ticked(("none",)),
    "activities": Written("1. 居場所\n週3回の開所を続けている。"),
    "symbol_mark": Ticked(("website",)),
    "media": YesNo(said=False),
    "material": YesNo(said=False),
    "reports": YesNo(said=False),
    "events": YesNo(said=True, text="夏のつどい（8月）"),
}
"""Every required field of the 2020 edition answered."""

Rows = Mapping[str, Mapping[str, Any]] | Iterable[RowAnswer]


def handed_in(
    deadline: Deadline,
    *,
    rows: Rows | None = None,
    answers: Mapping[str, Answer] | None = None,
    attachments: Iterable[Attachment] = (),
    by: Actor = EDITOR,
    at: datetime = AT,
    approved_by: str = "施設長",
) -> Filing:
    """The next revision of a report, really handed in at `at`; registers a small framework where the grant has none.

    `rows` are answers, or by code what stands there (`{"0101": {"text": "…", "progress": 2}}`); rows that are
    not named stay blank. `answers` replace single fields of `ANSWERS`. The deadline is read again afterwards.
    """
    version = frameworks.version_for(deadline) or registry.registered(deadline.grant)
    framework = frameworks.read(version)
    edition = editions.load(deadline.round.edition, deadline.round.edition_version)
    given = {"0101": {"text": "①72回\n②のべ640人", "progress": 2}} if rows is None else rows
    filing = hand_in(
        deadline,
        contents=compose(
            edition=edition,
            head=_head(deadline, by),
            framework_number=version.number,
            framework=framework,
            rows=row_answers(framework, given),
            answers={**ANSWERS, **(answers or {})},
            attachments=attachments,
        ),
        version=version,
        approval=Approval(
            approved_by=approved_by,
            manner=ApprovalManner.PRINTED,
            approved_on=deadline.grant.programme.distributor.local_date(at),
        ),
        by=by,
        at=at,
    )
    deadline.refresh_from_db()
    return filing


def edition() -> Edition:
    """The seed's form."""
    return editions.load("2020", 1)


def contents(
    deadline: Deadline,
    *,
    framework: Framework | None = None,
    rows: Rows | None = None,
    answers: Mapping[str, Answer] | None = None,
    attachments: Iterable[Attachment] = (),
) -> Contents:
    """Contents of a report, filed nowhere and perhaps of a deadline that is not saved; every row on plan by default."""
    plan = registry.framework() if framework is None else framework
    given: Rows = [row_answer(row.uuid) for row in plan] if rows is None else rows
    return compose(
        edition=edition(),
        head=Head(
            project_title=deadline.grant.title,
            distributor=deadline.grant.programme.distributor.name,
            organization=deadline.grant.organization.name,
            round_title=deadline.round.title,
            handed_in_on=date(2026, 10, 10),
            revision=1,
            handed_in_by=Signatory(id="", name=EDITOR.name),
        ),
        framework_number=1,
        framework=plan,
        rows=row_answers(plan, given),
        answers={**ANSWERS, **(answers or {})},
        attachments=attachments,
    )


def row_answer(
    row: UUID | str,
    text: str = "① 75回ひらいた。\n② のべ820人",
    progress: Progress | None = Progress.ON_PLAN,
    **more: Any,
) -> RowAnswer:
    """An answer for a row, named by its UUID or (in the usual framework) by its code."""
    return RowAnswer(
        row=registry.identity(row) if isinstance(row, str) else row, text=text, progress=progress, **more
    )


def photo(number: int = 1, **fields: Any) -> Attachment:
    """A photo as it is filed; its bytes stand nowhere."""
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


def row_answers(framework: Framework, rows: Rows) -> tuple[RowAnswer, ...]:
    """Answers for rows named by code: `progress` may be a number, `covers` the codes of other rows."""
    if not isinstance(rows, Mapping):
        return tuple(rows)
    codes = {row.code: row.uuid for row in framework if row.code}
    return tuple(_row_answer(codes, code, values) for code, values in rows.items())


def _row_answer(codes: Mapping[str, Any], code: str, values: Mapping[str, Any]) -> RowAnswer:
    progress = values.get("progress")
    return RowAnswer(
        row=codes[code],
        text=values.get("text", ""),
        progress=None if progress is None else Progress(progress),
        remark=values.get("remark", ""),
        covers=tuple(codes[other] for other in values.get("covers", ())),
        nothing=values.get("nothing", False),
    )


def _head(deadline: Deadline, by: Actor) -> Head:
    programme = deadline.grant.programme
    return Head(
        project_title=deadline.grant.title,
        distributor=programme.distributor.name,
        organization=deadline.organization.name,
        round_title=deadline.round.title,
        handed_in_on=deadline.due_on,  # the rule writes the day it really was
        revision=1,
        handed_in_by=Signatory(id="", name=by.name),
    )
