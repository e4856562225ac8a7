"""Reports as an organization writes them and hands them in, through the rules of its room."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from minori.audit.trail import Actor
from minori.filings import handing_in
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.report_forms import answers as answer_values
from minori.report_forms import editions
from minori.report_forms.answers import Answer, RowAnswer
from minori.report_forms.contents import Approval, ApprovalManner, Rights
from minori.report_forms.edition import Kind
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tenants.evidence.attachments import Described
from tenants.reports import drafts
from tenants.reports.saving import Given, save_answers
from workers.demo.picture import picture


def write(
    deadline: Deadline, *, rows: Iterable[RowAnswer], answers: Mapping[str, Answer], by: Actor, at: datetime
) -> None:
    """Save rows and fields as a page would that was loaded a moment ago."""
    edition = editions.load(deadline.round.edition, deadline.round.edition_version)
    with entering(deadline.organization):
        saved = {key: answer.version for key, answer in drafts.read(deadline).stored.items()}
        given = {
            str(row.row): Given(
                value=row.to_json(), blank=RowAnswer(row.row).to_json(), version=saved.get(str(row.row), 0)
            )
            for row in rows
            if not row.is_untouched
        }
        given |= {
            key: Given(
                value=answer_values.to_json(answer),
                blank=answer_values.to_json(answer_values.blank(edition.field(key))),
                version=saved.get(key, 0),
            )
            for key, answer in answers.items()
        }
        save_answers(deadline.pk, given=given, by=by, at=at)


def add_photos(deadline: Deadline, *, captions: Sequence[str], by: Actor, at: datetime) -> None:
    """Add a neutral picture for every caption."""
    edition = editions.load(deadline.round.edition, deadline.round.edition_version)
    field = edition.fields_of(Kind.PHOTOS)[0]
    uploads = [
        SimpleUploadedFile(f"photo-{number}.jpg", picture(number), content_type="image/jpeg")
        for number, _caption in enumerate(captions, start=1)
    ]
    with entering(deadline.organization):
        added = attachments.add(deadline.pk, uploads=uploads, field=field, by=by, at=at)
        said = {
            file.uuid: Described(caption=caption, was="", rights=Rights.FREE)
            for file, caption in zip(added.files, captions, strict=True)
        }
        attachments.describe(deadline.pk, said=said, at=at)


def hand_in(deadline: Deadline, *, approved_by: str, by: Actor, at: datetime) -> Filing:
    """Hand in what is written, having read it; the deadline is read again."""
    approval = Approval(
        approved_by=approved_by,
        manner=ApprovalManner.SCREEN,
        approved_on=deadline.grant.programme.distributor.local_date(at),
    )
    with entering(deadline.organization):
        copy = drafts.read(deadline)
        assert copy.findings.may_be_handed_in, copy.findings
        contents = copy.contents()
    # registered by the desk: a room hands in now and on no other day
    assert copy.version is not None
    filing = handing_in.hand_in(
        deadline, contents=contents, version=copy.version, approval=approval, by=by, at=at
    )
    deadline.refresh_from_db()
    return filing
