"""What the check found, in sentences for people, each with the place where it is mended."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.documents.asking import label_of
from minori.documents.results import name_of
from minori.report_forms.answers import row_name
from minori.report_forms.completeness import Finding, FindingCode
from minori.report_forms.edition import Kind
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import language_in_force

_NUMBERING = re.compile(
    r"^[A-ZＡ-Ｚ0-9０-９]{1,2}[：:.．]\s*"
)  # 「A：変更項目」 is 「変更項目」 in a sentence
_CONTROLS_OF_ROWS = {FindingCode.REASON_MISSING: "remark", FindingCode.REMARK_TOO_LONG: "remark"}
# Something that contradicts itself, as against something that is still to come: shown while writing too.
CONTRADICTIONS = frozenset(FindingCode) - {
    FindingCode.REQUIRED_BLANK,
    FindingCode.FRAMEWORK_MISSING,
    FindingCode.NOTHING_REPORTED,
}
_GROUPED = (
    FindingCode.PROGRESS_BLANK,
    FindingCode.ROW_UNTOUCHED,
    FindingCode.ROW_TEXT_BLANK,
    FindingCode.ROW_GONE,
)


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
    known = list(findings)
    said: list[Sentence] = []
    for finding in known:
        of_its_kind = [one for one in known if one.code == finding.code]
        if finding.code not in _GROUPED or len(of_its_kind) == 1:
            said.append(sentence(copy, finding))
        elif finding is of_its_kind[0]:
            said.append(_of_many(copy, of_its_kind))
    return said


def sentence(copy: WorkingCopy, finding: Finding) -> Sentence:
    """One finding in words."""
    return Sentence(
        text=_words(copy, finding),
        where=_where(copy, finding),
        section=finding.section,
        control=_control(copy, finding),
        code=finding.code,
        anchor=str(finding.anchor),
    )


def _of_many(copy: WorkingCopy, findings: list[Finding]) -> Sentence:
    first = sentence(copy, findings[0])
    count = len(findings)
    texts = {
        FindingCode.PROGRESS_BLANK: ngettext(
            "The progress of %(count)s row is blank; it will read “not reported”.",
            "The progress of %(count)s rows is blank; it will read “not reported”.",
            count,
        ),
        FindingCode.ROW_UNTOUCHED: ngettext(
            "%(count)s row has nothing in it; it will read “not reported”.",
            "%(count)s rows have nothing in them; they will read “not reported”.",
            count,
        ),
        FindingCode.ROW_TEXT_BLANK: ngettext(
            "%(count)s row has a progress code, but no text.",
            "%(count)s rows have a progress code, but no text.",
            count,
        ),
        FindingCode.ROW_GONE: ngettext(
            "There is %(count)s answer to a row that is no longer in the plan; it will not be handed in.",
            "There are %(count)s answers to rows that are no longer in the plan; they will not be handed in.",
            count,
        ),
    }
    names = pgettext("between items of a list", ", ").join(
        filter(None, (_row_name(copy, one.anchor) for one in findings))
    )
    return Sentence(
        text=texts[first.code] % {"count": count},
        where=names,
        section=first.section,
        control=first.control,
        code=first.code,
        anchor=first.anchor,
    )


def _words(copy: WorkingCopy, finding: Finding) -> str:
    params: Mapping[str, object] = {
        **finding.params,
        "label": _label(copy, finding),
        "choice": _choice(copy, finding),
    }
    texts = {
        FindingCode.REQUIRED_BLANK: _("Please answer “%(label)s”."),
        FindingCode.FRAMEWORK_MISSING: _("No plan is registered yet, so results cannot be reported."),
        FindingCode.NO_ROWS: _(
            "The registered plan has no rows of the kind this form asks about: nothing is reported here."
        ),
        FindingCode.NOTHING_REPORTED: _("Nothing has been reported yet for any row."),
        FindingCode.REASON_MISSING: _("Please write the reason for progress 4 (other)."),
        FindingCode.TEXT_TOO_LONG: _("The text has %(length)s characters; at most %(limit)s are possible."),
        FindingCode.REMARK_TOO_LONG: _(
            "The reason has %(length)s characters; at most %(limit)s are possible."
        ),
        FindingCode.CHOICE_UNKNOWN: _("“%(choice)s” is not one of the choices. Please choose again."),
        FindingCode.CHOICE_TEXT_MISSING: _("Please write what you chose in “%(label)s” in words."),
        FindingCode.NONE_WITH_OTHERS: _("“%(choice)s” cannot be ticked together with others."),
        FindingCode.NO_NUMBER: _(
            "“%(found)s” cannot be read as one number. Please write just the number, such as 1,200,000."
        ),
        FindingCode.NUMBER_TOO_SMALL: _("The number must be at least %(limit)s."),
        FindingCode.NUMBER_TOO_LARGE: _("The number must be at most %(limit)s."),
        FindingCode.NO_DAY: _("“%(found)s” is not a day. Please enter it like 2026-10-14."),
        FindingCode.DAY_TOO_EARLY: _("The day must not be before %(found)s."),
        FindingCode.TEXT_UNSTORABLE: _(
            "The text holds characters that cannot be stored. Please type it again."
        ),
        FindingCode.NOTHING_WITH_TEXT: _(
            "“Nothing to report” is ticked, but a text stands beside it. Please remove the tick or the text."
        ),
        FindingCode.COVER_WITHOUT_CODE: _("Rows are stated to be covered, but no progress is chosen."),
        FindingCode.COVER_UNKNOWN_ROW: _(
            "A row stated to be covered is not in the plan. Please choose again."
        ),
        FindingCode.COVERED_TWICE: _("A row is covered by the code of two rows. Please leave one."),
        FindingCode.TOO_MANY_PHOTOS: _("There are %(count)s files; at most %(limit)s are possible."),
        FindingCode.PHOTO_TOO_LARGE: _("The file %(found)s is larger than %(limit)s MB."),
        FindingCode.PROGRESS_BLANK: _("The progress is blank; it will read “not reported”."),
        FindingCode.ROW_TEXT_BLANK: _("There is a progress code, but no text."),
        FindingCode.ROW_UNTOUCHED: _("Nothing is written here; it will read “not reported”."),
        FindingCode.ROW_GONE: _(
            "There is an answer to a row that is no longer in the plan; it will not be handed in."
        ),
        FindingCode.COVERED_WITH_OWN_CODE: _(
            "This row has a code of its own and is covered by another row's too."
        ),
        FindingCode.POSSIBLE_NAME: _("“%(found)s” may be the name of a person. Reports are published."),
        FindingCode.RIGHTS_UNSAID: ngettext(
            "For %(count)s file it is not said yet whether it may be published. Reports are published.",
            "For %(count)s files it is not said yet whether they may be published. Reports are published.",
            int(str(finding.params.get("count", 0))),
        ),
        FindingCode.PHOTOS_ABOVE_RECOMMENDED: _(
            "There are %(count)s photos; the form asks for about %(limit)s."
        ),
    }
    return texts[finding.code] % params


def _label(copy: WorkingCopy, finding: Finding) -> str:
    if isinstance(finding.anchor, UUID):
        return _row_name(copy, finding.anchor)
    return _NUMBERING.sub("", copy.edition.field(finding.anchor).label.say(language_in_force()))


def _choice(copy: WorkingCopy, finding: Finding) -> str:
    if isinstance(finding.anchor, UUID) or "value" not in finding.params:
        return ""
    field = copy.edition.field(finding.anchor)
    return label_of(field, str(finding.params["value"]), language_in_force())


def _where(copy: WorkingCopy, finding: Finding) -> str:
    title = copy.edition.section(finding.section).title.say(language_in_force())
    return "　".join(filter(None, (title, _row_name(copy, finding.anchor))))


def _row_name(copy: WorkingCopy, anchor: str | UUID) -> str:
    row = copy.framework.find_row(anchor) if copy.framework and isinstance(anchor, UUID) else None
    return name_of(row) if row else ""


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
