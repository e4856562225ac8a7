"""What the check found, in sentences for people, each with the place where it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from minori.documents import found
from minori.documents.found import Form, Found
from minori.report_forms.answers import row_name
from minori.report_forms.completeness import Finding, FindingCode
from minori.report_forms.edition import Kind
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import language_in_force

_CONTROLS_OF_ROWS = {FindingCode.REASON_MISSING: "remark", FindingCode.REMARK_TOO_LONG: "remark"}
# Something that contradicts itself, as against something that is still to come: shown while writing too.
CONTRADICTIONS = frozenset(FindingCode) - {
    FindingCode.REQUIRED_BLANK,
    FindingCode.FRAMEWORK_MISSING,
    FindingCode.NOTHING_REPORTED,
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to mend or to look at: `control` is the id of its control in the section's page."""

    text: str
    where: str
    section: str
    control: str
    code: FindingCode
    anchor: str


def sentences(copy: WorkingCopy, findings: Iterable[Finding]) -> list[Sentence]:
    """A sentence for each finding; blanks of many rows come as one sentence."""
    form = Form(copy.edition, copy.framework, language_in_force())
    return [_placed(copy, one) for one in found.sentences(form, findings)]


def sentence(copy: WorkingCopy, finding: Finding) -> Sentence:
    """One finding in words."""
    return _placed(copy, found.sentence(Form(copy.edition, copy.framework, language_in_force()), finding))


def _placed(copy: WorkingCopy, one: Found) -> Sentence:
    finding = one.finding
    return Sentence(
        text=one.text,
        where=one.where,
        section=finding.section,
        control=_control(copy, finding),
        code=finding.code,
        anchor=str(finding.anchor),
    )


def _control(copy: WorkingCopy, finding: Finding) -> str:
    if isinstance(finding.anchor, UUID):
        if copy.framework is None or copy.framework.find_row(finding.anchor) is None:
            return ""
        return f"id_{row_name(finding.anchor, _CONTROLS_OF_ROWS.get(finding.code, 'text'))}"
    field = copy.edition.field(finding.anchor)
    asks_for_words = finding.code in {FindingCode.CHOICE_TEXT_MISSING, FindingCode.TEXT_TOO_LONG}
    match field.kind:
        case Kind.CHOICE | Kind.TICKS | Kind.YES_NO:
            return f"id_{field.key}-text" if asks_for_words else f"id_{field.key}_0"
        case _:
            return f"id_{field.key}"
