"""Letters: subject, plain text and simple HTML, in the reader's language. Subjects say what and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from minori.accounts.models import Person
from minori.mail.enums import Wording
from minori.mail.wording import Filled, Words, fill


@dataclass(frozen=True)
class Letter:
    """A mail's words."""

    subject: str
    text: str
    html: str
    sender: str = ""
    """On whose behalf it comes, where it is one distributor's."""


@dataclass(frozen=True)
class Reminded:
    """One report of a reminder. `kind` and `left` are in the reader's language already."""

    kind: str
    round: str
    grant: str
    organization: str
    due_on: date
    days_left: int
    opening: bool
    returned: bool
    url: str
    officer: Person
    distributor: str
    left: Sequence[str] = ()
    closes_on: date | None = None
    closed: bool = False
    own: Words | None = None
    """The programme's own text of this mail in the reader's language, where it has one."""

    @property
    def closes(self) -> str:
        """The closing date with year and weekday; empty where there is none."""
        return "" if self.closes_on is None else full_date(self.closes_on)

    @property
    def due(self) -> str:
        """The due date with year and weekday."""
        return full_date(self.due_on)

    @property
    def standing(self) -> str:
        """How urgent: 「あと3日」."""
        return standing(self.days_left)


@dataclass(frozen=True)
class Notice:
    """What a notice says, in the reader's language already: sentences, facts, what was remarked, one link."""

    subject: str
    sentences: Sequence[str]
    facts: Sequence[tuple[str, str]]
    url: str
    link: str
    remarks: Sequence[str] = ()
    officer: Person | None = None
    distributor: str = ""
    answerable: bool = False
    closing: str = ""


def what_is_said(*, returned: bool, opening: bool, days_left: int) -> Wording:
    """Which of a programme's texts speaks of a report."""
    if returned:
        return Wording.RETURNED
    if opening:
        return Wording.OPENING
    if days_left == 0:
        return Wording.ON_THE_DAY
    return Wording.BEFORE if days_left > 0 else Wording.AFTER


def reminder_letter(person: Person, reports: Sequence[Reminded]) -> Letter:
    """One mail about all reports the person is to be reminded of, the most urgent first.

    Where programmes have texts of their own, reports of which the same is said stand under one text.

    Call it with the person's language active (`translation.override`), as the reports' own texts were made.
    """
    ordered = sorted(reports, key=lambda report: (report.due_on, report.organization, report.grant))
    comma = pgettext("between names in a list", ", ")
    said = _said(ordered)
    context = {"person": person, "reports": ordered, "said": said, "comma": comma}
    senders = {report.distributor for report in reports}
    return _letter("reminder", _subject(ordered), context, sender=senders.pop() if len(senders) == 1 else "")


def notice(person: Person, content: Notice) -> Letter:
    """One mail about one event. Call it with the person's language active."""
    context = {"person": person, "notice": content}
    return _letter("notice", content.subject, context, sender=content.distributor)


def standing(days_left: int) -> str:
    """Days to the due date in words."""
    if days_left == 0:
        return pgettext("mail", "due today")
    if days_left > 0:
        return npgettext("mail", "%(days)d day left", "%(days)d days left", days_left) % {"days": days_left}
    return npgettext("mail", "%(days)d day overdue", "%(days)d days overdue", -days_left) % {
        "days": -days_left
    }


def short_date(day: date) -> str:
    """A day as subjects have it: 「10月14日」, "14 October"."""
    return date_format(day, pgettext("format of a date in a subject", "j F"))


def full_date(day: date) -> str:
    """A day with year and weekday: 「2026年10月14日（水）」."""
    return date_format(day, pgettext("format of a date in a mail", "l j F Y"))


def _subject(reports: Sequence[Reminded]) -> str:
    first = reports[0]
    if first.own and len(reports) == 1:
        return _filled(first, first.own).subject
    if len(reports) > 1:
        return _("[%(standing)s] %(count)d reports, the first due %(date)s") % {
            "standing": capfirst(first.standing),
            "count": len(reports),
            "date": short_date(first.due_on),
        }
    words = {"standing": capfirst(first.standing), "report": first.kind, "date": short_date(first.due_on)}
    if first.returned:
        return _("[Sent back, %(standing)s] %(report)s due %(date)s") % (words | {"standing": first.standing})
    if first.opening:
        return _("[Now open] %(report)s due %(date)s") % words
    return _("[%(standing)s] %(report)s due %(date)s") % words


@dataclass(frozen=True)
class Said:
    """Reports of which the same is said. `text` None: the standard sentences."""

    reports: Sequence[Reminded]
    text: Filled | None

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return len(self.reports) > 1


def _said(reports: Sequence[Reminded]) -> list[Said]:
    groups: dict[tuple[str, str] | None, list[tuple[Reminded, Filled | None]]] = {}
    for report in reports:
        text = _filled(report, report.own) if report.own else None
        groups.setdefault((text.before, text.after) if text else None, []).append((report, text))
    return [Said([report for report, _text in group], group[0][1]) for group in groups.values()]


def _filled(report: Reminded, words: Words) -> Filled:
    values = {
        "report": report.kind,
        "date": short_date(report.due_on),
        "standing": report.standing,
        "organization": report.organization,
        "project": report.grant,
        "round": report.round,
        "officer": report.officer.name,
        "distributor": report.distributor,
    }
    return fill(words, values)


def _letter(template: str, subject: str, context: dict[str, object], *, sender: str) -> Letter:
    given = context | {"language": translation.get_language(), "subject": subject}
    return Letter(
        subject=" ".join(subject.split()),
        text=render_to_string(f"mail/{template}.txt", given).strip() + "\n",
        html=render_to_string(f"mail/{template}.html", given),
        sender=sender,
    )
