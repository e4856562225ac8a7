"""Who looks after a house is told when somebody joined it: an arrival that nobody expected is seen the same day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.accounts.enums import Role, StaffRole
from minori.accounts.models import Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail import links, outbox, queries
from minori.mail.enums import Kind
from minori.mail.letters import Letter, Notice, full_date, notice, short_date
from minori.organizations.models import Organization
from minori.programmes.models import Distributor

NAME = "arrivals"
"""Under this name the sweeps' log keeps when they were last planned."""

LOOKS_BACK = timedelta(days=3)


def plan(*, at: datetime) -> int:
    """Write a mail to every other approver, or manager, of a house that somebody joined in the last days.

    Each arrival and reader has its own key, so that doubled runs write once. Holds the planners' lock. Returns
    how many mails were written.
    """
    with transaction.atomic():
        queries.lock_planning()
        joined = Event.objects.filter(action=Action.JOINED, at__gte=at - LOOKS_BACK)
        wanted = {
            _key(event, reader): (event, reader) for event, reader in _told(list(joined.order_by("pk")))
        }
        known = queries.known_keys(wanted)
        fresh = {key: pair for key, pair in wanted.items() if key not in known}
        people = Person.objects.in_bulk(
            {reader for _event, reader in fresh.values()}
            | {int(event.details["person"]) for event, _reader in fresh.values()}
        )
        houses = _houses([event for event, _reader in fresh.values()])
        posts = []
        for key, (event, reader) in fresh.items():
            person, arrived = people[reader], people[int(event.details["person"])]
            house = houses[event.organization_id, event.distributor_id]
            with translation.override(person.language):
                posts.append(
                    outbox.Post(key=key, person=person, letter=_letter(person, arrived, house, event))
                )
        outbox.put(posts, kind=Kind.NOTICE, at=at)
    return len(posts)


def _told(events: Sequence[Event]) -> Iterator[tuple[Event, int]]:
    """Every arrival with everybody who looks after the house, but for whoever arrived."""
    approvers = queries.approvers_of({event.organization_id for event in events if event.organization_id})
    managers: dict[int, list[int]] = {}
    held = (
        StaffMembership.objects.active()
        .filter(distributor__in={event.distributor_id for event in events if event.distributor_id})
        .filter(role=StaffRole.MANAGER)
        .exclude(person__user__is_active=False)
        .order_by("pk")
    )
    for distributor, person in held.values_list("distributor_id", "person_id"):
        managers.setdefault(distributor, []).append(person)
    for event in events:
        readers = (
            approvers.get(event.organization_id, [])
            if event.organization_id
            else managers.get(event.distributor_id or 0, [])
        )
        for reader in readers:
            if reader != event.details.get("person"):
                yield event, reader


def _houses(events: Sequence[Event]) -> dict[tuple[int | None, int | None], Organization | Distributor]:
    organizations = Organization.objects.in_bulk(
        {one.organization_id for one in events if one.organization_id}
    )
    distributors = Distributor.objects.in_bulk({one.distributor_id for one in events if one.distributor_id})
    return {(pk, None): one for pk, one in organizations.items()} | {
        (None, pk): one for pk, one in distributors.items()
    }


def _letter(person: Person, arrived: Person, house: Organization | Distributor, event: Event) -> Letter:
    in_organization = isinstance(house, Organization)
    role = Role(event.details["role"]) if in_organization else StaffRole(event.details["role"])
    day = house.local_date(event.at) if isinstance(house, Distributor) else localdate(event.at)
    content = Notice(
        subject=_("[Joined] %(person)s: %(house)s on %(date)s")
        % {"person": arrived.name, "house": house.name, "date": short_date(day)},
        sentences=[
            _("Somebody accepted an invitation and can now work here."),
            _("If you do not know this person, please end the role on the page below."),
        ],
        facts=[
            (pgettext("mail", "Name"), arrived.name),
            (pgettext("mail", "E-mail address"), arrived.email),
            (pgettext("mail", "Role"), str(role.label)),
            (pgettext("mail", "Since"), full_date(day)),
        ],
        url=links.house_page(slug=house.slug, in_organization=in_organization),
        link=pgettext("mail", "Look after people"),
    )
    return notice(person, content)


def _key(event: Event, reader: int) -> str:
    return f"event:{event.pk}:arrival:{reader}"
