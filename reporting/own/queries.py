"""The own plan with the plans below it: what is linked, what might be, and what the reports say of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from minori.programmes.models import Grant, Programme
from minori.registry import frameworks
from minori.registry.likeness import Proposed, propose
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework, Level, Row
from reporting.own.models import RowLink
from reporting.summaries import stored
from reporting.summaries.compiling import snapshot
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import NumberLine
from reporting.summaries.shape import MapCell, SummaryContents


@dataclass
class Plans:
    """The newest registered plan of the distributor, and those of its grantees by their grants."""

    own: Framework
    grants: dict[int, Grant]
    theirs: dict[int, Framework]
    _proposed: dict[int, dict[UUID, tuple[Proposed, ...]]] = field(default_factory=dict)

    def proposed(self, grant_id: int) -> dict[UUID, tuple[Proposed, ...]]:
        """For every outcome and output of a grant the own rows it might belong to, worked out once."""
        if grant_id not in self._proposed:
            self._proposed[grant_id] = propose(self.theirs[grant_id], self.own)
        return self._proposed[grant_id]

    def rows(self, grant_id: int) -> list[Row]:
        """The rows of a grant that can be linked."""
        return results(self.theirs[grant_id])


def results(framework: Framework) -> list[Row]:
    """The outcomes and outputs of a plan, in its order."""
    return [row for row in framework if row.level is not Level.ACTIVITY]


def plans(own: Grant) -> Plans:
    """The newest plans of a programme, its own one too: four queries, three of them for any number of grants."""
    grants = {
        one.pk: one
        for one in Grant.objects.filter(programme=own.programme.answers_for_id)
        .select_related("organization")
        .order_by("organization__name_kana", "organization__name", "code")
    }
    newest = (
        FrameworkVersion.objects.filter(grant__in=[own.pk, *grants])
        .order_by("grant_id", "-number")
        .distinct("grant_id")
    )
    versions = {one.grant_id: one for one in newest}
    read = frameworks.read_all(versions.values())
    found = {grant: read[version.pk] for grant, version in versions.items()}
    mine = found.pop(own.pk, Framework())
    return Plans(mine, grants, {pk: found[pk] for pk in grants if pk in found})


def standing(own: Grant) -> QuerySet[RowLink]:
    """The links of an own plan that are in force, in the order they were made."""
    return RowLink.objects.standing().filter(own_grant=own).order_by("pk")


def history(own: Grant) -> QuerySet[RowLink]:
    """Links that have ended, the newest first."""
    ended = RowLink.objects.filter(own_grant=own, ended_at__isnull=False)
    return ended.select_related("grant__organization").order_by("-ended_at", "-pk")


@dataclass(frozen=True)
class Round:
    """What is compiled of a round, by the rows and indicators it is about."""

    cells: Mapping[tuple[int, str], MapCell]
    handed_in: frozenset[int]
    asked: frozenset[int]
    numbers: Mapping[tuple[int, str], NumberLine]


def compiled(programme: Programme, number: int) -> Round | None:
    """The compiled cells and numbers of a round, in two queries of one state; None while it has not been compiled."""
    with snapshot():
        return _compiled(programme, number)


def _compiled(programme: Programme, number: int) -> Round | None:
    summary = Summary.objects.filter(programme=programme, round__number=number).exclude(contents=None).first()
    if summary is None or summary.contents is None:
        return None
    contents: SummaryContents = summary.contents
    return Round(
        cells={(line["grant"], cell["row"]): cell for line in contents["map"] for cell in line["cells"]},
        handed_in=frozenset(line["grant"] for line in contents["map"] if line["handed_in"]),
        asked=frozenset(one["grant"] for one in contents["board"] if one["state"] != "waived"),
        numbers={(line["grant"], line["indicator"]): line for line in stored.lines(summary.round_id)},
    )


def by_own_row(links: Iterable[RowLink]) -> dict[UUID, list[RowLink]]:
    """Links by the own row they are under; those to none are left out."""
    found: dict[UUID, list[RowLink]] = defaultdict(list)
    for one in links:
        if one.own_row_uuid is not None:
            found[one.own_row_uuid].append(one)
    return found
