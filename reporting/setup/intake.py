"""Plan intake: files with contracted plans are read, matched to grants, decided about, and taken over one by one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.documents.grids import read_file
from minori.programmes.models import Grant, Programme
from minori.registry import frameworks, plan_words
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion
from minori.registry.plan_columns import Part
from minori.registry.plan_forms import WrittenPlan, read_plans
from minori.registry.plan_reading import PlanRead, read_plan
from minori.registry.plan_sources import Source, SourceLine
from minori.report_forms.grids import Grid, of_lines
from minori.report_forms.pairing import Answer
from minori.report_forms.pasted import name_of, read_table
from reporting.setup import plans
from reporting.setup.models import FoundPlan, PlanFile
from reporting.setup.outcomes import Outcome, kept, outcome_of

LARGEST = 10
"""Megabytes of one file."""
MOST_FILES = 30
"""Files of one upload; more are told to come later."""


class NoPlan(ValueError):  # noqa: N818 - shown to people as a sentence
    """Nothing in the file is a plan; `str()` is the sentence for the person."""


@dataclass(frozen=True)
class Listed:
    """A plan of a file as a list has it: what came of reading it, and why it may not be registered yet."""

    found: FoundPlan
    file: PlanFile
    outcome: Outcome
    has_plan: bool = False
    """Whether the grant has a registered plan already: the new one then needs the round it counts from."""
    hindrance: str = ""
    """Why it cannot be taken over though nothing in the file is wrong: no grant, or two plans for one."""

    @property
    def name(self) -> str:
        """What the file calls the plan, else the title of its grant."""
        known = self.found.grant.title if self.found.grant else self.outcome.grant
        return self.outcome.title or known or self.outcome.name or self.file.filename

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken over."""
        return not self.outcome.hindering and not self.hindrance and self.found.taken_at is None

    @property
    def may_be_registered(self) -> bool:
        """Whether one click registers it: ready, and the first plan of its grant."""
        return self.is_ready and not self.has_plan

    @property
    def open_findings(self) -> int:
        """How many things hinder."""
        return self.outcome.hindering


@dataclass(frozen=True, kw_only=True)
class Shown(Listed):
    """A plan as it is looked at: with all that was found, and what would be registered."""

    grids: tuple[Grid, ...]
    written: WrittenPlan
    read: PlanRead


def add_file(programme: Programme, *, data: bytes, filename: str, by: Actor, at: datetime) -> PlanFile:
    """Read a workbook or Word file and keep it for looking through.

    Raises `FileRefused` for what cannot be opened safely, `NoPlan` where no plan is found. The slow part runs
    before the transaction.
    """
    cleaned, grids = read_file(data)
    return _keep(
        programme,
        grids,
        PlanFile(filename=filename, content_type=cleaned.content_type, data=cleaned.data),
        by=by,
        at=at,
    )


MOST_LINES = 300
"""Lines of one plan: several times what the longest of the field has, and still shown at once."""

MOST_PASTED = 10_000
"""Cells of a pasted table: far more than any plan has, and still read at once."""


def add_pasted(programme: Programme, *, text: str, by: Actor, at: datetime) -> PlanFile:
    """Read a pasted table in the same way. Raises `pasted.NotATable`, `NoPlan`."""
    grid = of_lines(read_table(text))
    if len(grid.cells) > MOST_PASTED:
        raise NoPlan(_("The table is too large to be a plan. Please paste the lines of one plan at a time."))
    return _keep(programme, (grid,), PlanFile(), by=by, at=at)


