"""The words of mails to organizations that only speak e-mail: the workbook to fill in, the copy of what was filed."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.accounts.models import Person
from minori.filings.behalf import OnBehalf
from minori.mail import rendering
from minori.mail.letters import Letter, Notice, full_date, notice, short_date
from minori.programmes.models import Deadline


def workbook(deadline: Deadline, *, reader: Person, officer: Person, words: str, today: date) -> Letter:
    """The workbook goes out: what it is, until when, what to do with it."""
    with translation.override(reader.language):
        facts = {"report": rendering.report_name(deadline), "due": short_date(deadline.effective_due_on)}
        content = Notice(
            subject=_("[To fill in] %(report)s, please send it back by %(due)s") % facts,
            sentences=[
                _(
                    "Please find enclosed the workbook (Excel) for your report. It is filled in with what is registered."
                ),
                _(
                    "Write into the white cells with a blue frame, save the file, "
                    "and send it back as an answer to this mail."
                ),
                _(
                    "Send photos and documents along with it. "
                    "Please write who approved it in your organization, how, and when."
                ),
                _("We file it on your behalf on the day your mail arrives, and you get a copy."),
            ],
            facts=rendering.facts(deadline, today=today),
            url="",
            link="",
            remarks=[words] if words else [],
            officer=officer,
            answerable=True,
            distributor=deadline.grant.programme.distributor.name,
        )
        return notice(reader, content)


def copy(
    deadline: Deadline,
    filed: OnBehalf,
    *,
    revision: int,
    days_late: str,
    summary: Sequence[tuple[str, str]],
    reader: Person,
) -> Letter:
    """The copy of what was filed on behalf, with the paper enclosed: for whoever sent it."""
    with translation.override(reader.language):
        facts = {
            "report": rendering.report_name(deadline),
            "date": short_date(filed.arrived_on),
        }
        content = Notice(
            subject=_("[Copy] %(report)s filed on your behalf, arrived on %(date)s") % facts,
            sentences=[
                _(
                    "The officer filed on your behalf what you sent. The enclosed PDF is your copy; please keep it."
                ),
                _("If something is not as you meant it, please tell the officer."),
            ],
            facts=[
                *rendering.facts(deadline, today=filed.arrived_on),
                *filed_facts(filed, revision=revision, late=days_late),
                *summary,
            ],
            url="",
            link="",
            officer=deadline.grant.lead_officer,
            answerable=True,
            distributor=deadline.grant.programme.distributor.name,
        )
        return notice(reader, content)


def filed_facts(filed: OnBehalf, *, revision: int, late: str) -> list[tuple[str, str]]:
    """Who filed what for whom, in the active language."""
    found = [
        (pgettext("mail", "Arrived"), full_date(filed.arrived_on)),
        (pgettext("mail", "Sent by"), " ".join(filter(None, (filed.sender_name, filed.sender_address)))),
        (pgettext("mail", "Filed on behalf by"), filed.filed_by_name),
        (pgettext("mail", "Revision"), str(revision)),
        (pgettext("mail", "Original"), f"{filed.original_name} (sha256 {filed.original_sha256[:12]}…)"),
    ]
    return [*found, (pgettext("mail", "Lateness"), late)] if late else found
