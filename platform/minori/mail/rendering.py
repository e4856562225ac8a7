"""From deadlines to letters: the facts of a report, in the reader's language."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from minori.accounts.models import Person
from minori.mail import links
from minori.mail.ladders import OPENING
from minori.mail.left import Left
from minori.mail.letters import (
    Letter,
    Notice,
    Reminded,
    full_date,
    notice,
    reminder_letter,
    short_date,
    what_is_said,
)
from minori.mail.wording import Texts
from minori.programmes.enums import DeadlineState, RoundKind
from minori.programmes.models import Deadline

REPORT_NAMES = {
    RoundKind.PROGRESS: pgettext_lazy("name of a report in a subject", "progress report"),
    RoundKind.YEAR_END: pgettext_lazy("name of a report in a subject", "year-end report"),
    RoundKind.MID_TERM: pgettext_lazy("name of a report in a subject", "mid-term evaluation report"),
    RoundKind.COMPLETION: pgettext_lazy("name of a report in a subject", "completion report"),
}


def deadlines(ids: Collection[int]) -> dict[int, Deadline]:
    """Deadlines with all that letters say about them, in one query; by id."""
    related = ("grant__programme__distributor", "grant__lead_officer", "organization", "round")
    return Deadline.objects.select_related(*related).in_bulk(list(ids))


def reminder(
    person: Person, reports: Sequence[tuple[Deadline, str, date]], *, left: Left, own: Texts
) -> Letter:
    """One reminder about all these reports, each with the key of the step it is reminded by and the date at its distributor.

    `own`: the texts of their programmes (`own_texts.of`).
    """
    with translation.override(person.language):
        return reminder_letter(
            person,
            [reminded(deadline, step, today=day, left=left, own=own) for deadline, step, day in reports],
        )


def nobody_to_notify(deadline: Deadline, *, today: date, reader: Person) -> Letter:
    """The alarm to an officer: no active editor or approver is left in the organization, or mails arrive at none."""
    with translation.override(reader.language):
        content = Notice(
            subject=_("[Nobody to notify] %(organization)s, report due %(date)s")
            % {"organization": deadline.organization.name, "date": short_date(deadline.effective_due_on)},
            sentences=[
                _(
                    "Nobody at the organization can be reminded: it has no active editor or approver whom mails reach."
                ),
                _("Please invite somebody, or ask those who are invited already to open their link."),
            ],
            facts=facts(deadline, today=today),
            distributor=deadline.grant.programme.distributor.name,
            url=links.people_page(slug=deadline.organization.slug),
            link=pgettext("mail", "Open people and invitations"),
        )
        return notice(reader, content)


def report_name(deadline: Deadline) -> str:
    """What kind of report it is, in the active language: 「進捗報告書」."""
    return str(REPORT_NAMES[RoundKind(deadline.round.kind)])


def facts(deadline: Deadline, *, today: date) -> list[tuple[str, str]]:
    """Which report a letter is about, and its dates by their right names, for the active language.

    A day that has passed is never told as one to come, and what is in is no longer due.
    """
    return [
        (pgettext("mail", "Report"), deadline.round.title),
        (pgettext("mail", "Project"), deadline.grant.title),
        (pgettext("mail", "Organization"), deadline.organization.name),
        *_dates(deadline, today),
    ]


def _dates(deadline: Deadline, today: date) -> list[tuple[str, str]]:
    due_on = deadline.effective_due_on
    if deadline.state == DeadlineState.RETURNED:
        label = pgettext("mail", "Due again") if due_on >= today else pgettext("mail", "Was due again")
    elif deadline.state == DeadlineState.AWAITING:
        label = pgettext("mail", "Due") if due_on >= today else pgettext("mail", "Was due")
    elif deadline.state == DeadlineState.HANDED_IN and deadline.last_revision == 1:
        label = pgettext("mail", "Due date of this report")
    else:  # a later revision answers to no due date, and what is accepted or not required is not due
        return []
    found = [(label, full_date(due_on))]
    if deadline.closes_on is not None and deadline.state == DeadlineState.AWAITING:
        closes = pgettext("mail", "Closes") if deadline.closes_on >= today else pgettext("mail", "Has closed")
        found.append((closes, full_date(deadline.closes_on)))
    return found


def reminded(deadline: Deadline, step: str, *, today: date, left: Left, own: Texts) -> Reminded:
    """One report as a reminder speaks of it, for the active language; `step`: the key of its step."""
    grant, returned = deadline.grant, deadline.state == DeadlineState.RETURNED
    language, days_left = translation.get_language() or "ja", deadline.days_left(today)
    what = what_is_said(returned=returned, opening=step == OPENING, days_left=days_left)
    return Reminded(
        kind=report_name(deadline),
        round=deadline.round.title,
        grant=grant.title,
        organization=deadline.organization.name,
        due_on=deadline.effective_due_on,
        days_left=days_left,
        closes_on=deadline.closes_on if deadline.state == DeadlineState.AWAITING else None,
        closed=deadline.has_closed(today),
        opening=step == OPENING,
        returned=returned,
        url=links.report_page(slug=deadline.organization.slug, deadline_id=deadline.pk),
        officer=grant.lead_officer,
        distributor=grant.programme.distributor.name,
        left=left(deadline, language),
        own=own.get((grant.programme_id, what, language)),
    )
