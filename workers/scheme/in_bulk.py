"""A programme made at once: the same rows that the rules of `by_rules` write, many in one statement.

Contents, hashes and figures are made by the same functions; what a rule writes beside them (events, the deadline's
stamps, drafts in the rooms) stands here a second time, and a test compares both ways row by row. The triggers of the
database look at everything, as they do at the rules.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import readings, reviewing
from minori.filings.enums import Aspect, Side
from minori.filings.handing_in import complete, figure_rows
from minori.filings.models import Figure, Filing, Reading
from minori.filings.readings import Given
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline, Grant
from minori.registry import frameworks
from minori.registry.models import FrameworkVersion
from minori.report_forms import answers as answer_values
from minori.report_forms import editions
from minori.report_forms.contents import Contents, Head, Signatory, compose, hash_of
from minori.report_forms.edition import Edition
from minori.tenancy.rooms import as_owner
from workers.scheme import setting as shared
from workers.scheme.by_rules import _place, approval
from workers.scheme.copying import copy
from workers.scheme.invented import Invented
from workers.scheme.setting import House, Setting, When

AT_ONCE = 50  # organizations in one transaction: bounds memory, and locks of rooms


def make(setting: Setting, *, at: datetime) -> None:
    """The grants of a programme, equal to those of `by_rules.make`. As owner, outside transactions."""
    numbers = list(setting.size.numbers(_place(setting)))
    for start in range(0, len(numbers), AT_ONCE):
        houses = [
            shared.house(Invented(number, setting.size), at=at) for number in numbers[start : start + AT_ONCE]
        ]
        with as_owner(), transaction.atomic():  # a room's tables are the owner's
            _Part(setting, houses).make()
        _last_round(setting, houses)


class _Part:
    """Some organizations of a programme, written together."""

    def __init__(self, setting: Setting, houses: list[House]) -> None:
        self.setting, self.houses = setting, houses
        self.when = {house.organization.pk: When(house.invented, setting.dates) for house in houses}
        self.events: list[Event] = []
        edition, version = shared.EDITION
        self.edition: Edition = editions.load(edition, version)

    def make(self) -> None:
        grants = self._grants()
        versions = {grant.pk: self._plan(grant, house) for grant, house in grants}
        deadlines = list(shared.deadlines_of([grant.pk for grant, _house in grants]))
        of = {grant.pk: house for grant, house in grants}
        reported = [one for one in deadlines if self._became(of[one.grant_id], one) != "waived"]
        self._drafts([(one, of[one.grant_id]) for one in reported])
        filed = [one for one in reported if self._became(of[one.grant_id], one) != "open"]
        filings = self._filings(filed, of, versions)
        self._hand_in(filed, filings, of)
        self._accept([one for one in filed if self._became(of[one.grant_id], one) == "accepted"], of)
        copy(self.events)

    def _became(self, house: House, deadline: Deadline) -> str:
        last = deadline.round.number == self.setting.size.rounds
        return house.invented.last() if last else "accepted"

    def _event(self, action: Action, grant: Grant, *, at: datetime, **more: Any) -> None:
        self.events.append(
            Event(
                action=action,
                at=at,
                organization_id=grant.organization_id,
                programme_id=grant.programme_id,
                grant_id=grant.pk,
                **more,
            )
        )

    def _officer(self) -> dict[str, Any]:
        return {"person_id": self.setting.officer.pk, "person_name": self.setting.officer.name}

    def _grants(self) -> list[tuple[Grant, House]]:
        """Grants, deadlines, and their events."""
        programme = self.setting.programme
        facts = [shared.grant_facts(self.setting, house.invented) for house in self.houses]
        made = copy(
            Grant(
                programme=programme,
                organization=house.organization,
                code=one.code,
                title=one.title,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                lead_officer=one.lead,
                deputy_officer=one.deputy,
            )
            for house, one in zip(self.houses, facts, strict=True)
        )
        rounds = list(programme.rounds.order_by("number"))
        deadlines = copy(
            Deadline(
                grant=grant,
                round=one,
                organization_id=grant.organization_id,
                due_on=one.due_on,
                closes_on=one.closes_on,
            )
            for grant in made
            for one in rounds
        )
        for grant in made:
            self._event(
                Action.GRANT_CREATED,
                grant,
                at=self.when[grant.organization_id].created,
                distributor_id=programme.distributor_id,
                details={"code": grant.code, "title": grant.title},
                **self._officer(),
            )
        for deadline in deadlines:
            self._event(
                Action.DEADLINE_SET,
                deadline.grant,
                at=self.when[deadline.organization_id].created,
                to_state=DeadlineState.AWAITING,
                round_id=deadline.round_id,
                deadline_id=deadline.pk,
                details={"due_on": deadline.due_on.isoformat()},
                **self._officer(),
            )
        return list(zip(made, self.houses, strict=True))

    def _plan(self, grant: Grant, house: House) -> FrameworkVersion:
        """The registered plan, confirmed, with the numbers that the officer read from it."""
        when = self.when[house.organization.pk]
        version = frameworks.load(
            grant, framework=house.invented.framework, by=self.setting.officer_acting, at=when.planned
        )
        read = [
            readings._reading(  # noqa: SLF001 - the very row of the rule
                indicator,
                aspect,
                given,
                replaces=None,
                by=self.setting.officer_acting,
                at=when.read,
                side=Side.DESK,
            )
            for indicator, aspect, given in list(shared.plan_readings(house.invented, version))
        ]
        for one in copy(read):
            self._event(
                Action.READING_CONFIRMED,
                grant,
                at=when.read,
                distributor_id=grant.programme.distributor_id,
                details={"aspect": one.aspect, "reading": one.pk},
                **self._officer(),
            )
        frameworks.confirm(version, by=house.writer, at=when.confirmed)
        return version

    def _drafts(self, reported: Iterable[tuple[Deadline, House]]) -> None:
        """What stands in the rooms: a report each, with an answer for every field and row that was written."""
        rooms: dict[str, list[dict[str, Any]]] = {}
        for deadline, house in reported:
            rooms.setdefault(house.organization.schema_name, []).extend(self._answers(deadline, house))
        with connection.cursor() as cursor:
            for schema, answers in rooms.items():
                names = {
                    "reports": sql.Identifier(schema, "reports_report"),
                    "answers": sql.Identifier(schema, "reports_answer"),
                }
                written = sql.SQL(_DRAFTS).format(**names).as_string(cursor.connection)
                cursor.execute(written, [json.dumps(answers)])

    def _answers(self, deadline: Deadline, house: House) -> Iterator[dict[str, Any]]:
        number = deadline.round.number
        said = {str(row.row): row.to_json() for row in house.invented.rows(number) if not row.is_untouched}
        said |= {key: answer_values.to_json(one) for key, one in house.invented.answers(number).items()}
        blank = {
            key: answer_values.to_json(answer_values.blank(self.edition.field(key)))
            for key in house.invented.answers(number)
        }
        at = self.when[house.organization.pk].written(number).isoformat()
        for key, value in sorted(said.items()):
            if value == blank.get(key):
                continue
            yield {
                "deadline": deadline.pk,
                "key": key,
                "value": value,
                "at": at,
                "by": house.writer.person_id,
                "name": house.writer.name,
            }

    def _filings(
        self, deadlines: list[Deadline], of: dict[int, House], versions: dict[int, FrameworkVersion]
    ) -> list[Filing]:
        """What was handed in, with its figures and the numbers beside the texts."""
        papers = [self._contents(one, of[one.grant_id], versions[one.grant_id]) for one in deadlines]
        filings = copy(
            (
                self._filing(one, of[one.grant_id], versions[one.grant_id], paper)
                for one, paper in zip(deadlines, papers, strict=True)
            ),
        )
        figures = [
            figure
            for filing, paper in zip(filings, papers, strict=True)
            for figure in figure_rows(filing, paper)
        ]
        made = copy(figures)
        copy(self._actuals(filings, made, deadlines, of))
        return filings

    def _contents(self, deadline: Deadline, house: House, version: FrameworkVersion) -> Contents:
        number, grant = deadline.round.number, deadline.grant
        at = self.when[house.organization.pk].handed_in(number)
        contents = compose(
            edition=self.edition,
            head=Head(
                project_title=grant.title,
                distributor=grant.programme.distributor.name,
                organization=house.organization.name,
                round_title=deadline.round.title,
                handed_in_on=deadline.due_on,
                revision=1,
                handed_in_by=Signatory(id="", name=""),
            ),
            framework_number=version.number,
            framework=house.invented.framework,
            rows=house.invented.rows(number),
            answers=house.invented.answers(number),
        )
        today = grant.programme.distributor.local_date(at)
        return complete(
            contents, revision=1, approval=approval(house, deadline, at), by=house.writer, today=today
        )

    def _filing(self, deadline: Deadline, house: House, version: FrameworkVersion, paper: Contents) -> Filing:
        at = self.when[house.organization.pk].handed_in(deadline.round.number)
        hashes, approved = paper.part_hashes(), approval(house, deadline, at)
        return Filing(
            deadline=deadline,
            organization_id=deadline.organization_id,
            framework_version=version,
            revision=1,
            format=paper.format,
            contents=paper.to_json(),
            part_hashes=dict(hashes),
            hash=hash_of(hashes),
            handed_in_at=at,
            handed_in_by_id=house.writer.person_id,
            handed_in_by_name=house.writer.name,
            approved_by_name=approved.approved_by,
            approved_how=approved.manner,
            approved_on=approved.approved_on,
            days_late=deadline.lateness(paper.head.handed_in_on),
        )

    def _actuals(
        self, filings: list[Filing], figures: list[Figure], deadlines: list[Deadline], of: dict[int, House]
    ) -> Iterator[Reading]:
        lines = {(one.filing_id, one.indicator_uuid): one for one in figures if one.indicator_uuid}
        for filing, deadline in zip(filings, deadlines, strict=True):
            house = of[deadline.grant_id]
            for uuid, (measure, covers) in house.invented.actual_measures(deadline.round.number).items():
                yield readings._reading(  # noqa: SLF001 - the very row of the rule
                    lines[filing.pk, uuid],
                    Aspect.ACTUAL,
                    Given(measure=measure, covers=covers),
                    replaces=None,
                    by=house.writer,
                    at=filing.handed_in_at,
                    side=Side.ROOM,
                    filing=filing,
                )

    def _hand_in(self, deadlines: list[Deadline], filings: list[Filing], of: dict[int, House]) -> None:
        for deadline, filing in zip(deadlines, filings, strict=True):
            house = of[deadline.grant_id]
            read = len(house.invented.actual_measures(deadline.round.number))
            details = {"revision": 1, "days_late": filing.days_late, "hash": filing.hash}
            details |= {"readings": read} if read else {}
            self._step(
                Action.HANDED_IN,
                deadline,
                filing,
                DeadlineState.AWAITING,
                DeadlineState.HANDED_IN,
                at=filing.handed_in_at,
                details=details,
                person_id=house.writer.person_id,
                person_name=house.writer.name,
            )
            deadline.current_filing = filing
        with connection.cursor() as cursor:
            cursor.execute(_HAND_IN, [[one.pk for one in filings]])

    def _accept(self, deadlines: list[Deadline], of: dict[int, House]) -> None:
        stamps = []
        for deadline in deadlines:
            when = self.when[of[deadline.grant_id].organization.pk]
            opened, decided = when.opened(deadline.round.number), when.decided(deadline.round.number)
            filing, handed_in = deadline.current_filing, DeadlineState.HANDED_IN
            assert filing is not None  # handed in above
            self._step(
                Action.READING_BEGAN, deadline, filing, handed_in, handed_in, at=opened, **self._officer()
            )
            self._step(
                Action.ACCEPTED, deadline, filing, handed_in, DeadlineState.ACCEPTED,
                at=decided, details={"comments": 0}, **self._officer(),
            )  # fmt: skip
            stamps.append([deadline.pk, opened.isoformat(), decided.isoformat()])
        with connection.cursor() as cursor:
            cursor.execute(_ACCEPT, [json.dumps(stamps)])

    def _step(
        self,
        action: Action,
        deadline: Deadline,
        filing: Filing,
        before: str,
        after: str,
        *,
        at: datetime,
        **more: Any,
    ) -> None:
        self._event(
            action,
            deadline.grant,
            at=at,
            from_state=before,
            to_state=after,
            distributor_id=deadline.grant.programme.distributor_id,
            round_id=deadline.round_id,
            deadline_id=deadline.pk,
            filing_id=filing.pk,
            **more,
        )


def _last_round(setting: Setting, houses: list[House]) -> None:
    """What is rare in the last round goes through its rules."""
    ids = {house.organization.pk: house for house in houses}
    deadlines = Deadline.objects.select_related("grant__programme__distributor", "round", "current_filing")
    last = deadlines.filter(
        organization__in=ids, round__number=setting.size.rounds, round__programme=setting.programme
    )
    for deadline in last.order_by("pk"):
        house = ids[deadline.organization_id]
        became, when = house.invented.last(), When(house.invented, setting.dates)
        if became == "waived":
            shared.waive(setting, deadline)
        elif became == "returned" and deadline.current_filing is not None:
            reviewing.begin_reading(deadline, by=setting.officer_acting, at=when.opened(setting.size.rounds))
            shared.send_back(setting, deadline, deadline.current_filing, when, setting.size.rounds)


_DRAFTS = """
    WITH said AS (
        SELECT * FROM jsonb_to_recordset(%s::jsonb)
        AS one (deadline bigint, key text, value jsonb, at timestamptz, by bigint, name text)
    ), written AS (
        INSERT INTO {reports} (deadline_id, begun_at, saves) SELECT deadline, min(at), 1 FROM said GROUP BY 1 ORDER BY 1
        RETURNING id, deadline_id
    )
    INSERT INTO {answers} (report_id, key, value, version, saved_at, saved_by_id, saved_by_name, save_number,
                           sitting_began_at, posted)
    SELECT w.id, s.key, s.value, 1, s.at, s.by, s.name, 1, s.at, '{{}}'
    FROM said s JOIN written w ON w.deadline_id = s.deadline
    ORDER BY w.id, s.key"""

_HAND_IN = """
    UPDATE programmes_deadline d SET state = 'handed_in', current_filing_id = f.id,
           first_handed_in_at = f.handed_in_at, days_late = f.days_late
    FROM filings_filing f WHERE f.deadline_id = d.id AND f.id = ANY(%s)"""

_ACCEPT = """
    UPDATE programmes_deadline d SET state = 'accepted', reading_began_at = stamp.opened, accepted_at = stamp.decided
    FROM (SELECT (one ->> 0)::bigint AS id, (one ->> 1)::timestamptz AS opened, (one ->> 2)::timestamptz AS decided
          FROM jsonb_array_elements(%s::jsonb) AS one) AS stamp
    WHERE stamp.id = d.id"""
