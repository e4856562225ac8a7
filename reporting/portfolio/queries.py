"""What the programme pages read: compiled summaries and how fresh they are, in a fixed number of queries."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, cast

from django.db.models import (
    Case,
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce
from django.http import Http404

from minori.filings import consulting
from minori.filings.change_wishes import wishing
from minori.marks import bracketed
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline, Grant, Programme, Round
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ChangeState, Party, ProposalState
from minori.registry.models import Proposal
from reporting.portfolio.remembering import Remembered
from reporting.summaries import stored
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import NumbersContents, figures_in_brief
from reporting.summaries.queries import stale_rounds

_remembered_numbers = Remembered()
_A_BRIEF_LINE = 200  # letters
_WHOLE, _BRIEF = "whole ", "brief "
_NUMBERS = RawSQL(stored.TOGETHER, [], output_field=TextField())  # noqa: S611 - our own words only
"""A round's numbers as one JSON text of `head` and `lines`, put together by the database."""
_ROW = RawSQL("summaries_summary.xmin::text || summaries_summary.ctid::text", [], output_field=TextField())
"""Which version of its row a summary is: another one after every change, whoever made it."""


@dataclass(frozen=True)
class Numbers:
    """The compiled numbers of one round."""

    number: int
    title: str
    period_ends_on: date
    numbers: NumbersContents
    as_of: datetime


@dataclass(frozen=True)
class GrantFacts:
    """A grant as pages name it."""

    code: str
    title: str
    organization: str
    several: bool = False

    @property
    def name(self) -> str:
        """The organization, with the project's title where it has several."""
        return self.organization + (bracketed(self.title) if self.several else "")


def overview(programmes: QuerySet[Programme], *, today: date) -> QuerySet[Programme]:
    """Programmes with how many grants they have and what waits for the officer, each counted by itself: joined together,
    the grants, reports and rounds of a thousand organizations multiply to millions."""
    plans = Proposal.objects.filter(state=ProposalState.WAITING)
    reports = Deadline.objects.all()
    due_before_today = Q(extended_to__lt=today) | Q(extended_to=None, due_on__lt=today)
    return programmes.annotate(
        change_count=_how_many(_waiting_changes(), "grant__programme"),
        wish_count=_how_many(wishing(reports), "grant__programme"),
        consultation_count=_how_many(consulting.waiting(), "deadline__grant__programme"),
        plan_count=_how_many(plans, "grant__programme"),
        grant_count=_how_many(Grant.objects.all(), "programme"),
        waiting_count=_how_many(reports.filter(state=DeadlineState.HANDED_IN), "grant__programme"),
        returned_count=_how_many(reports.filter(state=DeadlineState.RETURNED), "grant__programme"),
        overdue_count=_how_many(
            reports.filter(due_before_today, state=DeadlineState.AWAITING), "grant__programme"
        ),
    ).order_by("-ends_on", "title")


def _waiting_changes() -> QuerySet[ChangeRequest]:
    waits = Q(party=Party.ROOM, state=ChangeState.WAITING) | Q(state=ChangeState.ANSWERED)
    return ChangeRequest.objects.filter(waits)


def _how_many(found: QuerySet[Any], path: str) -> Coalesce:
    """How many of these belong to a programme, told by the path to it; in a query of its own, so nothing multiplies."""
    ours = found.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(ours.annotate(many=Count("pk", distinct=True)).values("many")), 0)


def rounds_with_deadlines(programme: Programme) -> list[Round]:
    """The programme's rounds that have any deadline, in order."""
    return rounds_of(programme, "EXISTS (SELECT FROM programmes_deadline d WHERE d.round_id = r.id)")


def rounds_of(programme: Programme, condition: str, **given: Any) -> list[Round]:
    """The programme's rounds `r` that fulfil a condition of ours, in order: one query, on every page of the programme."""
    of = f"SELECT r.* FROM programmes_round r WHERE r.programme_id = %(programme)s AND {condition} ORDER BY r.number"  # noqa: S608 - no word of anybody's
    found = list(Round.objects.raw(of, {"programme": programme.pk, **given}))
    for one in found:
        one.programme = programme
    return found


def shown_round(rounds: list[Round], *, asked: int | None, today: date) -> Round | None:
    """The round asked for, else the newest that has opened, else the first. Raises Http404 for one that there is not: its
    address would show another one's figures."""
    for round_ in rounds:
        if round_.number == asked:
            return round_
    if asked is not None and rounds:
        raise Http404
    opened = [round_ for round_ in rounds if round_.opens_on <= today]
    return opened[-1] if opened else (rounds[0] if rounds else None)


def _unless_held(held: Mapping[str, Any], wanted: Q, kind: str, what: Any) -> Case:
    """A part of the summary as text, where it is wanted and not remembered of this very row."""
    rows = [version.removeprefix(kind) for version in held if version.startswith(kind)]
    missing = wanted & ~Q(row__in=rows) if rows else wanted
    return Case(When(missing, then=Cast(what, TextField())), default=None, output_field=TextField())


def numbers(programme: Programme, *, whole: int | None = None) -> list[Numbers]:
    """The compiled numbers of a programme's rounds, in their order: one query.

    Only those of the round `whole` have their words, and say who adds what; of the others the outcomes are kept. How a
    line's figures came about is asked for the lines of a page (`stored.lines`): it is most of what is stored.
    """
    held = _remembered_numbers.held()
    this = Q(round__number=whole) if whole is not None else Q(pk=None)
    lines = list(
        Summary.objects.filter(programme=programme)
        .exclude(numbers=None)
        .annotate(row=_ROW)
        .annotate(
            all=_unless_held(held, this, _WHOLE, _NUMBERS), some=_unless_held(held, ~this, _BRIEF, _NUMBERS)
        )
        .order_by("round__number")
        .values_list("round__number", "round__title", "round__period_ends_on", "as_of", "row", "all", "some")
    )
    return [
        Numbers(number, title, ends_on, _numbers(row, every or some, held, whole=number == whole), as_of)
        for number, title, ends_on, as_of, row, every, some in lines
        if as_of is not None
    ]


def _numbers(row: str, text: str | None, held: Mapping[str, Any], *, whole: bool) -> NumbersContents:
    version = (_WHOLE if whole else _BRIEF) + row
    if text is None:
        _remembered_numbers.used(version)
        return cast("NumbersContents", held[version])
    told = json.loads(text)
    found = cast("NumbersContents", {**told["head"], "lines": list(chain.from_iterable(told["lines"]))})
    if whole:
        _remembered_numbers.put(version, found, size=len(text))
        return found
    brief = figures_in_brief(found)
    _remembered_numbers.put(version, brief, size=_A_BRIEF_LINE * len(brief["lines"]))
    return brief


def grants(programme: Programme) -> dict[int, GrantFacts]:
    """The programme's grants as pages name them: one query."""
    lines = programme.grants.order_by("organization__name_kana", "organization__name", "code").values_list(
        "pk", "code", "title", "organization__name", "organization"
    )
    found = list(lines)
    grants_of = Counter(organization for *_facts, organization in found)
    return {pk: GrantFacts(code, title, name, grants_of[house] > 1) for pk, code, title, name, house in found}


def is_stale(round_: Round) -> bool:
    """Whether the round's summary waits to be compiled."""
    return stale_rounds().filter(pk=round_.pk).exists()
