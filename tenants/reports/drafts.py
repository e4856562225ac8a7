"""A report being written, read whole: its form, the plan it answers to, what stands in it, its files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from minori.filings import parts
from minori.filings.handing_in import asks_about_a_plan
from minori.filings.models import Filing
from minori.filings.parts import Opened
from minori.filings.unreadable import Unreadable, contents_of
from minori.programmes import labels
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.registry.models import FrameworkVersion
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import RowAnswer
from minori.report_forms.completeness import Count, Findings, check, count_of
from minori.report_forms.contents import Attachment, Contents, Head, Signatory, compose
from minori.report_forms.drafts import Draft, draft_of
from minori.report_forms.edition import Edition, Item, Kind
from minori.report_forms.framework import Framework, Row
from tenants.evidence.attachments import as_attachment
from tenants.evidence.models import AttachedFile
from tenants.reports.models import Answer


@dataclass(frozen=True)
class WorkingCopy:
    """One report as it stands in the room.

    `version` is None where no plan is registered yet. `stored` holds the saved answers by field key or row UUID
    as text; what nobody wrote is not in there. `opened` says which parts a return has opened.
    """

    deadline: Deadline
    edition: Edition
    version: FrameworkVersion | None
    framework: Framework | None
    stored: Mapping[str, Answer]
    attachments: tuple[Attachment, ...]
    opened: Opened = parts.EVERYTHING

    @cached_property
    def draft(self) -> Draft:
        """The report as a plain value."""
        fields = [field for field in self.edition.fields if answer_values.is_answerable(field)]
        keys = {field.key for field in fields}
        return draft_of(
            edition=self.edition,
            framework=self.framework,
            rows=[
                RowAnswer.from_json(answer.value)
                for key, answer in self.stored.items()
                if "row" in answer.value
            ],
            answers={
                key: answer_values.from_json(answer.value)
                for key, answer in self.stored.items()
                if key in keys and "kind" in answer.value
            },
            attachments=self.attachments,
        )

    @property
    def lacks_plan(self) -> bool:
        """Whether the form asks about a plan and none is registered: then nothing is handed in yet."""
        return self.version is None and asks_about_a_plan(self.edition)

    @property
    def saves(self) -> int:
        """How many posts were saved in this report when it was read."""
        return next((answer.report.saves for answer in self.stored.values()), 0)

    @cached_property
    def findings(self) -> Findings:
        """What stands in the way of handing in, and what is worth a second look."""
        return check(
            edition=self.edition,
            framework=self.framework,
            rows=self.draft.rows.values(),
            answers=self.draft.answers,
            attachments=self.attachments,
        )

    @cached_property
    def count(self) -> Count:
        """「8 / 10 入力済み」."""
        return count_of(self.draft)

    def files_at(self, row: Row) -> tuple[Attachment, ...] | None:
        """The files that were put at a row; None where the form takes none."""
        if not self.edition.fields_of(Kind.PHOTOS):
            return None
        return tuple(one for one in self.attachments if one.row == row.uuid)

    def contents(self) -> Contents:
        """What would be handed in now; the head's day, revision and signatory are filled in by the rule."""
        grant = self.deadline.grant
        printed = {item.key for asked in self.edition.fields_of(Kind.HEAD) for item in asked.items}
        return compose(
            edition=self.edition,
            head=Head(
                project_title=grant.title,
                distributor=grant.programme.distributor.name,
                organization=self.deadline.organization.name,
                round_title=self.deadline.round.title,
                handed_in_on=self.deadline.due_on,
                revision=1,
                handed_in_by=Signatory(id="", name=""),
                starts_on=grant.starts_on if Item.STARTS_ON in printed else None,
                ends_on=grant.ends_on if Item.ENDS_ON in printed else None,
            ),
            framework_number=0 if self.version is None else self.version.number,
            framework=self.framework or Framework(),
            rows=self.draft.rows.values(),
            answers=self.draft.answers,
            attachments=self.attachments,
        )


def read(deadline: Deadline) -> WorkingCopy:
    """The working copy of one report, inside its room; in a fixed number of queries."""
    return read_all([deadline])[deadline.pk]


def read_all(deadlines: Sequence[Deadline]) -> dict[int, WorkingCopy]:
    """Working copies by their deadlines, in the same number of queries for one and for many."""
    versions = _versions_for(deadlines)
    plans = frameworks.read_all({version.pk: version for version in versions.values()}.values())
    answers: dict[int, dict[str, Answer]] = defaultdict(dict)
    of_these = Answer.objects.filter(report__deadline_id__in=[one.pk for one in deadlines])
    for answer in of_these.select_related("report").order_by("report_id", "key"):
        answers[answer.report.deadline_id][answer.key] = answer
    attachments: dict[int, list[Attachment]] = defaultdict(list)
    files = AttachedFile.objects.filter(deadline_id__in=[one.pk for one in deadlines])
    for file in files.order_by("deadline_id", "position"):
        attachments[file.deadline_id].append(as_attachment(file))
    opened = parts.opened_of_all(deadlines)
    return {
        deadline.pk: WorkingCopy(
            deadline=deadline,
            edition=_edition_of(deadline),
            version=versions.get(deadline.pk),
            framework=plans[versions[deadline.pk].pk] if deadline.pk in versions else None,
            stored=answers[deadline.pk],
            attachments=tuple(attachments[deadline.pk]),
            opened=opened[deadline.pk],
        )
        for deadline in deadlines
    }


def _edition_of(deadline: Deadline) -> Edition:
    """The form that the round pins, in the words its distributor has completed."""
    pinned = deadline.round
    return labels.edition_of(deadline.grant.programme.distributor, pinned.edition, pinned.edition_version)


def _versions_for(deadlines: Iterable[Deadline]) -> dict[int, FrameworkVersion]:
    """`registry.frameworks.version_for` for many deadlines in one query."""
    wanted = list(deadlines)
    of_grants: dict[int, list[FrameworkVersion]] = defaultdict(list)
    versions = FrameworkVersion.objects.filter(grant_id__in={one.grant_id for one in wanted})
    for version in versions.order_by("grant_id", "-number"):
        of_grants[version.grant_id].append(version)
    found: dict[int, FrameworkVersion] = {}
    for deadline in wanted:
        for version in of_grants[deadline.grant_id]:
            if version.effective_from_round <= deadline.round.number:
                found[deadline.pk] = version
                break
    return found


def previous_of(deadline: Deadline) -> Contents | None:
    """What was handed in for the round before this one that has a filing, or None."""
    before = (
        Filing.objects.filter(
            deadline__grant_id=deadline.grant_id,
            deadline__round__number__lt=deadline.round.number,
            deadline__current_filing_id__isnull=False,
        )
        .order_by("-deadline__round__number", "-revision")
        .first()
    )
    if before is None:
        return None
    try:
        return contents_of(before)
    except Unreadable:  # as if nothing had been handed in: nothing of it can be shown
        return None


def row_key(uuid: UUID) -> str:
    """The key under which a row's answer is stored."""
    return str(uuid)
