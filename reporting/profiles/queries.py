"""An organization's grants on its profile: a fixed number of reads, however many grants and rounds there are."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from minori.organizations.models import Organization
from minori.programmes import labels
from minori.programmes.enums import Standing
from minori.programmes.models import Grant
from minori.registry.enums import OPEN_CHANGES, ChangeState
from reporting.signals.queries import Shown, lines_of, shown
from reporting.signals.setting_aside import noticed
from reporting.summaries import standing
from reporting.summaries.queries import INPUTS, SET_UP
from reporting.summaries.shape import FORMAT


@dataclass(frozen=True)
class Trend:
    """What the compiled summary of one round says of one grant; `achieved` None where no number is confirmed."""

    handed_in: bool
    counts: tuple[tuple[str, int], ...]
    worse: int
    counted: int
    of: int
    achieved: Fraction | None
    as_of: datetime
    stale: bool

    @property
    def percent(self) -> Decimal | None:
        """The mean as a number for the page."""
        one = self.achieved
        return None if one is None else Decimal(one.numerator) / Decimal(one.denominator)


@dataclass(frozen=True, kw_only=True)
class RoundLine:
    """One round of a grant: where its report stands now, and what was compiled of it."""

    deadline: int
    round: int
    number: int
    title: str
    edition: tuple[str, int]
    standing: Standing
    due_on: date  # the date in force
    extended_to: date | None
    days_over: int  # since the date in force, where that has passed without a report
    days_late: int | None
    first_handed_in_at: datetime | None
    filed: bool
    waived_reason: str
    trend: Trend | None

    @property
    def mark(self) -> str:
        """The look of the state's chip."""
        return "returned" if self.days_over else _MARKS.get(self.standing, "note")


_MARKS = {Standing.RETURNED: "returned", Standing.ACCEPTED: "done", Standing.HANDED_IN: "started"}


@dataclass(frozen=True)
class Plan:
    """One version of a grant's plan."""

    number: int
    registered_at: datetime
    confirmed: bool


@dataclass(frozen=True)
class Request:
    """An undecided change request; `state` as people read it."""

    number: int
    state: str


@dataclass(frozen=True)
class GrantPart:
    """One grant with its plans, change requests and the rounds that have opened (newest first); `to_come` have not."""

    grant: Grant
    versions: Sequence[Plan]
    requests: Sequence[Request]
    rounds: Sequence[RoundLine]
    to_come: int
    signals: Sequence[Shown] = ()
    """What is noticed in the round that is current."""

    @property
    def current(self) -> RoundLine | None:
        """The newest round that has opened and was compiled."""
        return next((one for one in self.rounds if one.trend), None)

    @property
    def newest(self) -> Trend | None:
        """What was compiled last of it: the page says as of when."""
        found = [one.trend for one in self.rounds if one.trend is not None]
        return max(found, key=lambda one: one.as_of) if found else None


def grants(organization: Organization, distributor_ids: Collection[int]) -> list[Grant]:
    """The organization's grants in programmes of these distributors, newest first."""
    found = Grant.objects.filter(organization=organization, programme__distributor__in=list(distributor_ids))
    related = found.select_related("programme__distributor", "lead_officer", "deputy_officer")
    return list(related.order_by("-starts_on", "code"))


_PARTS = f"""
    SELECT g.id, json_build_object(
        'versions', (SELECT json_agg(json_build_array(v.number, v.registered_at, v.confirmed_at IS NOT NULL)
            ORDER BY v.number DESC) FROM registry_frameworkversion v WHERE v.grant_id = g.id),
        'requests', (SELECT json_agg(json_build_array(q.number, q.state) ORDER BY q.number DESC)
            FROM registry_changerequest q WHERE q.grant_id = g.id AND q.state = ANY(%(undecided)s)),
        'rounds', (SELECT json_agg(json_build_object('deadline', d.id, 'round', r.id, 'number', r.number,
            'title', r.title, 'edition', r.edition, 'edition_version', r.edition_version, 'opens_on', r.opens_on,
            'state', d.state, 'due_on', d.due_on, 'extended_to', d.extended_to, 'returned_due_on', d.returned_due_on,
            'days_late', d.days_late, 'first_handed_in_at', d.first_handed_in_at,
            'filed', d.current_filing_id IS NOT NULL, 'waived_reason', d.waived_reason, 'as_of', s.as_of,
            'fresh', (s.brief ->> 'format')::int = %(format)s AND s.events_compiled = {INPUTS.format(round="r")},
            'line', l.strip - 'cells', 'figures', n.figures,
            'achieved', jsonb_path_query_array(n.short, '$[*].achievement.value')) ORDER BY r.number DESC)
            FROM programmes_deadline d JOIN programmes_round r ON r.id = d.round_id
            LEFT JOIN summaries_summary s ON s.round_id = r.id AND s.as_of IS NOT NULL
            LEFT JOIN summaries_grantline l ON l.round_id = r.id AND l.grant_id = g.id
            LEFT JOIN summaries_grantnumbers n ON n.summary_id = s.id AND n.grant_id = g.id
            WHERE d.grant_id = g.id)
    )::text
    FROM programmes_grant g WHERE g.id = ANY(%(grants)s)"""  # noqa: S608 - only a fragment of ours is put in
