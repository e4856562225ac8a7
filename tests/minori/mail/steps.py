"""Handing in and sending back, through the rules; the contents are as small as can be."""

from datetime import date, datetime

from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.report_forms.contents import Approval, ApprovalManner, Contents, Head, Signatory
from tests.factories import registry

OFFICER = Actor(person_id=None, name="佐藤 花子")
EDITOR = Actor(person_id=None, name="田中 恵")


def hand_in(deadline: Deadline, *, at: datetime, by: Actor = EDITOR) -> Filing:
    """Hand in a report in which nothing is answered."""
    version = frameworks.version_for(deadline) or registry.registered(deadline.grant)
    approval = Approval(approved_by="理事長", manner=ApprovalManner.MEETING, approved_on=at.date())
    head = Head(
        project_title=deadline.grant.title,
        distributor="",
        organization=deadline.organization.name,
        round_title=deadline.round.title,
        handed_in_on=at.date(),
        revision=1,
        handed_in_by=Signatory(id="", name=by.name),
    )
    contents = Contents(
        edition="2020",
        edition_version=1,
        head=head,
        framework_number=version.number,
        framework=frameworks.read(version),
        rows=(),
        answers={},
        sections={},
    )
    return handing_in.hand_in(deadline, contents=contents, version=version, approval=approval, by=by, at=at)


def send_back(
    deadline: Deadline, *, due_on: date, at: datetime, body: str = "0103の理由を教えてください。"
) -> None:
    """Send it back with one comment."""
    filing = Filing.objects.filter(deadline=deadline).latest("revision")
    reviewing.send_back(
        deadline, filing=filing, remarks=[reviewing.Remark(body)], due_on=due_on, by=OFFICER, at=at
    )


def accept(deadline: Deadline, *, at: datetime) -> None:
    """Accept it."""
    filing = Filing.objects.filter(deadline=deadline).latest("revision")
    reviewing.accept(deadline, filing=filing, by=OFFICER, at=at)
