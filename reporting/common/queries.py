"""What can be mapped onto a common indicator: the programme's indicators, with what is confirmed of their numbers."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from minori.filings.enums import Aspect
from minori.filings.models import Reading
from minori.filings.readings import registered_text
from minori.indicators.common import Aggregation
from minori.indicators.measures import Measure
from minori.indicators.quantities import Amount, Sort, amount_of, unit_of
from minori.indicators.reading import Field, read
from minori.indicators.stored import from_json, readable
from minori.programmes.models import Grant, Programme
from minori.registry.models import FrameworkVersion, RegisteredIndicator
from reporting.common.models import CommonIndicator, MappedIndicator

FROM_PLAN = (Aspect.TARGET, Aspect.POST_STATE, Aspect.MID_STATE, Aspect.BASELINE)
"""Registered texts whose confirmed number tells the unit where no actual is confirmed, the first of them that does."""
Key = tuple[int, UUID]


@dataclass(frozen=True)
class Candidate:
    """One indicator of the newest plan of a grant. `confirmed` is its newest confirmed actual, else of the plan.

    `same_unit` and `same_words` say why it might belong; `unit_read` that the unit is only read and not confirmed.
    """

    grant: Grant
    indicator: RegisteredIndicator
    measure: Measure | None
    confirmed: Amount | None
    same_unit: bool
    same_words: bool
    unit_read: bool

    @property
    def words(self) -> str:
        """The indicator as it is registered."""
        return f"{self.indicator.mark}{self.indicator.statement or self.indicator.row.statement}"

    @property
    def proposed(self) -> bool:
        """Whether something speaks for it."""
        return self.same_unit or self.same_words

    @property
    def target(self) -> str:
        """The registered words that say what is to be reached."""
        texts = (self.indicator.target, self.indicator.post_state, self.indicator.mid_state)
        return next((text for text in texts if text.strip()), "")


def common_indicators(programme: Programme) -> QuerySet[CommonIndicator]:
    """Those in use, in their order."""
    return programme.common_indicators.filter(retired_at=None).order_by("number")


def history(common: CommonIndicator) -> list[MappedIndicator]:
    """Everything that was ever mapped onto it, the newest first, each with the words of its indicator."""
    of_it = RegisteredIndicator.objects.filter(
        uuid=OuterRef("indicator_uuid"), row__version__grant=OuterRef("grant")
    ).order_by("-row__version__number")
    statement = Coalesce(NullIf("statement", Value("")), "row__statement", output_field=TextField())
    words = Concat("mark", statement, output_field=TextField())
    mapped = common.mapped.annotate(words=Subquery(of_it.values(said=words)[:1]))
    return list(mapped.select_related("grant__organization").order_by("-pk"))


def candidate(common: CommonIndicator, grant: Grant, uuid: UUID) -> Candidate | None:
    """One indicator of a grant's newest plan, or None where the plan does not have it."""
    found = _candidates(common, {"row__version__grant": grant, "uuid": uuid})
    return found[0] if found else None


def candidates(common: CommonIndicator) -> list[Candidate]:
    """Every indicator of the programme that is not mapped yet, those that something speaks for first."""
    taken = set(common.mapped.filter(ended_at=None).order_by("pk").values_list("grant_id", "indicator_uuid"))
    found = _candidates(common, {"row__version__grant__programme": common.programme_id})
    free = [one for one in found if (one.grant.pk, one.indicator.uuid) not in taken]
    return sorted(free, key=lambda one: -(2 * one.same_unit + one.same_words))


def _candidates(common: CommonIndicator, of: Mapping[str, Any]) -> list[Candidate]:
    newest = FrameworkVersion.objects.filter(grant=OuterRef("row__version__grant")).order_by("-number")
    indicators = (
        RegisteredIndicator.objects.filter(**of, row__version=Subquery(newest.values("pk")[:1]))
        .select_related("row__version__grant__organization")
        .order_by(
            "organization__name_kana",
            "organization__name",
            "row__version__grant__code",
            "row__position",
            "position",
        )
    )
    every = list(indicators)
    uuids = {one.uuid for one in every}
    actual, plan = _actuals(common.programme_id, uuids), _plans(common.programme_id, uuids)
    return [_candidate(common, one, actual, plan) for one in every]


