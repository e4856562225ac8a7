"""What an organization's profile shows: a fixed number of reads, however many grants, rounds and papers there are."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet

from minori.filings.enums import Side
from minori.filings.models import Comment, FiledAttachment
from minori.organizations.models import Organization
from minori.programmes.enums import Standing
from minori.programmes.models import Deadline, Grant
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import OPEN_CHANGES
from minori.registry.models import FrameworkVersion
from reporting.review.models import Note
from reporting.signals.queries import OfGrant, of_grants
from reporting.summaries.queries import stale_rounds

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


@dataclass(frozen=True)
class GrantPart:
    """One grant with its plans, change requests and the rounds that have opened (newest first); `to_come` have not."""

    grant: Grant
    versions: Sequence[FrameworkVersion]
    requests: Sequence[ChangeRequest]
    rounds: Sequence[RoundLine]
    to_come: int
    signals: OfGrant | None = None

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
    related = found.select_related("programme__distributor", "lead_officer", "deputy_officer", "organization")
    return list(related.order_by("-starts_on", "code"))


def parts(shown: Sequence[Grant], *, at: datetime) -> list[GrantPart]:
    """The grants with what belongs to each: five reads for any number of them."""
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
    """The same with what is noticed in the newest round of each grant: four reads more."""
    current = [one.current.deadline for one in shown if one.current is not None]
    found = of_grants(current, language=language)
    return [replace(one, signals=found.get(one.grant.pk)) for one in shown]


def comments(grant_ids: Collection[int]) -> QuerySet[Comment]:
    """What was asked about their reports, newest first, with the number of answers."""
    asked = Comment.objects.filter(deadline__grant__in=list(grant_ids), answers=None, side=Side.DESK)
    counted = asked.annotate(answered=Count("replies"))
    return counted.select_related("deadline__round", "deadline__grant").order_by("-at", "-pk")


def files(grant_ids: Collection[int]) -> QuerySet[FiledAttachment]:
    """The files of the revisions that count, newest first."""
    found = FiledAttachment.objects.filter(
        filing__deadline__grant__in=list(grant_ids), filing=F("filing__deadline__current_filing")
    )
    related = found.select_related("filing__deadline__round").defer("filing__contents", "filing__part_hashes")
    return related.order_by("-filing__handed_in_at", "position", "pk")


def notes(grant_ids: Collection[int]) -> QuerySet[Note]:
    """The private notes beside their reports, newest first."""
    found = Note.objects.filter(deadline__grant__in=list(grant_ids))
    return found.select_related("deadline__round").order_by("-at", "-pk")


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


_TRENDS = """
    SELECT d.grant_id, d.round_id, s.as_of,
        l.strip - 'cells',
        jsonb_path_query_first(s.numbers, '$.grants[*] ? (@.grant == $g).coverage', v.vars),
        jsonb_path_query_array(n.short, '$[*].achievement.value')
    FROM programmes_deadline d
    JOIN summaries_summary s ON s.round_id = d.round_id AND s.as_of IS NOT NULL
    LEFT JOIN summaries_grantline l ON l.round_id = d.round_id AND l.grant_id = d.grant_id
    LEFT JOIN summaries_grantnumbers n ON n.summary_id = s.id AND n.grant_id = d.grant_id
    CROSS JOIN LATERAL (SELECT jsonb_build_object('g', d.grant_id) AS vars) v
    WHERE d.grant_id = ANY(%s)"""
"""Only what stands of these grants leaves the database: a summary holds every organization's words."""


def _trends(grant_ids: list[int]) -> dict[tuple[int, int], Trend]:
    rounds = Deadline.objects.filter(grant__in=grant_ids).order_by().values("round_id")
    stale = set(stale_rounds().filter(pk__in=rounds).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_TRENDS, [grant_ids])
        lines = cursor.fetchall()
    return {
        (grant, round_): _trend(_read(line), _read(coverage), _read(values), as_of, stale=round_ in stale)
        for grant, round_, as_of, line, coverage, values in lines
        if line is not None
    }


def _read(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _trend(line: Any, coverage: Any, values: Any, as_of: datetime, *, stale: bool) -> Trend:
    achieved = [Fraction(one) for one in values or () if one is not None]
    return Trend(
        handed_in=line["handed_in"],
        counts=tuple((code, count) for code, count in line["counts"].items() if count),
        worse=line["worse"],
        counted=len(achieved),
        of=coverage["of"] if coverage else 0,
        achieved=sum(achieved, Fraction(0)) / len(achieved) if achieved else None,
        as_of=as_of,
        stale=stale,
    )
