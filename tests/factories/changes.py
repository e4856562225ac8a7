"""Change requests of a registered plan, sent and decided through the rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from minori.audit.trail import Actor
from minori.programmes.models import Grant
from minori.registry import change_decisions, change_units, changes, frameworks
from minori.registry.change_decisions import Agreement
from minori.registry.change_models import ChangeRequest
from minori.registry.changes import Reason, Said
from minori.registry.enums import Party, Verdict
from minori.report_forms.framework import Framework, Indicator, Row
from minori.tenancy.rooms import entering
from tests.factories import people, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=1, name="佐伯 真理")
AGREED = Agreement(by="一般財団法人 日本民間公益活動連携機構（助成担当）", on=date(2026, 10, 19))


def with_target(framework: Framework, target: str, *, code: str = "0101", place: int = 0) -> Framework:
    """The plan with another target at one indicator."""

    def changed(one: Indicator, at: int) -> Indicator:
        return replace(one, target=target) if at == place else one

    return Framework(
        tuple(
            replace(row, indicators=tuple(changed(one, at) for at, one in enumerate(row.indicators)))
            if row.code == code
            else row
            for row in framework
        )
    )


def with_words(framework: Framework, code: str, statement: str) -> Framework:
    """The plan with a row in other words."""
    return Framework(
        tuple(replace(row, statement=statement) if row.code == code else row for row in framework)
    )


def with_row(framework: Framework, **fields: Any) -> Framework:
    """The plan with one more row at its end."""
    values = {"code": "0102", "statement": "（0102）食事を一緒にとる", "parent": "01"} | fields
    (row,) = registry.framework([values]).rows
    return Framework((*framework, row))


def without(framework: Framework, code: str) -> Framework:
    """The plan without a row and what stands under it."""
    gone = {row.uuid for row in framework if row.code == code}
    return Framework(tuple(row for row in framework if row.uuid not in gone and row.parent not in gone))


def plan_of(grant: Grant) -> Framework:
    """The newest registered plan."""
    newest = changes.newest_version(grant)
    assert newest is not None
    return frameworks.read(newest)


def sent(
    grant: Grant,
    new: Framework | Callable[[Framework], Framework] | None = None,
    *,
    party: Party = Party.ROOM,
    reasons: Mapping[str, Reason] | None = None,
    by: Actor | None = None,
) -> ChangeRequest:
    """A change of the registered plan, every change with a reason: applied for in the room, where its people speak
    now, or proposed by the desk at `AT`."""
    old = plan_of(grant)
    plan = with_target(old, "年間120回") if new is None else new(old) if callable(new) else new
    given = {one.key: Reason("事情が変わったため") for one in change_units.units(old, plan)} | dict(
        reasons or {}
    )

    def send(who: Actor, at: datetime) -> ChangeRequest:
        return changes.send(grant, framework=plan, reasons=given, remark="", party=party, by=who, at=at)

    if party is Party.DESK:
        return send(by or OFFICER, AT)
    speaking = by or people.speaking(grant.organization)
    with entering(grant.organization):
        return send(speaking, timezone.now())


def said_of(request: ChangeRequest, *declined: str, cut: tuple[str, ...] = ()) -> dict[str, Said]:
    """Every change approved but for the `declined` ones, by their keys."""
    revision = request.revisions.get(number=request.last_revision)
    return {
        key: Said(Verdict.DECLINED, "今回は見送ります")
        if key in declined
        else Said(Verdict.APPROVED, cut=key in cut)
        for key in revision.changes.order_by("position").values_list("key", flat=True)
    }


def decided(
    request: ChangeRequest,
    *declined: str,
    cut: tuple[str, ...] = (),
    effective_from_round: int | None = None,
    agreement: Agreement | None = None,
    at: datetime = AT,
) -> ChangeRequest:
    """The request decided by the officer, from the first possible round on."""
    base = changes.newest_version(request.grant)
    return change_decisions.decide(
        request,
        said=said_of(request, *declined, cut=cut),
        effective_from_round=effective_from_round or change_decisions.first_round(request.grant, base=base),
        agreement=agreement,
        by=OFFICER,
        at=at,
    )


def row_of(framework: Framework, code: str) -> Row:
    """A row by its code."""
    return next(row for row in framework if row.code == code)
