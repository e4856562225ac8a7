"""Who looks after a grant has changed: the word to both officers at once, and to the organizations in the hours of mail.

An organization's people hear it once, in one mail about all of their grants, on a day on which they have no reminder;
that names the new officer anyway. Made from the audit trail (GRANTS_HANDED_OVER: by the page of handovers, or by that of
one grant), so that no run is missed or doubled.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail import days, links, outbox, queries
from minori.mail.enums import Kind
from minori.mail.ladders import is_sending_time
from minori.mail.letters import Letter, Notice, notice, short_date
from minori.mail.models import Message
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import business_days_in
from minori.programmes.models import Grant

NAME = "contacts"
"""Under this name the sweeps' log keeps when it last ran."""

LOOKS_BACK = timedelta(days=14)
"""So long an organization's people can be kept waiting by other mails; what is older is not told any more."""

SETTLES = timedelta(minutes=5)
"""Handovers of the last minutes wait for the next run: what commits late, or follows at once, is told in the same mail."""


@dataclass(frozen=True)
class Planned:
    """What a run wrote, and how many people wait for a day without another mail."""

    mails: int = 0
    tomorrow: int = 0

    def as_json(self) -> dict[str, int]:
        """For the sweeps' log."""
        return {"mails": self.mails, "tomorrow": self.tomorrow}


def tell_officers(
    grants: Sequence[Grant],
    *,
    first_event: int,
    leads: Collection[int],
    person: Person | None,
    successor: Person | None,
    at: datetime,
) -> None:
    """Write to both officers, each with the list of grants; in the caller's transaction. `leads`: keys of the grants that
    were led, the others were stood in for. None: nobody did before, or nobody takes it over."""
    posts = []
    for reader, taking in ((successor, True), (person, False)):
        if reader is None or (reader.user is not None and not reader.user.is_active):
            continue
        side = "to" if taking else "from"
        with translation.override(reader.language):
            letter = _to_officer(
                grants, leads, reader=reader, other=person if taking else successor, taking=taking, at=at
            )
        posts.append(
            outbox.Post(key=f"handover:{first_event}:{side}:{reader.pk}", person=reader, letter=letter)
        )
    outbox.put(posts, kind=Kind.NOTICE, at=at)


def plan(*, at: datetime) -> Planned:
    """Tell organizations' people of their new officer, once; on business days from 09:00. Holds the planners' lock.

    A fixed number of queries.
    """
    with transaction.atomic():
        queries.lock_planning()
        untold = _untold(at)
        if not untold:
            return Planned()
        grants = _grants({event.grant_id for events in untold.values() for event in events if event.grant_id})
        ready = _ready(grants.values(), at)
        news = {person: _news(events, grants) for person, events in untold.items()}
        # all of a person's or none: the key says up to which event they were told
        now = {
            person: events
            for person, events in news.items()
            if events and all(one.grant_id in ready for one in events)
        }
        today = {pk: day for pk, day in days.of(now.keys(), at=at).items() if day.has_begun}
        served = days.had_a_mail(today)
        people = Person.objects.in_bulk([one for one in today if one not in served])
        posts = [_post(people[pk], now[pk], grants, today[pk]) for pk in sorted(people)]
        outbox.put(posts, kind=Kind.NOTICE, at=at)
    return Planned(mails=len(posts), tomorrow=len(now) - len(posts))


def _untold(at: datetime) -> dict[int, list[Event]]:
    """Changes of leads that people have not been told of yet, by person."""
    events = list(
        Event.objects.filter(
            action=Action.GRANTS_HANDED_OVER,
            details__part="lead",
            at__gte=at - LOOKS_BACK,
            at__lte=at - SETTLES,
        ).order_by("pk")
    )
    if not events:
        return {}
    writers = queries.writers_of({one.organization_id for one in events if one.organization_id})
    told = _told(at)
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        for person in writers.get(event.organization_id or 0, []):
            if event.pk > told.get(person, 0):
                found[person].append(event)
    return found


def _news(events: Sequence[Event], grants: Mapping[int, Grant]) -> list[Event]:
    """Those of grants that somebody else leads now than before the first of them: what was taken back is no news."""
    before: dict[int | None, object] = {}
    for event in events:
        before.setdefault(event.grant_id, event.details.get("from"))
    return [one for one in events if grants[one.grant_id or 0].lead_officer_id != before[one.grant_id]]


def _told(at: datetime) -> Mapping[int, int]:
    """Up to which event each person was told; the key of every such mail names its newest."""
    keys = Message.objects.filter(key__startswith="contact:", created_at__gte=at - 2 * LOOKS_BACK)
    found: dict[int, int] = {}
    for key in keys.order_by("pk").values_list("key", flat=True):
        _name, person, event = key.split(":")
        found[int(person)] = max(int(event), found.get(int(person), 0))
    return found


def _grants(ids: Collection[int]) -> dict[int, Grant]:
    related = ("programme__distributor", "organization", "lead_officer", "deputy_officer")
    return Grant.objects.select_related(*related).in_bulk(list(ids))


