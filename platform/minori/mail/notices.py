"""Notices of what happened: planned from the audit trail, one per event and person, however often it is looked at."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce

from django.db import transaction
from django.utils import translation

from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail import copies, date_texts, notice_texts, outbox, places, queries, rendering
from minori.mail.about import About, Audience, Text
from minori.mail.enums import Kind
from minori.mail.letters import notice
from minori.mail.models import Sweep
from minori.mail.notice_texts import TEXTS
from minori.programmes.enums import ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest, Grant
from minori.registry.models import FrameworkVersion, Proposal

NAME = "notices"
"""Under this name the sweeps' log keeps when notices were last planned."""

LOOKS_BACK = timedelta(days=3)
"""How far a run looks back: a transaction may commit long after the moment it wrote into its event."""

ANSWERS: dict[str, frozenset[str]] = {
    Action.HANDED_IN_AGAIN: frozenset({Action.RETURNED, Action.REOPENED}),
    Action.CORRECTION_TAKEN: frozenset({Action.CORRECTION_PROPOSED}),
    Action.CORRECTION_DECLINED: frozenset({Action.CORRECTION_PROPOSED}),
    Action.CONSULTATION_ASKED: frozenset({Action.CONSULTATION_ANSWERED}),
}
"""What an organization answers an officer with: whoever asked is told too, lead, deputy or neither."""

OVERLAP = timedelta(days=1)
"""After a longer stop a run begins this much before the last one that succeeded."""


@dataclass(frozen=True)
class Planned:
    """How many notices a run wrote."""

    mails: int = 0

    def as_json(self) -> dict[str, int]:
        """For the sweeps' log."""
        return {"mails": self.mails}


