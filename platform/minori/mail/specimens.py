"""How a mail would read: a text with the real data of a report, on a day on which it could go out."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from minori.accounts import letters
from minori.accounts.enums import Role
from minori.accounts.invitations import LIFE
from minori.accounts.models import Invitation, Person
from minori.mail import inviting, rendering, waiting_texts
from minori.mail.enums import Ladder, Wording
from minori.mail.letters import Letter, reminder_letter
from minori.mail.waiting_queries import Matter
from minori.mail.wording import INVITATIONS, Words
from minori.programmes.models import Deadline

BEFORE = {Wording.BEFORE: 3, Wording.RETURNED: 3, Wording.ON_THE_DAY: 0, Wording.AFTER: -1}
"""Days before the due date on which a specimen is written; the others are written on the day it opens."""

WAITED = timedelta(days=7)


def letter(deadline: Deadline, *, what: Wording, language: str, words: Words) -> Letter:
    """The mail as its readers would have it, in the language, without what is left of the organization's draft."""
    with translation.override(language):
        reader = Person(name=pgettext("specimen of a mail", "(name)"), language=language)
        if what in INVITATIONS:
            return _invitation(deadline, language=language, words=words)
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


def _invitation(deadline: Deadline, *, language: str, words: Words) -> Letter:
    """An invitation by the lead officer, with a link that leads nowhere."""
    grant = deadline.grant
    opens = datetime.combine(deadline.round.opens_on, time(12), grant.programme.distributor.zone)
    one = Invitation(
        email="",
        name=pgettext("specimen of a mail", "(name)"),
        organization=grant.organization,
        role=Role.EDITOR,
        language=language,
        invited_by=grant.lead_officer,
        expires_at=opens + LIFE,
    )
    own = inviting.filled(one, words, distributor=grant.programme.distributor.name)
    written = letters.invitation(one, link=f"{settings.BASE_URL}/join/…/", own=own)
    return Letter(written.subject, written.text, written.html, written.house)


def _matter(deadline: Deadline, what: Wording) -> Matter:
    zone = deadline.grant.programme.distributor.zone
    since = datetime.combine(deadline.effective_due_on - WAITED, time(12), zone)
    if what is Wording.CHANGE:
        return Matter("", Ladder.CHANGE, deadline.grant, since, number=1)
    asker = pgettext("specimen of a mail", "(who asked)")
    return Matter("", Ladder.APPROVER, deadline.grant, since, deadline=deadline, asker=asker, to_room=True)
