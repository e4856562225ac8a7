"""The contracted plan while an officer enters it: kept until it is registered."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.programmes.models import Grant
from minori.registry import changes, frameworks
from minori.registry.change_models import ChangeRequest
from minori.registry.changes import Reason
from minori.registry.enums import Party
from minori.registry.models import FrameworkVersion
from minori.registry.plan_sources import Source
from minori.report_forms.framework import Framework, Row
from reporting.setup.models import PreparedPlan


def read(grant: Grant) -> Framework | None:
    """What has been entered so far; None where nobody has begun."""
    prepared = PreparedPlan.objects.filter(grant=grant).first()
    return None if prepared is None else Framework.from_json(prepared.contents)


def begin(grant: Grant, *, by: Actor, at: datetime) -> Framework:
    """What has been entered so far, else the newest registered plan as a beginning, else an empty plan."""

    def beginning(framework: Framework) -> Framework:
        if not framework.rows and (newest := grant.framework_versions.order_by("-number").first()):
            return frameworks.read(newest)
        return framework

    return change(grant, beginning, by=by, at=at)


def change(
    grant: Grant,
    how: Callable[[Framework], Framework],
    *,
    by: Actor,
    at: datetime,
    source: Source | None = None,
) -> Framework:
    """Change what has been entered, under its row lock, so that two officers' rows do not overwrite each other.

    `source`: what a file said to the letter, where the plan comes from one; it is kept with what is registered.
    """
    with transaction.atomic():
        Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
        prepared = PreparedPlan.objects.filter(grant=grant).first() or PreparedPlan(
            grant=grant, contents=Framework().to_json()
        )
        framework = how(Framework.from_json(prepared.contents))
        prepared.contents = framework.to_json()
        if source is not None:
            prepared.source = source.to_json()
        prepared.changed_at, prepared.changed_by_id, prepared.changed_by_name = at, by.person_id, by.name
        prepared.save()
    return framework


def discard(grant: Grant) -> None:
    """Throw away what has been entered; registered versions stay."""
    PreparedPlan.objects.filter(grant=grant).delete()


def register(
    grant: Grant, *, effective_from_round: int, reason: str = "", by: Actor, at: datetime
) -> FrameworkVersion:
    """Register what has been entered as the grant's next version; a later one says why (`frameworks.load`).

    Raises `FrameworkNotPossible` with mistakes, and where nothing is entered (any more). Locks the grant.
    """
    with transaction.atomic():
        Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)  # two clicks make one version
        framework = read(grant) or Framework()
        version = frameworks.load(
            grant,
            framework=framework,
            by=by,
            at=at,
            effective_from_round=effective_from_round,
            source=_source(grant),
            reason=reason,
        )
        discard(grant)
    return version


def say_registered(version: FrameworkVersion) -> str:
    """What the officer reads once a plan is registered."""
    if version.confirmed_at is not None:
        return _("The plan is registered.")
    return _("The plan is registered. The organization is asked to confirm it.")


def seal(framework: Framework) -> str:
    """A short sign that changes with the plan: nobody sends what they have not seen."""
    return hashlib.sha256(json.dumps(framework.to_json(), ensure_ascii=False).encode()).hexdigest()[:16]


def offer(
    grant: Grant, *, reasons: Mapping[str, Reason], remark: str, seen: str, by: Actor, at: datetime
) -> ChangeRequest:
    """Propose what has been entered as a change of the registered plan; the organization answers.

    Raises `FrameworkNotPossible` as `registry.changes.send` does, and where what was entered changed since it was
    read (`seen`: its seal). Locks the grant.
    """
    with transaction.atomic():
        Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
        framework = read(grant)
        if framework is None or seal(framework) != seen:
            raise frameworks.FrameworkNotPossible(
                _("The plan was changed while you were reading. Please look at the changes again.")
            )
        request = changes.send(
            grant, framework=framework, reasons=reasons, remark=remark, party=Party.DESK, by=by, at=at
        )
        discard(grant)
    return request


def _source(grant: Grant) -> Source | None:
    prepared = PreparedPlan.objects.filter(grant=grant).first()
    return None if prepared is None or prepared.source is None else Source.from_json(prepared.source)


def with_identities_of(version: FrameworkVersion, framework: Framework) -> Framework:
    """The plan with the identities of the rows and indicators of a registered version that it repeats."""
    return keep_identities(framework, frameworks.read(version))


def keep_identities(new: Framework, known: Framework) -> Framework:
    """The new plan with the identities of known rows and indicators wherever their words are the same.

    A row is the same by level, code and statement, an indicator by mark and texts; the first one counts.
    What was reworded gets a new identity: whether its meaning stayed is for people to say.
    """
    rows = {_words(row): row for row in reversed(known.rows)}
    renamed: dict[UUID, UUID] = {}
    kept: list[Row] = []
    for row in new.rows:
        old = rows.pop(_words(row), None)
        indicators = (
            {} if old is None else {(one.mark, one.texts): one.uuid for one in reversed(old.indicators)}
        )
        kept.append(
            replace(
                row,
                uuid=row.uuid if old is None else old.uuid,
                parent=None if row.parent is None else renamed.get(row.parent, row.parent),
                indicators=tuple(
                    replace(one, uuid=indicators.pop((one.mark, one.texts), one.uuid))
                    for one in row.indicators
                ),
            )
        )
        renamed[row.uuid] = kept[-1].uuid
    return Framework(tuple(kept))


def _words(row: Row) -> tuple[str, str, str]:
    return (row.level.value, row.code, row.statement)