@dataclass(frozen=True)
class _Facts:
    """Everything the events of a run are about, read in a fixed number of queries."""

    deadlines: dict[int, Deadline]
    grants: dict[int, Grant]
    writers: dict[int, list[int]]
    approvers: dict[int, list[int]]
    officers: dict[int, list[int]]
    remarks: dict[tuple[int, datetime], list[places.Placed]]
    declined: dict[tuple[int, datetime | None], str]
    unconfirmed: set[tuple[int, int]] = field(default_factory=set)
    asked: Sequence[queries.Asked] = ()
    took_over: Mapping[tuple[int, int], datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wanted:
    """A notice that somebody is to have, about one event or about those of one act. `overtaken`: of these events, those
    that are not told any more; `told`: the others, as they are told."""

    events: list[Event]
    text: Text
    person: int
    overtaken: frozenset[int] = frozenset()
    instead: Mapping[int, Event] = field(default_factory=dict)

    @property
    def told(self) -> list[Event]:
        return [self.instead.get(one.pk, one) for one in self.events if one.pk not in self.overtaken]

    @property
    def key(self) -> str:
        if self.events[0].action == Action.CORRECTION_PROPOSED:
            return f"corrections:{self.events[0].filing_id}:{self.person}"
        return f"event:{self.events[0].pk}:{self.text.audience.value}:{self.person}"


def plan(*, at: datetime) -> Planned:
    """Write a notice for every recent event and everybody it concerns, unless it is written already.

    Events are found by their time with a wide margin, and each notice has the key of its event and person:
    neither late commits nor doubled runs lose or double one. Dates that one act changed for several reports of an
    organization are told in one mail, with the key of its first event. Holds the planners' lock.
    """
    with transaction.atomic():
        queries.lock_planning()
        events = list(
            Event.objects.filter(
                action__in=TEXTS, at__gte=_since(at), organization_id__isnull=False
            ).order_by("pk")
        )
        facts = _facts(events)
        wanted = _wanted(events, facts)
        known = queries.known_keys(one.key for one in wanted)
        fresh = _without_overtaken(wanted, known, _waiting(events))
        people = Person.objects.in_bulk({one.person for one in fresh})
        posts = [_post(one, people[one.person], facts) for one in fresh]
        outbox.put(posts, kind=Kind.NOTICE, at=at)
    return Planned(mails=len(posts))


def _waiting(events: Sequence[Event]) -> set[tuple[int, datetime]]:
    """The requests for more time among these events that still wait: report, and when it was asked for."""
    asked = {event.deadline_id for event in events if event.action == Action.EXTENSION_ASKED}
    if not asked:
        return set()
    open_ = ExtensionRequest.objects.filter(deadline__in=asked, state=ExtensionState.OPEN)
    return set(open_.values_list("deadline_id", "asked_at"))


def _since(at: datetime) -> datetime:
    last = (
        Sweep.objects.filter(name=NAME, succeeded_at__isnull=False)
        .values_list("succeeded_at", flat=True)
        .first()
    )
    return min(at - LOOKS_BACK, last - OVERLAP) if last else at - LOOKS_BACK


def _facts(events: Sequence[Event]) -> _Facts:
    grant_ids = {event.grant_id for event in events if event.grant_id}
    filing_ids = {event.filing_id for event in events if event.filing_id}
    remarks: dict[tuple[int, datetime], list[places.Placed]] = defaultdict(list)
    for filing, said_at, words in places.remarks_on(filing_ids):
        remarks[filing, said_at].append(words)
    proposals = Proposal.objects.filter(grant__in=grant_ids).exclude(decision_remark="").order_by("pk")
    versions = FrameworkVersion.objects.filter(grant__in=grant_ids, confirmed_at=None).order_by("pk")
    related = ("programme__distributor", "lead_officer", "organization")
    organizations = {event.organization_id for event in events if event.organization_id}
    grants = Grant.objects.select_related(*related).in_bulk(list(grant_ids))
    return _Facts(
        deadlines=rendering.deadlines({event.deadline_id for event in events if event.deadline_id}),
        grants=grants,
        writers=queries.writers_of(organizations),
        approvers=queries.approvers_of(organizations),
        officers=queries.officers_of(grants.values()),
        remarks=remarks,
        declined={
            (grant, decided): remark
            for grant, decided, remark in proposals.values_list("grant_id", "decided_at", "decision_remark")
        },
        unconfirmed=set(versions.values_list("grant_id", "number")),
        asked=queries.asked_by_officers(
            {event.deadline_id for event in events if event.deadline_id and event.action in ANSWERS},
            actions={action for asked in ANSWERS.values() for action in asked},
        ),
        took_over=queries.took_over(grant_ids),
    )


def _concerned(event: Event, text: Text, facts: _Facts) -> list[int]:
    """Person ids; whoever did it has a receipt where there is one, and no mail otherwise."""
    grant = facts.grants.get(event.grant_id or 0)
    if grant is None:
        return []
    if _is_told_otherwise(event):
        return []
    people = _people(event, text.audience, grant, facts)
    return [one for one in people if one != event.person_id or text.is_receipt]


def _people(event: Event, audience: Audience, grant: Grant, facts: _Facts) -> list[int]:
    if audience is Audience.OFFICERS:
        # whoever took the grant over later is told of what waits by the handover itself
        officers = [
            one
            for one in facts.officers.get(grant.pk, ())
            if event.at >= facts.took_over.get((grant.pk, one), event.at)
        ]
        return list(dict.fromkeys(one for one in (*officers, _who_asked(event, facts)) if one))
    of_organization = facts.approvers if audience is Audience.APPROVERS else facts.writers
    return of_organization.get(event.organization_id or 0, [])


def _who_asked(event: Event, facts: _Facts) -> int | None:
    """The officer whose act the organization answers with this, whoever leads the grant now."""
    before = [
        one.person_id
        for one in facts.asked
        if one.deadline_id == event.deadline_id
        and one.action in ANSWERS.get(event.action, ())
        and one.pk < event.pk
    ]
    return before[-1] if before else None


def _is_told_otherwise(event: Event) -> bool:
    """A moved date that changes nothing; a version made of a change request, whose decision is told."""
    if event.action == Action.PLAN_REGISTERED:
        return bool(event.details.get("request"))
    return event.action == Action.DEADLINE_MOVED and date_texts.changes_nothing(event)


def _wanted(events: Sequence[Event], facts: _Facts) -> list[_Wanted]:
    found: dict[tuple[object, ...], _Wanted] = {}
    for event in events:
        for text in TEXTS[event.action]:
            for person in _concerned(event, text, facts):
                one = _Wanted([event], text, person)
                same = found.setdefault((*_act(event), text.audience, person), one)
                if same is not one:
                    same.events.append(event)
    return list(found.values())


def _without_overtaken(
    wanted: Sequence[_Wanted], known: Collection[str], waiting: Collection[tuple[int, datetime]]
) -> list[_Wanted]:
    """What is not written yet, without dates that changed again before anybody heard of them: of a report's dates people
    hear the last, and what it was when they last heard; nothing where it is the same again. Nor is anybody told of a
    request for more time that does not wait any more, and of its withdrawal those only who had heard of it."""
    chains: dict[tuple[int, int | None], list[tuple[Event, bool]]] = defaultdict(list)
    for one in wanted:
        for event in one.events:
            if date_texts.is_overtaken_by_the_next(event):
                chains[one.person, event.deadline_id].append((event, one.key in known))
    overtaken: dict[int, set[int]] = defaultdict(set)
    instead: dict[int, dict[int, Event]] = defaultdict(dict)
    for (person, _deadline), chain in chains.items():
        chain.sort(key=lambda pair: pair[0].pk)
        heard = max((place for place, (_event, known_) in enumerate(chain) if known_), default=-1)
        *passed, (last, _known) = chain
        overtaken[person] |= {event.pk for event, _known in passed}
        unheard = [event for event, _known in passed[heard + 1 :]]
        if unheard and heard < len(passed):
            told = reduce(date_texts.since, [*unheard, last])
            instead[person][last.pk] = told
            if date_texts.changes_nothing(told):
                overtaken[person].add(last.pk)
    for one in wanted:
        if one.key not in known and _is_over(one, wanted, known, waiting):
            overtaken[one.person] |= {event.pk for event in one.events}
    left = (
        replace(one, overtaken=frozenset(overtaken[one.person]), instead=instead[one.person])
        for one in wanted
        if one.key not in known
    )
    return [replace(one, text=_text_of(one)) for one in left if one.told]


def _text_of(one: _Wanted) -> Text:
    """How its audience is told of what is told instead, which may be of another kind."""
    of = TEXTS[one.told[0].action]
    return next((text for text in of if text.audience is one.text.audience), one.text)


def _is_over(
    one: _Wanted,
    wanted: Sequence[_Wanted],
    known: Collection[str],
    waiting: Collection[tuple[int, datetime]],
) -> bool:
    event = one.events[0]
    if event.action == Action.EXTENSION_ASKED:
        return (event.deadline_id or 0, event.at) not in waiting
    if event.action != Action.EXTENSION_WITHDRAWN:
        return False
    asked = [
        other
        for other in wanted
        if other.person == one.person
        and other.events[0].action == Action.EXTENSION_ASKED
        and other.events[0].deadline_id == event.deadline_id
        and other.events[0].pk < event.pk
    ]
    return not asked or asked[-1].key not in known


def _act(event: Event) -> tuple[object, ...]:
    """What is told together: all that one press of a button did (one moment, one person), all corrections proposed
    for one revision (and told once: their key is the revision's), else the event alone."""
    if event.action == Action.CORRECTION_PROPOSED:
        return ("corrections", event.filing_id)
    if event.action in date_texts.TOLD_TOGETHER:
        return (event.at, event.person_id, event.organization_id)
    return (event.pk,)


def _post(one: _Wanted, person: Person, facts: _Facts) -> outbox.Post:
    with translation.override(person.language):
        about = _about(one, facts, person.language)
        content = notice_texts.write(one.text, about)
        return outbox.Post(key=one.key, person=person, letter=notice(person, content))


def _about(one: _Wanted, facts: _Facts, language: str) -> About:
    event = one.told[0]
    grant = facts.grants[event.grant_id or 0]
    number = event.details.get("number")
    return About(
        event=event,
        grant=grant,
        deadline=facts.deadlines.get(event.deadline_id or 0),
        remarks=[one.say(language) for one in facts.remarks.get((event.filing_id or 0, event.at), [])],
        declined=facts.declined.get((grant.pk, event.at), ""),
        to_confirm=isinstance(number, int) and (grant.pk, number) in facts.unconfirmed,
        today=grant.programme.distributor.local_date(event.at),
        summary=copies.summary_of(event.filing_id) if event.details.get("on_behalf") else (),
        together=[
            (each, facts.deadlines[each.deadline_id])
            for each in (one.told if event.action in date_texts.TOLD_TOGETHER else [event])
            if each.deadline_id in facts.deadlines
        ],
    )
