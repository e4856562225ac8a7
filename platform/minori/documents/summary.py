"""What a report says, in a few lines: for the copy that goes out by mail."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.documents.answerbook.layout import answer_words
from minori.report_forms.answers import Progress, is_answerable, is_untouched
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition, Kind

LONGEST = 60


def summary_of(contents: Contents, *, edition: Edition, language: str) -> list[tuple[str, str]]:
    """A line for the rows and one for every answered question: labels and words, in the active language."""
    lines = []
    for section in edition.sections:
        title = section.title.say(language)
        for field in section.fields:
            if field.kind == Kind.RESULTS:
                lines.append((title, _rows(contents, language)))
            elif (
                is_answerable(field)
                and (answer := contents.answers.get(field.key))
                and not is_untouched(answer)
            ):
                lines.append((title, _short(answer_words(field, answer, language))))
    if contents.attachments:
        count = len(contents.attachments)
        lines.append((_("Files"), ngettext("%(count)s file", "%(count)s files", count) % {"count": count}))
    return lines


def _rows(contents: Contents, language: str) -> str:
    told = [row for row in contents.rows if not row.is_untouched]
    codes = Counter(row.progress for row in contents.rows if row.progress is not None)
    said = [
        _("%(told)s of %(all)s rows reported") % {"told": len(told), "all": len(contents.rows)},
        *(f"{code.value} {code.label.say(language)}: {codes[code]}" for code in Progress if codes[code]),
    ]
    return pgettext("between items of a list", ", ").join(said)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
