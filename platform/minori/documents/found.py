"""What the check of a report found, in sentences for people: for the organization's page and for the officer's."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.documents.asking import label_of
from minori.documents.results import name_of
from minori.marks import gapped
from minori.report_forms.completeness import Finding, FindingCode
from minori.report_forms.edition import Edition
from minori.report_forms.framework import Framework

_NUMBERING = re.compile(
    r"^[A-ZＡ-Ｚ0-9０-９]{1,2}[：:.．]\s*"
)  # 「A：変更項目」 is 「変更項目」 in a sentence
_GROUPED = (
    FindingCode.PROGRESS_BLANK,
    FindingCode.ROW_UNTOUCHED,
    FindingCode.ROW_TEXT_BLANK,
    FindingCode.ROW_GONE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to mend or to look at, in words, with the finding that it is made of (the first, where of many)."""

    finding: Finding
    text: str
    where: str


@dataclass(frozen=True)
class Form:
    """What names the places: the form, the plan, the language of the page."""

    edition: Edition
    framework: Framework | None
    language: str


def sentences(form: Form, findings: Iterable[Finding]) -> list[Found]:
    """A sentence for each finding; blanks of many rows come as one sentence."""
    known = list(findings)
    said: list[Found] = []
    for finding in known:
        of_its_kind = [one for one in known if one.code == finding.code]
        if finding.code not in _GROUPED or len(of_its_kind) == 1:
            said.append(sentence(form, finding))
        elif finding is of_its_kind[0]:
            said.append(_of_many(form, of_its_kind))
    return said


def sentence(form: Form, finding: Finding) -> Found:
    """One finding in words."""
    return Found(finding=finding, text=_words(form, finding), where=_where(form, finding))


def _of_many(form: Form, findings: list[Finding]) -> Found:
    code = findings[0].code
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
        filter(None, (_row_name(form, one.anchor) for one in findings))
    )
    return Found(finding=findings[0], text=texts[code] % {"count": count}, where=names)


def _words(form: Form, finding: Finding) -> str:
    params: Mapping[str, object] = {
        **finding.params,
        "label": _label(form, finding),
        "choice": _choice(form, finding),
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


def _label(form: Form, finding: Finding) -> str:
    if isinstance(finding.anchor, UUID):
        return _row_name(form, finding.anchor)
    return _NUMBERING.sub("", form.edition.field(finding.anchor).label.say(form.language))


def _choice(form: Form, finding: Finding) -> str:
    if isinstance(finding.anchor, UUID) or "value" not in finding.params:
        return ""
    field = form.edition.field(finding.anchor)
    return label_of(field, str(finding.params["value"]), form.language)


def _where(form: Form, finding: Finding) -> str:
    title = form.edition.section(finding.section).title.say(form.language)
    return gapped((title, _row_name(form, finding.anchor)))


def _row_name(form: Form, anchor: str | UUID) -> str:
    row = form.framework.find_row(anchor) if form.framework and isinstance(anchor, UUID) else None
    return name_of(row) if row else ""