def _keep(
    programme: Programme, grids: Sequence[Grid], file: PlanFile, *, by: Actor, at: datetime
) -> PlanFile:
    written = read_plans(grids)
    if not written:
        raise NoPlan(
            _(
                "No plan was found. There must be headings such as level, statement, indicator and target above the lines."
            )
        )
    if (most := max(len(plan.lines) for plan in written)) > MOST_LINES:
        told = {"count": most, "most": MOST_LINES}
        raise NoPlan(_("One plan here has %(count)s lines; at most %(most)s can be read as a plan.") % told)
    grants = list(programme.grants.select_related("organization").order_by("pk"))
    file.uuid = uuid4()
    outcomes = [outcome_of(plan, _read(plan, file, {}, leave_guidance_out=False)) for plan in written]
    with transaction.atomic():
        file.programme = programme
        file.grids = [grid.to_json() for grid in grids]
        file.uploaded_at, file.uploaded_by_id, file.uploaded_by_name = at, by.person_id, by.name
        file.save()
        FoundPlan.objects.bulk_create(
            FoundPlan(file=file, position=position, grant=match(plan, grants), outcome=outcome.to_json())
            for position, (plan, outcome) in enumerate(zip(written, outcomes, strict=True))
        )
    return file


def match(plan: WrittenPlan, grants: Iterable[Grant]) -> Grant | None:
    """The grant that a plan names by its code, else its title, else its organization where that has only one."""
    names: dict[Part, Callable[[Grant], str]] = {
        Part.GRANT: lambda grant: grant.code,
        Part.TITLE: lambda grant: grant.title,
        Part.ORGANIZATION: lambda grant: grant.organization.name,
    }
    known = list(grants)
    for part, name in names.items():
        said = name_of(plan.facts.get(part, ""))
        fitting = [grant for grant in known if said and name_of(name(grant)) == said]
        if len(fitting) == 1:
            return fitting[0]
    return None


def list_found(programme: Programme) -> list[Listed]:
    """The plans of all files of a programme in short; nothing is read that was read before with these decisions."""
    files = PlanFile.objects.filter(programme=programme).defer("data", "grids").in_bulk()
    found = _found_of(programme)
    outcomes = {one.pk: kept(one.outcome) for one in found}
    fresh = {one.file_id for one in found if outcomes[one.pk] is None}
    if fresh:  # read by another version of the program
        outcomes |= {one.found.pk: one.outcome for one in look(programme, files=fresh)}
    return [
        Listed(one, files[one.file_id], outcome, **standing)
        for one, standing in _standings(programme, found)
        if (outcome := outcomes[one.pk]) is not None
    ]


def look(programme: Programme, *, files: Collection[int] | None = None) -> list[Shown]:
    """The plans of these files of a programme (or of all), read as they would be registered."""
    wanted = PlanFile.objects.filter(programme=programme)
    wanted = wanted if files is None else wanted.filter(pk__in=files)
    chosen = wanted.defer("data").in_bulk()
    grids = {pk: tuple(Grid.from_json(item) for item in file.grids) for pk, file in chosen.items()}
    written = {pk: read_plans(own) for pk, own in grids.items()}
    shown: list[Shown] = []
    for one, standing in _standings(programme, _found_of(programme)):
        if (pk := one.file_id) in chosen:
            plan = written[pk][one.position]
            read = _read(plan, chosen[pk], one.answers, leave_guidance_out=one.leave_guidance_out)
            outcome = outcome_of(plan, read)
            shown.append(
                Shown(one, chosen[pk], outcome, grids=grids[pk], written=plan, read=read, **standing)
            )
    return shown


def look_at(found: FoundPlan) -> Shown:
    """One plan, read as it would be registered."""
    return next(one for one in look(found.file.programme, files=[found.file_id]) if one.found.pk == found.pk)


def _found_of(programme: Programme) -> list[FoundPlan]:
    return list(
        FoundPlan.objects.filter(file__programme=programme)
        .select_related("grant__organization")
        .order_by("file_id", "position")
    )


def _standings(
    programme: Programme, found: Sequence[FoundPlan]
) -> Iterator[tuple[FoundPlan, dict[str, Any]]]:
    """Each plan with what stands around it: whether its grant has a plan already, and what hinders outside the file."""
    waiting = Counter(one.grant_id or 0 for one in found if one.grant_id and one.taken_at is None)
    planned = set(
        FrameworkVersion.objects.filter(grant__programme=programme)
        .order_by("pk")
        .values_list("grant", flat=True)
    )
    for one in found:
        hindrance = ""
        if one.grant is None:
            hindrance = _("Choose the grant that this plan is of.")
        elif waiting[one.grant_id or 0] > 1 and one.taken_at is None:
            hindrance = _(
                "Another plan here is for the same grant. Choose another grant, or remove one of the files."
            )
        yield one, {"has_plan": one.grant_id in planned, "hindrance": hindrance}


