"""Numbers of the invented programme: what officers confirmed of plans and reports, and its common indicators."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from minori.accounts.models import Person
from minori.audit.trail import Actor
from minori.filings import readings
from minori.filings.enums import Aspect
from minori.filings.models import Figure
from minori.filings.readings import Given
from minori.indicators.measures import Confidence, Kind, Measure, Per
from minori.indicators.statements import Covers
from minori.programmes.models import Deadline, Grant, Programme
from minori.registry.models import RegisteredIndicator
from reporting.common import mapping
from workers.demo import houses, plans
from workers.demo.dates import Dates

_FILE = Path(__file__).parent / "data" / "numbers.toml"

Facts = Mapping[str, Any]


def load(programme: Programme, people: Mapping[str, Person], *, dates: Dates, at: datetime) -> None:
    """Confirm what the file says was confirmed, each by the grant's lead officer, and map onto common indicators."""
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    grants = {one.code: one for one in programme.grants.select_related("lead_officer").order_by("pk")}
    for one in said["confirmed"]:
        _confirm(grants[one["grant"]], one, dates=dates, at=at)
    by = houses.acting(people["miura"])
    for one in said["common"]:
        names = ("name", "name_en", "unit", "rule", "description")
        facts = mapping.CommonFacts(**{name: one[name] for name in names})
        common = mapping.define(programme, facts=facts, by=by, at=at)
        pairs = [(grants[code], plans.identity({"code": code}, name)) for code, name in one["of"]]
        mapping.map_onto(common, indicators=pairs, reason=one["reason"], by=by, at=at)


def _confirm(grant: Grant, said: Facts, *, dates: Dates, at: datetime) -> None:
    by = houses.acting(grant.lead_officer)
    uuid = plans.identity({"code": grant.code}, said["indicator"])
    words = RegisteredIndicator.objects.filter(row__version__grant=grant, uuid=uuid).latest("pk")
    target = _measure(words.target, said["target"], said, Kind.AT_LEAST, per=said.get("per"))
    _of_plan(words, Aspect.TARGET, Given(measure=target), by=by, at=at)
    if "baseline" in said:
        baseline = _measure(words.baseline, said["baseline"], said, Kind.EXACT)
        _of_plan(words, Aspect.BASELINE, Given(measure=baseline), by=by, at=at)
    if said.get("due"):
        _of_plan(words, Aspect.ACHIEVE_BY, Given(on=dates.ends_on), by=by, at=at)
    for key, number in (("last", dates.last.number), ("now", dates.now.number)):
        deadline = Deadline.objects.get(grant=grant, round__number=number)
        if key in said:
            figure = Figure.objects.get(filing=deadline.current_filing_id, indicator_uuid=uuid)
            measure = _measure(figure.text, said[key], said, Kind.EXACT)
            given = Given(measure=measure, covers=Covers(said["covers"]))
            readings.confirm(figure, given=given, by=by, at=at)


def _of_plan(words: RegisteredIndicator, aspect: Aspect, given: Given, *, by: Actor, at: datetime) -> None:
    readings.confirm(words, aspect=aspect, given=given, by=by, at=at)


def _measure(text: str, value: int, said: Facts, kind: Kind, per: str | None = None) -> Measure:
    return Measure(
        text=text,
        kind=kind,
        value=Decimal(value),
        unit=said["unit"],
        per=Per(per) if per else None,
        confidence=Confidence.SURE,
    )