"""Only what stands of these grants leaves the database: a summary holds every organization's words."""


def parts(shown: Sequence[Grant], *, at: datetime) -> list[GrantPart]:
    """The grants with what belongs to each: one read for any number of them."""
    given: dict[str, Any] = {
        "grants": [one.pk for one in shown],
        "format": FORMAT,
        "set_up": [str(one) for one in SET_UP],
        "undecided": [str(one) for one in OPEN_CHANGES],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, given)
        found = {pk: json.loads(text) for pk, text in cursor.fetchall()}
    return [_part(one, found[one.pk], today=one.programme.distributor.local_date(at)) for one in shown]


def _part(grant: Grant, found: Mapping[str, Any], *, today: date) -> GrantPart:
    lines = [_line(one, today=today) for one in found["rounds"] or ()]
    return GrantPart(
        grant=grant,
        versions=[
            Plan(number, datetime.fromisoformat(at), confirmed)
            for number, at, confirmed in found["versions"] or ()
        ],
        requests=[
            Request(number, str(ChangeState(state).label)) for number, state in found["requests"] or ()
        ],
        rounds=tuple(line for line in lines if line.standing != Standing.NOT_OPEN),
        to_come=sum(line.standing == Standing.NOT_OPEN for line in lines),
    )


def _line(one: Any, *, today: date) -> RoundLine:
    """`one` has what `standing` asks of a board's line and of its round."""
    now = standing.of(one, one, today=today)
    due_on = standing.effective_due_on(one)
    return RoundLine(
        deadline=one["deadline"],
        round=one["round"],
        number=one["number"],
        title=one["title"],
        edition=(one["edition"], one["edition_version"]),
        standing=now,
        due_on=due_on,
        extended_to=date.fromisoformat(one["extended_to"]) if one["extended_to"] else None,
        days_over=(today - due_on).days if now == Standing.OVERDUE else 0,
        days_late=one["days_late"],
        first_handed_in_at=_moment(one["first_handed_in_at"]),
        filed=one["filed"],
        waived_reason=one["waived_reason"],
        trend=_trend(one) if one["as_of"] and one["line"] else None,
    )


def _trend(one: Any) -> Trend:
    line, achieved = one["line"], [Fraction(each) for each in one["achieved"] or () if each is not None]
    return Trend(
        handed_in=line["handed_in"],
        counts=tuple((code, count) for code, count in line["counts"].items() if count),
        worse=line["worse"],
        counted=len(achieved),
        of=one["figures"] or 0,
        achieved=sum(achieved, Fraction(0)) / len(achieved) if achieved else None,
        as_of=datetime.fromisoformat(one["as_of"]),
        stale=not one["fresh"],
    )


def with_signals(parts: Sequence[GrantPart], *, language: str) -> list[GrantPart]:
    """The same with what is noticed in the current round of each grant: two reads more."""
    current = {one.grant.pk: one.current for one in parts if one.current}
    lines = lines_of(list(current), sorted({one.round for one in current.values()}))
    every = noticed(
        (line for round_, line in lines if current[line["grant"]].round == round_), grant_ids=list(current)
    )
    return [
        replace(
            part,
            signals=shown(
                [one for one in every if one.line["grant"] == part.grant.pk],
                round_=at,
                edition=labels.edition_of(part.grant.programme.distributor, *at.edition),
                deadlines={part.grant.pk: (at.deadline, part.grant.code)},
                language=language,
            ),
        )
        if (at := current.get(part.grant.pk))
        else part
        for part in parts
    ]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
