"""Taking what an officer filed on behalf into the working copy, once, with the first save after it.

What the organization had written itself is set aside whole (`SetAside`) and answer by answer (`AnswerRevision`).
"""

from collections.abc import Container
from datetime import datetime

from django.db import connection, transaction

from minori.filings.enums import Came
from minori.programmes.enums import OPEN_STATES
from minori.programmes.models import Deadline
from tenants.evidence.models import AttachedFile
from tenants.reports import behalf, drafts
from tenants.reports.behalf import Base
from tenants.reports.models import Answer, Report, SetAside

_HOLD = """
    INSERT INTO reports_report AS r (deadline_id, begun_at, saves) VALUES (%s, %s, 0)
    ON CONFLICT (deadline_id) DO UPDATE SET saves = r.saves
    RETURNING r.id
"""


def follow(deadline_id: int, *, at: datetime, states: Container[str] = OPEN_STATES) -> None:
    """Write the newest filing on behalf into the working copy of an open report; nothing where that was done.

    Holds the report's row: of two first saves one follows, the other finds it done.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [deadline_id, at])
            (report_id,) = cursor.fetchone()
        deadline = Deadline.objects.select_related(
            "grant__programme__distributor", "organization", "round"
        ).get(pk=deadline_id)
        base = behalf.bases_of([deadline], states=states).get(deadline_id)
        if base is None:
            return
        report = Report.objects.get(pk=report_id)
        _set_aside(report, deadline, base, at=at)
        _write_answers(report, base, at=at)
        _write_files(deadline_id, base, at=at)
        report.followed_filing_id = base.filing.pk
        report.save(update_fields=["followed_filing_id"])


def own_draft(deadline: Deadline) -> SetAside | None:
    """What the organization had written itself when an officer filed: set aside, or still in the working copy.

    None where it wrote nothing of its own. Inside the room, reading only.
    """
    kept = SetAside.objects.filter(report__deadline_id=deadline.pk).order_by("-pk").first()
    if kept is not None:
        return kept
    newest = deadline.filings.order_by("-revision").first()
    if newest is None or newest.came != Came.BEHALF:
        return None
    report = Report.objects.filter(deadline_id=deadline.pk).first()
    if report is not None and report.followed_filing_id == newest.pk:
        return None
    own = drafts.read_own(deadline)
    if not own.stored and not own.attachments:
        return None
    return SetAside(filing_id=newest.pk, contents=own.contents().to_json(), at=newest.handed_in_at)


def _set_aside(report: Report, deadline: Deadline, base: Base, *, at: datetime) -> None:
    own = drafts.read_own(deadline)
    if own.stored or own.attachments:
        SetAside.objects.create(
            report=report, filing_id=base.filing.pk, contents=own.contents().to_json(), at=at
        )


def _write_answers(report: Report, base: Base, *, at: datetime) -> None:
    standing = {one.key: one for one in Answer.objects.filter(report=report).order_by("key")}
    for key, value in base.values.items():
        answer = standing.get(key)
        if not base.goes_over(key, answer):
            continue
        if answer is None:
            answer = Answer(report=report, key=key, version=0)
        else:
            answer.keep()
        answer.value, answer.version, answer.posted = value, answer.version + 1, {}
        answer.saved_at = answer.sitting_began_at = at
        answer.saved_by_id, answer.saved_by_name = None, base.filing.handed_in_by_name
        answer.save()


def _write_files(deadline_id: int, base: Base, *, at: datetime) -> None:
    own = list(AttachedFile.objects.filter(deadline_id=deadline_id).order_by("position"))
    filed = base.contents.attachments
    known = {one.uuid: one for one in own}
    stays = (
        [] if base.returned else [one for one in own if one.sha256 not in {other.sha256 for other in filed}]
    )
    wanted = {one.uuid for one in filed} | {one.uuid for one in stays}
    AttachedFile.objects.filter(pk__in=[one.pk for one in own if one.uuid not in wanted]).delete()
    position = 0
    for attachment in filed:
        position += 1
        row = known.get(attachment.uuid) or AttachedFile(
            deadline_id=deadline_id,
            uuid=attachment.uuid,
            uploaded_by_name=base.filing.handed_in_by_name,
            uploaded_at=at,
        )
        row.row_uuid, row.sha256, row.filename = attachment.row, attachment.sha256, attachment.filename
        row.caption, row.rights, row.content_type = (
            attachment.caption,
            attachment.rights.value,
            attachment.content_type,
        )
        row.width, row.height, row.size, row.position = (
            attachment.width,
            attachment.height,
            attachment.size,
            position,
        )
        row.save()
    for one in stays:
        position += 1
        one.position = position
        one.save(update_fields=["position"])
