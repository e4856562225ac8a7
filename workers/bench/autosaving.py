"""An autosave request against a bare Django view that loads session, user and membership, updates a row and inserts one."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.models import Membership
from minori.audit.trail import MINORI, Actor
from minori.problems import Problem
from minori.programmes.enums import OPEN_STATES
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.report_forms import editions
from minori.report_forms.answers import RowAnswer
from minori.report_forms.edition import Field, Kind
from minori.report_forms.framework import Framework, Indicator, Row
from minori.tenancy.rooms import entering
from tenants.reports.saving import Given, save_answers
from workers.bench import bare

TEXT = "9月末までに週3回ひらき、のべ312人が来た。学校との連絡会を2回行い、夏休みの利用が増えた。"
TEXT += "学校との連絡会では、気になる生徒の様子を担任の先生から聞き、帰りの時間に声をかけるようにした。" * 3
FORM = "application/x-www-form-urlencoded"
TURNS = 40  # of each in every repeat


@dataclass(frozen=True, slots=True)
class _Writer:
    """Somebody who may write an open report."""

    membership: Membership
    deadline: Deadline
    field: Field
    section: str


def measure(*, repeat: int) -> dict[str, Any]:
    """The medians in milliseconds, taken in turns in one run, and how many times the bare view ours takes.

    Ours is asked with a revision every time (`times_bare_view`), which is what it does at most, and within a sitting,
    which is what it does while somebody types; in a report of 10 rows and one of 60. Everything happens in one
    transaction that is taken back: neither pays for a commit, which would bring the two closer together.
    """
    with transaction.atomic():
        try:
            return _measure(_writer(), turns=TURNS * repeat)
        finally:
            transaction.set_rollback(True)


def _measure(writer: _Writer, *, turns: int) -> dict[str, Any]:
    user = writer.membership.person.user
    assert user is not None, "writers are chosen by their user"
    ours, theirs = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
        theirs.handler.load_middleware()
    for client in (ours, theirs):
        client.force_login(user)
    said: dict[str, Any] = {}
    for rows in (10, 60):
        page = _Page(ours, writer, _fill(writer, rows))
        asked: dict[str, Callable[[int], object]] = {
            "bare": lambda turn: _post_bare(theirs, writer, turn),
            "revision": partial(page.save, keeping=True),
            "sitting": partial(page.save, keeping=False),
        }
        said |= {f"{name}_{rows}": value for name, value in _medians(asked, turns).items()}
    # each against the bare view asked in turns with it: the machine may be busier in one half of the run
    times = {name: value / said[f"bare_{name.rsplit('_', 1)[1]}"] for name, value in said.items()}
    return {
        "times_bare_view": round(max(times["revision_10"], times["revision_60"]), 2),
        "times_bare_view_in_a_sitting": round(max(times["sitting_10"], times["sitting_60"]), 2),
        "rows_60_over_10": round(times["revision_60"] / times["revision_10"], 2),
        "bare_ms": round(median([said["bare_10"], said["bare_60"]]), 2),
        "autosave_10_rows_ms": round(said["revision_10"], 2),
        "autosave_60_rows_ms": round(said["revision_60"], 2),
        "in_a_sitting_10_rows_ms": round(said["sitting_10"], 2),
        "in_a_sitting_60_rows_ms": round(said["sitting_60"], 2),
        "requests_of_each": turns,
    }


def _writer() -> _Writer:
    memberships = Membership.objects.active().filter(
        role__in=WRITING_ROLES, person__user__isnull=False, organization__state="active"
    )
    for membership in memberships.select_related("person__user", "organization").order_by("pk"):
        deadline = (
            Deadline.objects.filter(
                organization=membership.organization,
                state__in=OPEN_STATES,
                round__opens_on__lte=timezone.localdate(),
            )
            .select_related("grant", "round")
            .order_by("pk")
            .first()
        )
        if deadline is not None:
            edition = editions.load(deadline.round.edition, deadline.round.edition_version)
            if fields := edition.fields_of(Kind.RESULTS):
                return _Writer(membership, deadline, fields[0], edition.section_of(fields[0].key).key)
    msg = "Nobody may write an open report, so there is nothing to measure."
    raise Problem(msg, "`minori demo` loads reports into an empty database.")


def _fill(writer: _Writer, count: int) -> dict[UUID, UUID]:
    """A plan of so many rows, each with an answer already; the rows with their indicators."""
    at, field, deadline = timezone.now(), writer.field, writer.deadline
    assert field.level is not None
    assert field.support is not None
    rows = tuple(
        Row(
            uuid=uuid4(),
            level=field.level,
            support=field.support,
            code=f"{number:04d}",
            statement=f"（{number:04d}）週3回の居場所が開かれている",
            indicators=(Indicator(uuid=uuid4(), statement="開所回数", target="年間150回"),),
        )
        for number in range(1, count + 1)
    )
    frameworks.load(
        deadline.grant, framework=Framework(rows), reason="measured with so many rows", by=MINORI, at=at
    )
    given = {
        str(row.uuid): Given(
            value=RowAnswer(row.uuid, text=TEXT).to_json(), blank=RowAnswer(row.uuid).to_json(), version=0
        )
        for row in rows
    }
    person = writer.membership.person
    with entering(writer.membership.organization):
        save_answers(deadline.pk, given=given, by=Actor(person_id=person.pk, name=person.name), at=at)
    return {row.uuid: row.indicators[0].uuid for row in rows}


class _Page:
    """The results page of a report, with the stamps of its rows."""

    def __init__(self, client: Client, writer: _Writer, indicators: dict[UUID, UUID]) -> None:
        self.client, self.person = client, writer.membership.person_id
        self.rows, self.indicators = list(indicators), indicators
        self.url = reverse(
            "reports:autosave",
            kwargs={
                "organization": writer.membership.organization.slug,
                "deadline": writer.deadline.pk,
                "section": writer.section,
            },
        )
        self.stamps = dict.fromkeys(self.rows, "1")
        self.saves = 1

    def save(self, turn: int, *, keeping: bool) -> None:
        """Save one row as the script does; `keeping` what stood there as a revision."""
        row = self.rows[turn % 7]
        said = {
            "page": "bench",
            "turn": self.saves,
            "person": self.person,
            "since": self.saves,
            f"v-{row}": self.stamps[row],
            f"row-{row}-text": f"{self.saves} {TEXT}",
            f"row-{row}-progress": "2",
            **{
                f"row-{row}-n-{self.indicators[row]}-{part}": ""
                for part in ("value", "unit", "span", "on", "beside")
            },
            **({f"choose-{row}": "mine"} if keeping else {}),
        }
        told = _post(self.client, self.url, said).json()
        self.stamps[row], self.saves = told["fields"][str(row)]["stamp"], told["saves"]


def _post_bare(client: Client, writer: _Writer, turn: int) -> None:
    _post(client, f"/bare/{writer.membership.organization_id}/", {"text": f"{turn} {TEXT}"})


def _post(client: Client, url: str, said: dict[str, Any]) -> Any:
    from urllib.parse import urlencode

    answer = client.post(url, urlencode(said), content_type=FORM, headers={"Accept": "application/json"})
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"  # noqa: PLR2004 - OK
    return answer


def _medians(asked: dict[str, Callable[[int], object]], turns: int) -> dict[str, float]:
    """Milliseconds of each, asked in turns so that a busy moment falls on all of them."""
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(-3, turns):
        for name, work in asked.items():
            started = time.perf_counter()
            work(turn)
            if turn >= 0:  # the first few warm up
                spent[name].append((time.perf_counter() - started) * 1000)
    return {name: median(each) for name, each in spent.items()}
