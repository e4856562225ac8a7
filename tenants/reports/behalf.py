"""A report that an officer filed on behalf of the organization, as the organization goes on from it.

After a return and after a recall the working copy begins with what was filed: what is put right is what was handed in, never
a mixture of it with what the organization had begun to write itself, which is kept to be read (`following.own_draft`). A
page that only reads sees it so (`laid_over`); the first save writes it down (`following`).
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from minori.filings.enums import Came
from minori.filings.models import Filing
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms import answers as values
from minori.report_forms.answers import RowAnswer
from minori.report_forms.contents import Attachment, Contents
from minori.report_forms.shapes import Json
from tenants.reports.models import Answer, Report


@dataclass(frozen=True)
class Base:
    """The newest filing of a report, filed on behalf and not yet taken into the working copy."""

    filing: Filing
    returned: bool

    @cached_property
    def contents(self) -> Contents:
        """What was filed."""
        return Contents.from_json(self.filing.contents)

    @cached_property
    def values(self) -> Mapping[str, Json]:
        """The answers as they are stored, by key; blank ones too."""
        rows = {str(row.row): row.to_json() for row in self.contents.rows}
        return rows | {key: values.to_json(answer) for key, answer in self.contents.answers.items()}

    def goes_over(self, key: str, standing: Answer | None) -> bool:
        """Whether the filed answer stands at a place, rather than what the organization wrote."""
        filed = self.values[key]
        if standing is None:
            return not _is_blank(filed)
        return bool(filed != standing.value)


def bases_of(deadlines: Iterable[Deadline], *, states: Container[str] = OPEN_STATES) -> dict[int, Base]:
    """The bases of reports that are open, by deadline. One query where one was handed in before, two where on behalf."""
    known = {one.pk: one for one in deadlines if one.last_revision and one.state in states}
    if not known:
        return {}
    filed = Filing.objects.filter(
        deadline__in=known, revision=F("deadline__last_revision"), came=Came.BEHALF
    ).order_by("pk")
    newest = {one.deadline_id: one for one in filed}
    if not newest:
        return {}
    reports = Report.objects.filter(deadline_id__in=newest).order_by("pk")
    followed = dict(reports.values_list("deadline_id", "followed_filing_id"))
    return {
        pk: Base(filing, returned=known[pk].state != DeadlineState.AWAITING)
        for pk, filing in newest.items()
        if followed.get(pk) != filing.pk
    }


def laid_over(deadline: Deadline, stored: Mapping[str, Answer], base: Base) -> dict[str, Answer]:
    """The answers as they will stand once they are followed: with the versions that the first save gives them."""
    report = next((one.report for one in stored.values()), Report(deadline_id=deadline.pk, saves=0))
    shown = dict(stored)
    for key, value in base.values.items():
        standing = stored.get(key)
        if base.goes_over(key, standing):
            shown[key] = Answer(
                report=report,
                key=key,
                value=value,
                version=1 if standing is None else standing.version + 1,
                saved_at=base.filing.handed_in_at,
                saved_by_name=base.filing.handed_in_by_name,
                sitting_began_at=base.filing.handed_in_at,
            )
    return shown


def files_over(own: Iterable[Attachment], base: Base) -> tuple[Attachment, ...]:
    """The files as they will stand: those that were filed; after a recall the organization's own behind them."""
    filed = base.contents.attachments
    if base.returned:
        return filed
    known = {one.sha256 for one in filed}
    return (*filed, *(one for one in own if one.sha256 not in known))


def _is_blank(value: Json) -> bool:
    if "row" in value:
        return RowAnswer.from_json(value).is_untouched
    return values.is_untouched(values.from_json(value))
