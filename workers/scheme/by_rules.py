"""A programme made as people make it: every step through its rule, in the rooms and at the desk."""

from datetime import datetime

from minori.filings import handing_in, readings, reviewing
from minori.filings.models import Filing
from minori.filings.readings import Given
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.report_forms.contents import Approval, ApprovalManner
from minori.tenancy.rooms import entering
from reporting.setup import grants
from tenants.reports import drafts
from workers.demo import reports
from workers.scheme import setting as shared
from workers.scheme.invented import Invented
from workers.scheme.setting import House, Setting, When


def make(setting: Setting, *, at: datetime) -> None:
    """The grants of a programme with plans, numbers, reports and decisions. As owner, outside transactions."""
    for number in setting.size.numbers(_place(setting)):
        house = shared.house(Invented(number, setting.size), at=at)
        when = When(house.invented, setting.dates)
        grant = grants.create(
            setting.programme,
            organization=house.organization,
            facts=shared.grant_facts(setting, house.invented),
            by=setting.officer_acting,
            at=when.created,
        )
        version = frameworks.load(
            grant, framework=house.invented.framework, by=setting.officer_acting, at=when.planned
        )
        for indicator, aspect, given in list(shared.plan_readings(house.invented, version)):
            readings.confirm(indicator, aspect=aspect, given=given, by=setting.officer_acting, at=when.read)
        # at the desk, as its hand-ins: a room acts now and on no other day
        frameworks.confirm(version, by=house.writer, at=when.confirmed)
        for deadline in list(shared.deadlines_of([grant.pk])):
            _report(setting, house, deadline, when)


def _place(setting: Setting) -> int:
    return int(setting.programme.code.rpartition("-")[2]) - 1


def _report(setting: Setting, house: House, deadline: Deadline, when: When) -> None:
    number = deadline.round.number
    last = house.invented.last() if number == setting.size.rounds else "accepted"
    if last == "waived":
        shared.waive(setting, deadline)
        return
    reports.write(
        deadline,
        rows=house.invented.rows(number),
        answers=house.invented.answers(number),
        by=house.writer,
        at=when.written(number),
    )
    if last == "open":
        return
    filing = _hand_in(house, deadline, when, number)
    deadline.refresh_from_db()
    if last == "handed_in":
        return
    reviewing.begin_reading(deadline, by=setting.officer_acting, at=when.opened(number))
    if last == "returned":
        shared.send_back(setting, deadline, filing, when, number)
    else:
        reviewing.accept(deadline, filing=filing, by=setting.officer_acting, at=when.decided(number))


def _hand_in(house: House, deadline: Deadline, when: When, number: int) -> Filing:
    at = when.handed_in(number)
    with entering(house.organization):
        copy = drafts.read(deadline)
        assert copy.findings.may_be_handed_in, copy.findings
        contents = copy.contents()
    assert copy.version is not None  # registered above
    given = house.invented.actual_measures(number)
    # registered by the desk: a room hands in now and on no other day
    return handing_in.hand_in(
        deadline,
        contents=contents,
        version=copy.version,
        approval=approval(house, deadline, at),
        readings={uuid: Given(measure=measure, covers=covers) for uuid, (measure, covers) in given.items()},
        by=house.writer,
        at=at,
    )


def approval(house: House, deadline: Deadline, at: datetime) -> Approval:
    """The one person of the organization approves what they hand in."""
    day = deadline.grant.programme.distributor.local_date(at)
    return Approval(approved_by=house.writer.name, manner=ApprovalManner.SCREEN, approved_on=day)
