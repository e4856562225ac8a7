"""What an organization's profile shows: a fixed number of reads, however many grants, rounds and papers there are."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Window as Over
from django.db.models.functions import Coalesce

from minori.filings.enums import Side
from minori.filings.models import Comment, FiledAttachment
from minori.organizations.models import Organization
from minori.programmes.enums import DeadlineState, Standing
from minori.programmes.models import Deadline, Grant
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import OPEN_CHANGES
from minori.registry.models import FrameworkVersion
from reporting.review.models import Note
from reporting.signals.queries import Shown, of_grants
from reporting.summaries.queries import INPUTS, SET_UP
from reporting.summaries.shape import FORMAT

SHOWN = 10


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


@dataclass(frozen=True)
class RoundLine:
    """One round of a grant: where its report stands now, and what was compiled of it."""

    deadline: Deadline
    standing: Standing
    days_over: int  # since the date in force, where that has passed without a report
    trend: Trend | None

    @property
    def mark(self) -> str:
        """The look of the state's chip."""
        if self.days_over:
            return "returned"
        return _MARKS.get(DeadlineState(self.deadline.state), "note")


_MARKS = {
    DeadlineState.RETURNED: "returned",
    DeadlineState.ACCEPTED: "done",
    DeadlineState.HANDED_IN: "started",
}


@dataclass(frozen=True)
class GrantPart:
    """One grant with its plans, change requests and the rounds that have opened (newest first); `to_come` have not."""

    grant: Grant
    versions: Sequence[FrameworkVersion]
    requests: Sequence[ChangeRequest]
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


def parts(shown: Sequence[Grant], *, at: datetime) -> list[GrantPart]:
    """The grants with what belongs to each: four reads for any number of them."""
    keys = [one.pk for one in shown]
    versions = _by_grant(FrameworkVersion.objects.filter(grant__in=keys).order_by("-number"))
    requests = _by_grant(
        ChangeRequest.objects.filter(grant__in=keys, state__in=OPEN_CHANGES).order_by("-number")
    )
    deadlines = _by_grant(
        Deadline.objects.filter(grant__in=keys).select_related("round").order_by("-round__number")
    )
    trends = _trends(keys)
    lines = {
        one.pk: [
            _line(each, one, trends, one.programme.distributor.local_date(at))
            for each in deadlines.get(one.pk, ())
        ]
        for one in shown
    }
    return [
        GrantPart(
            grant=one,
            versions=versions.get(one.pk, ()),
            requests=requests.get(one.pk, ()),
            rounds=tuple(line for line in lines[one.pk] if line.standing != Standing.NOT_OPEN),
            to_come=sum(line.standing == Standing.NOT_OPEN for line in lines[one.pk]),
        )
        for one in shown
    ]


def with_signals(shown: Sequence[GrantPart], *, language: str) -> list[GrantPart]:
    """The same with what is noticed in the newest round of each grant: two reads more."""
    current = [one.current.deadline for one in shown if one.current is not None]
    found = of_grants(current, language=language)
    return [replace(one, signals=found.get(one.grant.pk, ())) for one in shown]


@dataclass(frozen=True)
class Newest:
    """The newest of some papers, how many there are in all, and of comments how many are open."""

    items: Sequence[Any]
    count: int
    open: int = 0


def comments(grant_ids: Collection[int]) -> Newest:
    """What was asked about their reports, newest first, each with the number of its answers (`answered`): one read."""
    asked = Comment.objects.filter(deadline__grant__in=list(grant_ids), answers=None, side=Side.DESK)
    answers = Comment.objects.filter(answers=OuterRef("pk")).order_by().values("answers")
    counted = asked.annotate(
        answered=Coalesce(Subquery(answers.annotate(count=Count("pk")).values("count")), 0),
        open_of_all=Over(Count("pk", filter=Q(dealt_with_at=None))),
    )
    return _newest(counted.select_related("deadline__round", "deadline__grant").order_by("-at", "-pk"))


def files(grant_ids: Collection[int]) -> Newest:
    """The files of the revisions that count, newest first: one read."""
    found = FiledAttachment.objects.filter(
        filing__deadline__grant__in=list(grant_ids), filing=F("filing__deadline__current_filing")
    )
    related = found.select_related("filing__deadline__round").defer("filing__contents", "filing__part_hashes")
    return _newest(related.order_by("-filing__handed_in_at", "position", "pk"))


def notes(grant_ids: Collection[int]) -> Newest:
    """The private notes beside their reports, newest first: one read."""
    found = Note.objects.filter(deadline__grant__in=list(grant_ids))
    return _newest(found.select_related("deadline__round").order_by("-at", "-pk"))


def _newest(found: QuerySet[Any]) -> Newest:
    items = list(found.annotate(count_of_all=Over(Count("*")))[:SHOWN])
    if not items:
        return Newest((), 0)
    return Newest(items, items[0].count_of_all, getattr(items[0], "open_of_all", 0))


def _by_grant(found: QuerySet[Any]) -> dict[int, list[Any]]:
    by: dict[int, list[Any]] = {}
    for one in found:
        by.setdefault(one.grant_id, []).append(one)
    return by


def _line(deadline: Deadline, grant: Grant, trends: dict[tuple[int, int], Trend], today: date) -> RoundLine:
    deadline.grant = grant  # with its programme and distributor, read already
    standing = deadline.standing(today)
    return RoundLine(
        deadline=deadline,
        standing=standing,
        days_over=(today - deadline.effective_due_on).days if standing == Standing.OVERDUE else 0,
        trend=trends.get((deadline.grant_id, deadline.round_id)),
    )


_TRENDS = f"""
    SELECT d.grant_id, d.round_id, s.as_of,
        (s.brief ->> 'format')::int = %(format)s AND s.events_compiled = {INPUTS.format(round="r")},
        l.strip - 'cells', n.figures, jsonb_path_query_array(n.short, '$[*].achievement.value')
    FROM programmes_deadline d
    JOIN programmes_round r ON r.id = d.round_id
    JOIN summaries_summary s ON s.round_id = d.round_id AND s.as_of IS NOT NULL
    JOIN summaries_grantline l ON l.round_id = d.round_id AND l.grant_id = d.grant_id AND l.strip IS NOT NULL
    LEFT JOIN summaries_grantnumbers n ON n.summary_id = s.id AND n.grant_id = d.grant_id
    WHERE d.grant_id = ANY(%(grants)s)"""  # noqa: S608 - only a fragment of ours is put in
"""Only what stands of these grants leaves the database: a summary holds every organization's words."""


def _trends(grant_ids: list[int]) -> dict[tuple[int, int], Trend]:
    given: dict[str, Any] = {"grants": grant_ids, "format": FORMAT, "set_up": [str(one) for one in SET_UP]}
    with connection.cursor() as cursor:
        cursor.execute(_TRENDS, given)
        return {
            (grant, round_): _trend(
                json.loads(line), json.loads(values or "[]"), of=figures or 0, as_of=as_of, stale=not fresh
            )
            for grant, round_, as_of, fresh, line, figures, values in cursor.fetchall()
        }


def _trend(line: Any, values: Sequence[str | None], *, of: int, as_of: datetime, stale: bool) -> Trend:
    achieved = [Fraction(one) for one in values if one is not None]
    return Trend(
        handed_in=line["handed_in"],
        counts=tuple((code, count) for code, count in line["counts"].items() if count),
        worse=line["worse"],
        counted=len(achieved),
        of=of,
        achieved=sum(achieved, Fraction(0)) / len(achieved) if achieved else None,
        as_of=as_of,
        stale=stale,
    )