def _ready(grants: Collection[Grant], at: datetime) -> set[int]:
    """Grants of whose programme mails go out at this moment."""
    own = works_by({one.programme.holidays_id for one in grants if one.programme.holidays_id})
    return {
        one.pk
        for one in grants
        if is_sending_time(
            at,
            zone=one.programme.distributor.zone,
            works=own.get(one.programme.holidays_id or 0)
            or business_days_in(one.programme.distributor.time_zone),
        )
    }


def _post(person: Person, events: Sequence[Event], grants: Mapping[int, Grant], day: days.Day) -> outbox.Post:
    shown = list({one.grant_id: grants[one.grant_id or 0] for one in events}.values())
    with translation.override(person.language):
        letter = notice(person, _to_organization(shown, since=max(one.at for one in events)))
    key = f"contact:{person.pk}:{events[-1].pk}"
    return outbox.Post(key=key, person=person, letter=letter, written_for=day.date)


def _to_organization(grants: Sequence[Grant], *, since: datetime) -> Notice:
    """`since`: when the last of them was handed over, days before the mail where others had to go first."""
    officers = {one.lead_officer for one in grants}
    distributors = {one.programme.distributor.name for one in grants}
    one = grants[0]
    day = short_date(one.programme.distributor.local_date(since))
    facts = []
    for grant in grants:
        facts += [
            (pgettext("mail", "Project"), grant.title),
            (pgettext("mail", "Organization"), grant.organization.name),
            (pgettext("mail", "Your new contact"), _contact(grant.lead_officer)),
        ]
    return Notice(
        subject=_("[Your contact] %(officer)s looks after your grant from %(date)s on")
        % {"officer": one.lead_officer.name, "date": day}
        if len(officers) == 1
        else _("[Your contact] New officers look after your grants from %(date)s on") % {"date": day},
        sentences=[
            _(
                "The officer who looks after your grant has changed. Please turn to your new contact with questions."
            ),
            _(
                "What you handed in and what you asked for has been handed on; there is nothing for you to do."
            ),
        ],
        facts=facts,
        url=links.home_page(slug=one.organization.slug),
        link=pgettext("mail", "Open your reports"),
        distributor=distributors.pop() if len(distributors) == 1 else "",
    )


def _contact(person: Person) -> str:
    return " ".join(part for part in (person.name, person.email, person.phone) if part)


def _to_officer(
    grants: Sequence[Grant],
    leads: Collection[int],
    *,
    reader: Person,
    other: Person | None,
    taking: bool,
    at: datetime,
) -> Letter:
    distributor = grants[0].programme.distributor
    count = len(grants)
    said = {"count": count, "date": short_date(distributor.local_date(at))}
    said |= {"person": other.name} if other else {}
    if taking:
        subject = _subject_of_taking(count, known=other is not None)
        sentences = [
            ngettext(
                "From now on you look after this grant. What waits there for an officer now waits for you, "
                "and mails about it come to you.",
                "From now on you look after these grants. What waits there for an officer now waits for you, "
                "and mails about them come to you.",
                count,
            )
        ]
        if leads:
            sentences.append(
                ngettext(
                    "The organization hears who its contact is by a mail of its own.",
                    "The organizations hear who their contact is by a mail of their own.",
                    len({one.organization_id for one in grants}),
                )
            )
    else:
        subject = _subject_of_leaving(count, known=other is not None)
        sentences = [
            ngettext(
                "You no longer look after this grant. Mails about it no longer come to you.",
                "You no longer look after these grants. Mails about them no longer come to you.",
                count,
            )
        ]
    lead, deputy = pgettext("mail", "Lead officer"), pgettext("mail", "Deputy officer")
    return notice(
        reader,
        Notice(
            subject=subject % said,
            sentences=sentences,
            facts=[
                (lead if one.pk in leads else deputy, f"{one.organization.name} / {one.title}")
                for one in grants
            ],
            url=links.reading_page(),
            link=pgettext("mail", "Open what waits for you"),
            distributor=distributor.name,
        ),
    )


def _subject_of_taking(count: int, *, known: bool) -> str:
    if not known:
        return ngettext(
            "[Handed over to you] %(count)s grant on %(date)s",
            "[Handed over to you] %(count)s grants on %(date)s",
            count,
        )
    return ngettext(
        "[Handed over to you] %(count)s grant of %(person)s on %(date)s",
        "[Handed over to you] %(count)s grants of %(person)s on %(date)s",
        count,
    )


def _subject_of_leaving(count: int, *, known: bool) -> str:
    if not known:
        return ngettext(
            "[Handed over] %(count)s grant on %(date)s", "[Handed over] %(count)s grants on %(date)s", count
        )
    return ngettext(
        "[Handed over] %(count)s grant to %(person)s on %(date)s",
        "[Handed over] %(count)s grants to %(person)s on %(date)s",
        count,
    )