def _actuals(programme_id: int, uuids: set[UUID]) -> dict[Key, Measure]:
    """The newest confirmed actual of each indicator, of the filings that count."""
    counting = Reading.objects.counting().filter(
        grant__programme_id=programme_id,
        figure__indicator_uuid__in=uuids,
        figure__filing=F("figure__filing__deadline__current_filing"),
        measure__isnull=False,
    )
    lines = counting.order_by("round__number", "pk").values_list(
        "grant_id", "figure__indicator_uuid", "measure"
    )
    return {
        (grant, uuid): measure
        for grant, uuid, stored in lines
        if uuid is not None and (measure := readable(stored)) is not None
    }


def _plans(programme_id: int, uuids: set[UUID]) -> dict[tuple[Key, str, str], Measure]:
    """What is confirmed of registered texts, by the text: it holds while indicator and words stay what they are."""
    counting = Reading.objects.counting().filter(
        grant__programme_id=programme_id, registered__uuid__in=uuids, measure__isnull=False
    )
    found: dict[tuple[Key, str, str], Measure] = {}
    for one in counting.select_related("registered").order_by("pk"):
        words = one.registered
        if words is not None and one.measure is not None:
            text = registered_text(words, Aspect(one.aspect))
            found[(one.grant_id, words.uuid), one.aspect, text] = from_json(one.measure)
    return found


def _candidate(
    common: CommonIndicator,
    indicator: RegisteredIndicator,
    actual: Mapping[Key, Measure],
    plan: Mapping[tuple[Key, str, str], Measure],
) -> Candidate:
    grant = indicator.row.version.grant
    key = (grant.pk, indicator.uuid)
    measure, confirmed = actual.get(key), None
    if measure is not None:
        confirmed = _amount(measure)
    else:
        texts = ((aspect, registered_text(indicator, aspect)) for aspect in FROM_PLAN)
        known = (plan.get((key, aspect.value, text)) for aspect, text in texts)
        measure = next((one for one in known if one is not None and _amount(one) is not None), None)
        confirmed = _of_plan(common, measure)
    unit = None if measure is None else measure.unit
    unit_read = unit is None
    if unit is None:
        unit = _unit_read(indicator, common.unit)
    return Candidate(
        grant=grant,
        indicator=indicator,
        measure=measure,
        confirmed=confirmed,
        same_unit=unit is not None and bool(common.unit) and unit_of(unit) == unit_of(common.unit),
        same_words=_share_words(common, indicator),
        unit_read=unit_read,
    )


def _amount(measure: Measure) -> Amount | None:
    amount = amount_of(measure)
    return amount if isinstance(amount, Amount) else None


def _of_plan(common: CommonIndicator, measure: Measure | None) -> Amount | None:
    """What a registered number says of those to come: its unit. An increase is reported as a level, 80 % as 8 of 10."""
    amount = None if measure is None else _amount(measure)
    if amount is None:
        return None
    if amount.sort is Sort.SHARE and common.aggregation is Aggregation.SHARE:
        return None
    return replace(amount, change=False)


def _unit_read(indicator: RegisteredIndicator, wanted: str) -> str | None:
    """The unit that Minori reads from the target, unconfirmed; read only where the words hold it at all."""
    spellings = {wanted, "名"} if unit_of(wanted) == "人" else {wanted}
    for text in (indicator.target, indicator.post_state, indicator.mid_state):
        if text and any(one and _plain(one) in _plain(text) for one in spellings):
            return read(text, field=Field.TARGET).unit or None
    return None


def _share_words(common: CommonIndicator, indicator: RegisteredIndicator) -> bool:
    """Whether one's name holds the other's, in whatever width it is written."""
    ours, theirs = _plain(common.name), _plain(indicator.statement)
    return bool(ours and theirs) and (ours in theirs or theirs in ours)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
