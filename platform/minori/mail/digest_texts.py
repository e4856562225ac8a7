"""The words of the Monday digest: sections, each with its lines, the most urgent first."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.accounts.models import Person
from minori.mail import links
from minori.mail.letters import Letter, full_date, short_date, standing
from minori.mail.work import Work
from minori.programmes.models import Deadline
from minori.registry.change_models import ChangeRequest
from minori.registry.models import Proposal

M = TypeVar("M")

MOST = 12
"""Lines of a section; the rest is counted."""


@dataclass(frozen=True)
class Line:
    """One matter, and its page."""

    words: str
    url: str


@dataclass(frozen=True)
class Section:
    """Matters of one kind; `count` of them in all."""

    title: str
    lines: Sequence[Line]
    count: int

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.lines)


def letter(person: Person, work: Work, *, today: date, sender: str) -> Letter | None:
    """The digest in the person's language; None where there is nothing to tell. No query."""
    with translation.override(person.language):
        sections = [one for one in _sections(work, today) if one.count]
        if not sections:
            return None
        subject = _subject(work, today)
        given = {
            "language": translation.get_language(),
            "subject": subject,
            "person": person,
            "sections": sections,
            "today": full_date(today),
            "settings_url": links.settings_page(),
        }
        return Letter(
            subject=subject,
            text=render_to_string("mail/digest.txt", given).strip() + "\n",
            html=render_to_string("mail/digest.html", given),
            sender=sender,
        )


def _subject(work: Work, today: date) -> str:
    waiting = len(work.reading) + len(work.plans) + len(work.changes) + len(work.extensions) + len(work.asked)
    late = sum(one.days_left(today) < 0 for one in work.open_)
    said = []
    if waiting:
        said.append(pgettext("digest", "%(count)s waiting for you") % {"count": waiting})
    if late:
        said.append(pgettext("digest", "%(count)s overdue") % {"count": late})
    if not said:
        said = [pgettext("digest", "what comes up")]
    matters = pgettext("between items of a list", ", ").join(said)
    return _("[This week] %(date)s: %(matters)s") % {"date": short_date(today), "matters": matters}


def _sections(work: Work, today: date) -> list[Section]:
    week = today - timedelta(days=today.weekday())
    this, following = week + timedelta(days=7), week + timedelta(days=14)
    due = [one for one in work.open_ if one.days_left(today) >= 0]
    named = Named(work.several)
    found: list[Section] = [
        _section(pgettext("digest", "Reports waiting for your review"), work.reading, named.handed_in),
        _section(
            pgettext("digest", "Overdue reports"),
            [one for one in work.open_ if one.days_left(today) < 0],
            named.late(today),
        ),
        _section(
            pgettext("digest", "Due this week"),
            [one for one in due if one.effective_due_on < this],
            named.late(today),
        ),
        _section(
            pgettext("digest", "Due next week"),
            [one for one in due if this <= one.effective_due_on < following],
            named.late(today),
        ),
        _section(pgettext("digest", "Reminders waiting for your yes"), work.asked, named.asked),
        _section(
            pgettext("digest", "Requests for more time"),
            [one.deadline for one in work.extensions],
            named.more_time,
        ),
        _section(pgettext("digest", "Change requests waiting for your answer"), work.changes, _change),
        _section(pgettext("digest", "Plans waiting to be registered"), work.plans, _plan),
        _section(
            pgettext("digest", "Mails that did not arrive"),
            [(one.deadline, one.person.name if one.person else "") for one in work.troubled],
            named.refused,
        ),
    ]
    return found


def _section(title: str, matters: Iterable[M], line: Callable[[M], Line]) -> Section:
    found = list(matters)
    return Section(title, [line(one) for one in found[:MOST]], len(found))


@dataclass(frozen=True)
class Named:
    """Lines about reports. `several`: organization and round of which the project has to be told as well."""

    several: Collection[tuple[int, int]]

    def report(self, deadline: Deadline) -> str:
        """Whose report of which round, told apart from every other."""
        words = f"{deadline.organization.name} / {deadline.round.title}"
        if (deadline.organization_id, deadline.round_id) in self.several:
            words += f" / {deadline.grant.title}"
        return words

    def handed_in(self, deadline: Deadline) -> Line:
        """A report to be reviewed."""
        return Line(self.report(deadline), links.review_page(deadline_id=deadline.pk))

    def late(self, today: date) -> Callable[[Deadline], Line]:
        """A report that is owed, with its date and the days from there."""

        def line(deadline: Deadline) -> Line:
            said = {
                "day": short_date(deadline.effective_due_on),
                "standing": standing(deadline.days_left(today)),
            }
            days = pgettext("digest", "%(day)s, %(standing)s") % said
            return Line(_with(self.report(deadline), days), links.review_page(deadline_id=deadline.pk))

        return line

    def asked(self, deadline: Deadline) -> Line:
        """A reminder that waits for a yes."""
        return Line(self.report(deadline), links.reminders_page())

    def more_time(self, deadline: Deadline) -> Line:
        """A request for more time."""
        return Line(self.report(deadline), links.dates_page(deadline_id=deadline.pk))

    def refused(self, pair: tuple[Deadline, str]) -> Line:
        """A mail that did not reach the person of that name."""
        deadline, name = pair
        return Line(_with(self.report(deadline), name), links.mails_page(deadline_id=deadline.pk))


def _with(what: str, more: str) -> str:
    return pgettext("digest", "%(what)s (%(more)s)") % {"what": what, "more": more}


def _change(request: ChangeRequest) -> Line:
    grant = request.grant
    said = _("Change request %(number)s") % {"number": request.number}
    return Line(
        f"{grant.organization.name} / {said}",
        links.change_page(slug="", grant_code=grant.code, number=request.number),
    )


def _plan(proposal: Proposal) -> Line:
    grant = proposal.grant
    return Line(f"{grant.organization.name} / {grant.title}", links.proposal_page(grant_code=grant.code))
