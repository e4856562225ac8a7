"""Administrators are told when a regular sweep goes on failing, once a day: nobody looks at logs every morning."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.accounts.models import Person
from minori.mail import links, outbox, queries, runs
from minori.mail.enums import Kind
from minori.mail.letters import Letter, Notice, full_date, notice, short_date
from minori.mail.models import Sweep

NAME = "alarms"
PATIENCE = timedelta(minutes=30)
"""So long may a sweep fail before people are told: a server that restarts is no news."""


def plan(*, at: datetime) -> int:
    """Write to every administrator about each sweep that has not succeeded for a while; how many mails.

    One mail a day, sweep and person. Holds the planners' lock.
    """
    with transaction.atomic():
        queries.lock_planning()
        failing = [row for row in Sweep.objects.exclude(problem="") if _is_news(row, at)]
        readers = Person.objects.filter(user__is_administrator=True, user__is_active=True).order_by("pk")
        day = localdate(at)
        wanted = {
            f"alarm:{row.name}:{day}:{person.pk}": (row, person)
            for row in failing
            for person in (readers if failing else ())
        }
        known = queries.known_keys(wanted)
        posts = []
        for key, (row, person) in wanted.items():
            if key not in known:
                with translation.override(person.language):
                    posts.append(outbox.Post(key=key, person=person, letter=_letter(row, person, at)))
        outbox.put(posts, kind=Kind.NOTICE, at=at)
    return len(posts)


def _is_news(row: Sweep, at: datetime) -> bool:
    return row.succeeded_at is None or row.succeeded_at < at - PATIENCE


def _letter(row: Sweep, person: Person, at: datetime) -> Letter:
    label = runs.label(row.name)
    last = full_date(localdate(row.succeeded_at)) if row.succeeded_at else pgettext("mail", "never")
    content = Notice(
        subject=_("[Alarm] Minori: %(what)s fails, %(date)s")
        % {"what": label, "date": short_date(localdate(at))},
        sentences=[
            _(
                "A regular task of this installation fails. Please look at the page below and at the worker's log."
            )
        ],
        facts=[
            (pgettext("mail", "Task"), label),
            (pgettext("mail", "Last succeeded"), last),
            (pgettext("mail", "Problem"), row.problem[:2000]),
        ],
        url=links.state_page(),
        link=pgettext("mail", "State of the installation"),
    )
    return notice(person, content)