def _read(
    written: WrittenPlan, file: PlanFile, decided: Mapping[str, str], *, leave_guidance_out: bool
) -> PlanRead:
    answers = {}
    for name, answer in decided.items():
        line, _colon, part = name.partition(":")
        answers[line, Part(part)] = Answer(answer)
    return read_plan(
        written,
        identify=lambda place: uuid5(file.uuid, place),
        answers=answers,
        leave_guidance_out=leave_guidance_out,
    )


def decide(
    shown: Shown,
    *,
    grant: Grant | None,
    leave_guidance_out: bool,
    answers: Mapping[tuple[str, Part], Answer],
) -> None:
    """Keep what a person decided about a plan, with what comes of it. What has been taken over stays as it was."""
    decided = {f"{line}:{part.value}": answer.value for (line, part), answer in answers.items()}
    read = _read(shown.written, shown.file, decided, leave_guidance_out=leave_guidance_out)
    FoundPlan.objects.filter(pk=shown.found.pk, taken_at=None).update(
        grant=grant,
        leave_guidance_out=leave_guidance_out,
        answers=decided,
        outcome=outcome_of(shown.written, read).to_json(),
    )


def register(shown: Shown, *, by: Actor, at: datetime) -> FrameworkVersion:
    """Register a plan as the first version of its grant; the organization is asked to confirm it.

    Locks the found plan and the grant. Raises `FrameworkNotPossible` where it is not ready, has been taken over, or
    the grant has a plan already.
    """
    with transaction.atomic():
        found = _locked(shown)
        grant = Grant.objects.select_for_update(of=("self",)).get(pk=found.grant_id or 0)
        if grant.framework_versions.exists():
            raise FrameworkNotPossible(
                _(
                    "A plan is registered already. Go on row by row, and say from which round the new one counts."
                )
            )
        version = frameworks.load(
            grant, framework=shown.read.framework, by=by, at=at, source=source_of(shown)
        )
        found.taken_at, found.taken_as = at, version.number
        found.save(update_fields=["taken_at", "taken_as"])
    return version


def go_on_by_row(shown: Shown, *, by: Actor, at: datetime) -> Grant:
    """Put a plan in the place of what is being typed for its grant, to be changed row by row and registered there."""
    with transaction.atomic():
        found = _locked(shown, must_be_ready=False)
        grant = Grant.objects.select_related("programme").get(pk=found.grant_id or 0)
        newest = grant.framework_versions.order_by("-number").first()
        framework = shown.read.framework
        taken = framework if newest is None else plans.with_identities_of(newest, framework)
        plans.change(grant, lambda _current: taken, by=by, at=at, source=source_of(shown))
        found.taken_at = at
        found.save(update_fields=["taken_at"])
    return grant


def _locked(shown: Shown, *, must_be_ready: bool = True) -> FoundPlan:
    found = FoundPlan.objects.select_for_update(of=("self",)).filter(pk=shown.found.pk).first()
    if found is None or found.taken_at is not None:
        raise FrameworkNotPossible(_("This plan has been taken over already."))
    if found.grant_id is None or (must_be_ready and not shown.is_ready):
        raise FrameworkNotPossible(
            shown.hindrance or _("The plan still has mistakes. Please correct them first.")
        )
    return found


def source_of(shown: Shown) -> Source:
    """What the plan said to the letter, also what has no place in it."""
    lines = [
        SourceLine(
            where=plan_words.where(shown.grids, kept.place, column=False),
            level=kept.level,
            cells=kept.cells,
            rows=kept.rows,
        )
        for kept in shown.read.kept
    ]
    lines += [
        SourceLine(where=plan_words.where(shown.grids, one.place), cells={"": one.text})
        for one in shown.written.remainders
    ]
    return Source(shown.file.filename, tuple(lines))


def discard(file: PlanFile) -> None:
    """Throw a file away with what was found in it; what has been registered stays."""
    file.delete()
