"""How a mail would read: a text with the real data of a report, on a day on which it could go out."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import translation
from django.utils.translation import pgettext

from minori.accounts.models import Person
from minori.mail import rendering, waiting_texts
from minori.mail.enums import Ladder, Wording
from minori.mail.letters import Letter, reminder_letter
from minori.mail.waiting_queries import Matter
from minori.mail.wording import Words
from minori.programmes.models import Deadline

BEFORE = {Wording.BEFORE: 3, Wording.RETURNED: 3, Wording.ON_THE_DAY: 0, Wording.AFTER: -1}
"""Days before the due date on which a specimen is written; the others are written on the day it opens."""

WAITED = timedelta(days=7)


def letter(deadline: Deadline, *, what: Wording, language: str, words: Words) -> Letter:
    """The mail as its readers would have it, in the language, without what is left of the organization's draft."""
    with translation.override(language):
        reader = Person(name=pgettext("specimen of a mail", "(name)"), language=language)
        own = {(deadline.grant.programme_id, what, language): words}
        if what in (Wording.APPROVER, Wording.CHANGE):
            matter = _matter(deadline, what)
            today = matter.since + WAITED
            return waiting_texts.letter(reader, [matter], today=today, own=own)
        opens, due = deadline.round.opens_on, deadline.effective_due_on
        today = opens if what is Wording.OPENING else due - timedelta(days=BEFORE[what])
        report = rendering.reminded(deadline, "", today=today, left=lambda _deadline, _language: [], own={})
        returned = what is Wording.RETURNED
        shown = replace(
            report,
            own=words,
            opening=what is Wording.OPENING,
            returned=returned,
            closes_on=None if returned else deadline.closes_on,
        )
        return reminder_letter(reader, [shown])


def _matter(deadline: Deadline, what: Wording) -> Matter:
    zone = deadline.grant.programme.distributor.zone
    since = datetime.combine(deadline.effective_due_on - WAITED, time(12), zone)
    if what is Wording.CHANGE:
        return Matter("", Ladder.CHANGE, deadline.grant, since, number=1)
    asker = pgettext("specimen of a mail", "(who asked)")
    return Matter("", Ladder.APPROVER, deadline.grant, since, deadline=deadline, asker=asker, to_room=True)
