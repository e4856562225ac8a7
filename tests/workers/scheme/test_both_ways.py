"""A scheme made in bulk is the scheme that the rules make: papers, figures, numbers, dates, events, rooms, summaries."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from minori.accounts.models import Membership
from minori.audit.models import Event
from minori.filings import verifying as papers
from minori.filings.models import Comment, Figure, Filing, Reading
from minori.organizations.models import Organization
from minori.programmes.models import Deadline, Grant, Round
from minori.registry.models import FrameworkVersion, RegisteredIndicator, RegisteredRow
from minori.tenancy.rooms import entering
from reporting.summaries import compiling
from reporting.summaries import verifying as summaries
from reporting.summaries.models import Summary
from tenants.reports.models import Answer, Report
from tests import database
from workers.scheme import loading
from workers.scheme.size import Size

AT = datetime(2026, 11, 26, 3, tzinfo=UTC)
SIZE = Size(organizations=6, per_programme=4, rounds=2, indicators=5, seed=26)

Snapshot = dict[str, Counter[str]]


def test_a_scheme_made_in_bulk_is_the_one_that_the_rules_make(transactional_db: Any) -> None:
    database.empty()  # keys are compared too: both begin to count at 1
    loading.load(SIZE, at=AT, by_rules_only=True)
    by_rules = _snapshot(AT)
    states = {one["state"] for one in _read(by_rules["deadlines"])}
    database.empty()
    loading.load(SIZE, at=AT, by_rules_only=False)
    in_bulk = _snapshot(AT)
    for what, rows in by_rules.items():
        assert rows - in_bulk[what] == Counter(), what
        assert in_bulk[what] - rows == Counter(), what
    # everything that can become of a report is in it, and every kind of thing was compared
    assert states == {"accepted", "handed_in", "returned", "awaiting", "waived"}
    assert all(rows for rows in by_rules.values())
    assert [*papers.differences(), *summaries.differences()] == []


@pytest.mark.parametrize("careful", [True, False])
def test_a_scheme_that_was_broken_off_after_a_programme_goes_on(transactional_db: Any, careful: bool) -> None:
    small = Size(organizations=2, per_programme=1, rounds=1, indicators=2, seed=6)
    loading.load(
        Size(organizations=1, per_programme=1, rounds=1, indicators=2, seed=6), at=AT, by_rules_only=careful
    )
    loading.load(small, at=AT, by_rules_only=careful)
    loading.load(small, at=AT, by_rules_only=careful)
    assert Grant.objects.count() == 2


def test_plans_are_taken_from_a_file(transactional_db: Any, tmp_path: Path) -> None:
    rows = [
        {"level": "outcome", "statement": "だれもが立ち寄れる"},
        {"level": "output", "statement": "（0101）場所が開く", "indicator": "開所日数", "target": "年間90日"},
        {
            "level": "output",
            "statement": "（0102）人が集まる",
            "indicator": "人数",
            "target": "20人",
            "baseline": "3人",
        },
    ]
    file = tmp_path / "plans.jsonl"
    file.write_text(
        json.dumps({"rows": rows}) + "\n" + json.dumps({"rows": rows[:1]}) + "\n", encoding="utf-8"
    )
    plans = loading.plans_from(file)
    assert len(plans) == 1, "one of them has no outputs"
    loading.load(Size(organizations=1, rounds=1, plans=plans, complete=True), at=AT)
    assert list(RegisteredIndicator.objects.order_by("pk").values_list("statement", "target")) == [
        ("開所日数", "年間90日"),
        ("人数", "20人"),
    ]
    with pytest.raises(loading.PlansUnreadable):
        loading.plans_from(tmp_path / "nowhere.jsonl")


def _snapshot(at: datetime) -> Snapshot:
    for round_ in Round.objects.order_by("pk"):
        compiling.compile_round(round_.pk, at=at)
    found = {
        "memberships": _rows(Membership, "person__email", "organization__slug"),
        "grants": _rows(Grant, "programme__code", "organization__slug", "lead_officer__email"),
        "deadlines": _rows(Deadline, "grant__code", "round__number", "current_filing__revision"),
        "plans": _rows(FrameworkVersion, "grant__code"),
        "rows": _rows(RegisteredRow, "version__grant__code"),
        "indicators": _rows(RegisteredIndicator, "row__uuid"),
        "filings": _rows(Filing, "deadline__grant__code", "deadline__round__number"),
        "figures": _rows(Figure, "filing__hash"),
        "readings": _rows(
            Reading,
            "grant__code",
            "round__number",
            "figure__filing__hash",
            "figure__position",
            "registered__uuid",
        ),
        "comments": _rows(Comment, "deadline__grant__code"),
        "events": _events(),
        "summaries": Counter(_plain(_by_code(one.contents)) for one in Summary.objects.order_by("pk")),
    }
    for organization in Organization.objects.filter(slug__startswith="s").order_by("pk"):
        with entering(organization):
            found[f"reports of {organization.slug}"] = _rows(Report, deadline=True)
            found[f"answers of {organization.slug}"] = _rows(Answer, deadline=True)
    return found


def _rows(model: type[models.Model], *names: str, deadline: bool = False) -> Counter[str]:
    """Every field of every row but keys, which differ; `names` say instead whose it is."""
    keys = {"deadline_id"} if deadline else set()
    fields = [
        field.attname
        for field in model._meta.concrete_fields
        if not field.is_relation and not field.primary_key and field.attname not in keys
    ]
    of_report = ["report__deadline_id"] if model is Answer else ["deadline_id"] if deadline else []
    codes = _codes() if deadline else {}
    rows = []
    for row in model._default_manager.order_by("pk").values(*fields, *names, *of_report):
        said: dict[str, Any] = dict(row)
        for name in of_report:
            said[name] = codes[said[name]]
        rows.append(_plain(said))
    return Counter(rows)


def _codes() -> dict[int, list[Any]]:
    return {
        pk: [code, number]
        for pk, code, number in Deadline.objects.order_by("pk").values_list(
            "pk", "grant__code", "round__number"
        )
    }


def _events() -> Counter[str]:
    codes, filings = _codes(), dict(Filing.objects.order_by("pk").values_list("pk", "hash"))
    grants = dict(Grant.objects.order_by("pk").values_list("pk", "code"))
    rounds = dict(Round.objects.order_by("pk").values_list("pk", "number"))
    found = []
    for one in (
        Event.objects.exclude(action__in=("organization_created", "organization_ready"))
        .order_by("pk")
        .values()
    ):
        one.pop("id")
        one["details"].pop("reading", None)
        one |= {"grant_id": grants.get(one["grant_id"]), "round_id": rounds.get(one["round_id"])}
        one |= {"deadline_id": codes.get(one["deadline_id"]), "filing_id": filings.get(one["filing_id"])}
        found.append(_plain(one))
    return Counter(found)


def _by_code(contents: Any) -> Any:
    """A summary with names instead of keys."""
    grants = dict(Grant.objects.order_by("pk").values_list("pk", "code"))

    def named(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {
                name: named(one, name)
                for name, one in value.items()
                if name not in ("deadline", "filing", "id")
            }
        if isinstance(value, list):
            return (
                [named(one, key) for one in value]
                if key != "grants"
                else sorted(grants[one] for one in value)
            )
        return grants.get(value) if key == "grant" else value

    return named(contents)


def _plain(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)


def _read(rows: Counter[str]) -> list[dict[str, Any]]:
    return [json.loads(row) for row in rows]
