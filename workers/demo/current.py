"""The current programme, invented: eight organizations in different states, around today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from minori.accounts.models import Person
from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.models import Filing
from minori.filings.reviewing import Remark
from minori.organizations.models import Organization
from minori.programmes import deadlines, extensions
from minori.programmes.models import Deadline, ExtensionRequest, Grant, Programme
from minori.registry import change_units, frameworks
from minori.registry.changes import Reason
from minori.report_forms.framework import Framework
from minori.tenancy.rooms import entering
from reporting.setup import grants, programmes
from reporting.setup.grants import GrantFacts
from reporting.setup.programmes import RoundFacts
from tenants.frameworks import drafts as plan_drafts
from tenants.frameworks import reasons
from workers.demo import houses, numbers, plans, reports
from workers.demo.dates import Dates, moment
from workers.demo.plans import Facts

DISTRIBUTOR = "minori-zaidan"
PROGRAMME = "minori-ibasho"
EDITION = ("2020", 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Scene:
    """One grant with everybody who acts in it."""

    grant: Grant
    said: Facts
    dates: Dates
    officer: Actor
    writer: Actor

    def deadline(self, number: int) -> Deadline:
        """Its deadline in a round."""
        related = Deadline.objects.select_related("grant__programme__distributor", "round", "organization")
        return related.get(grant=self.grant, round__number=number)


def organizations(*, at: datetime) -> None:
    """The organizations with their rooms."""
    for one in plans.organizations():
        houses.organization(slug=one["slug"], name=one["name"], name_kana=one["name_kana"], at=at)


def distributor(*, dates: Dates) -> None:
    """The invented distributor."""
    houses.distributor(
        slug=DISTRIBUTOR,
        name="一般財団法人 みのり地域財団",
        name_kana="みのりちいきざいだん",
        at=moment(dates.starts_on),
    )


def load(people: Mapping[str, Person], *, dates: Dates, at: datetime) -> None:
    """The programme, its grants and plans, and the reports of the last and the current round."""
    programme = _programme(people, dates)
    for organization in plans.organizations():
        for said in organization["grants"]:
            scene = _scene(programme, organization, said, people, dates)
            _plan(scene, confirmed=not said.get("unconfirmed", False))
            _last_round(scene)
            _current_round(scene, at=at)
            if "proposal" in said:
                _proposal(scene)
    numbers.load(programme, people, dates=dates, at=at)


def _programme(people: Mapping[str, Person], dates: Dates) -> Programme:
    edition, version = EDITION
    rounds = [
        RoundFacts(
            kind=one.kind,
            title=one.title,
            period_starts_on=one.starts_on,
            period_ends_on=one.ends_on,
            opens_on=one.opens_on,
            due_on=dates.due_on if one is dates.now else one.due_on,
            edition=edition,
            edition_version=version,
            closes_on=dates.closes_on if one is dates.now else None,
        )
        for one in dates.rounds
    ]
    return programmes.create(
        distributor=people["miura"].staff_memberships.get().distributor,
        code=PROGRAMME,
        title="孤立を防ぐ 地域の居場所づくり応援事業",
        window=f"{dates.starts_on.year}年度通常枠",
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        rounds=rounds,
        by=houses.acting(people["miura"]),
        at=moment(dates.starts_on),
    )


def _scene(
    programme: Programme, organization: Facts, said: Facts, people: Mapping[str, Person], dates: Dates
) -> _Scene:
    lead = people[said["lead"]]
    deputy = people["ohno" if said["lead"] == "saeki" else "saeki"]
    grant = grants.create(
        programme,
        organization=Organization.objects.get(slug=organization["slug"]),
        facts=GrantFacts(
            title=said["title"],
            code=said["code"],
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            lead=lead,
            deputy=deputy,
        ),
        by=houses.acting(people["miura"]),
        at=moment(dates.starts_on, 11),
    )
    writer = houses.acting(people[organization["slug"]])
    return _Scene(grant=grant, said=said, dates=dates, officer=houses.acting(lead), writer=writer)


def _plan(scene: _Scene, *, confirmed: bool) -> None:
    day = scene.dates.starts_on + 10 * _DAY
    version = frameworks.load(
        scene.grant,
        framework=plans.framework(scene.said, scene.dates.words),
        by=scene.officer,
        at=moment(day),
    )
    if confirmed:
        # at the desk, as everything of another day: a room acts now
        frameworks.confirm(version, by=scene.writer, at=moment(day + 4 * _DAY, 15, 20))


def _last_round(scene: _Scene) -> None:
    """Everybody handed in, two of them late, and everything was accepted."""
    said = scene.said["last"]
    deadline = scene.deadline(scene.dates.last.number)
    filing = _hand_in(scene, deadline, said, days=said["handed_in"], last=True)
    day = scene.dates.last.due_on + (max(said["handed_in"], 0) + 3) * _DAY
    reviewing.begin_reading(deadline, by=scene.officer, at=moment(day, 9, 40))
    reviewing.accept(deadline, filing=filing, by=scene.officer, at=moment(day, 11, 5))


def _current_round(scene: _Scene, *, at: datetime) -> None:
    now = scene.said["now"]
    deadline = scene.deadline(scene.dates.now.number)
    if "waived" in now:
        day = scene.dates.now.opens_on + 2 * _DAY
        deadlines.waive(deadline, reason=now["waived"], by=scene.officer, at=moment(day, 14))
    elif "handed_in" not in now:
        _leave_open(scene, deadline)
    else:
        if "correction" in now:
            _correct(scene, deadline)
        filing = _hand_in(scene, deadline, now, days=now["handed_in"])
        match now.get("then"):
            case "accepted":
                _accept(scene, deadline, filing)
            case "returned":
                _send_back(scene, deadline, filing, at=at)


def _hand_in(scene: _Scene, deadline: Deadline, said: Facts, *, days: int, last: bool = False) -> Filing:
    """Write everything the day before, and hand it in so many days after the due date (before it: negative)."""
    day = deadline.due_on + days * _DAY
    wrote_at = moment(day - _DAY, 16, 52)
    _write(scene, deadline, said, last=last, at=wrote_at)
    if captions := said.get("photos"):
        reports.add_photos(deadline, captions=captions, by=scene.writer, at=wrote_at)
    return reports.hand_in(
        deadline, approved_by=scene.writer.name, by=scene.writer, at=moment(day, 9 + abs(days), 32)
    )


def _write(scene: _Scene, deadline: Deadline, said: Facts, *, last: bool, at: datetime) -> None:
    reports.write(
        deadline,
        rows=plans.row_answers(scene.said, scene.dates.words, last=last),
        answers=plans.answers(said, whole=last or "handed_in" in said),
        by=scene.writer,
        at=at,
    )


def _leave_open(scene: _Scene, deadline: Deadline) -> None:
    """A draft that nobody has handed in; perhaps more time was asked for and given, or the request waits."""
    now = scene.said["now"]
    _write(scene, deadline, now, last=False, at=moment(deadline.due_on - 2 * _DAY, 18, 4))
    until = deadline.due_on + 14 * _DAY
    if "extended" in now:
        asked = _ask(scene, deadline, until, now["extended"], at=moment(deadline.due_on - 2 * _DAY, 19))
        at = moment(deadline.due_on - _DAY, 13)
        extensions.grant(asked, to=until, words=now["granted"], by=scene.officer, at=at)
    if "asks" in now:
        _ask(scene, deadline, until, now["asks"], at=moment(deadline.due_on + _DAY, 17, 20))


def _ask(scene: _Scene, deadline: Deadline, until: date, reason: str, *, at: datetime) -> ExtensionRequest:
    return extensions.ask(deadline, until=until, reason=reason, by=scene.writer, at=at)


def _correct(scene: _Scene, deadline: Deadline) -> None:
    """Before it was handed in as it stands now: a first revision, which came back with a comment."""
    now = scene.said["now"]
    wrong = now["correction"]
    rows = [
        row | {"text": wrong["before"]} if row.get("code") == wrong["row"] else row
        for row in scene.said["rows"]
    ]
    first = replace(scene, said={**scene.said, "rows": rows})
    filing = _hand_in(first, deadline, now, days=now["handed_in"] - 4)
    day = deadline.due_on + (now["handed_in"] - 3) * _DAY
    reviewing.begin_reading(deadline, by=scene.officer, at=moment(day, 10))
    reviewing.send_back(
        deadline,
        filing=filing,
        remarks=[Remark(body=wrong["remark"], anchor=_anchor(scene, wrong["row"])), Remark(body=GENERAL)],
        due_on=deadline.due_on,
        by=scene.officer,
        at=moment(day, 10, 40),
    )
    deadline.refresh_from_db()


def _accept(scene: _Scene, deadline: Deadline, filing: Filing) -> None:
    day = deadline.due_on + _DAY
    reviewing.begin_reading(deadline, by=scene.officer, at=moment(day, 10))
    reviewing.accept(deadline, filing=filing, by=scene.officer, at=moment(day, 10, 25))


def _send_back(scene: _Scene, deadline: Deadline, filing: Filing, *, at: datetime) -> None:
    """Return it with its comments; the organization has answered the first of those that have an answer."""
    said_at = moment(deadline.due_on + _DAY, 15)
    remarks = scene.said["remarks"]
    spoken = [Remark(body=one["body"], anchor=_anchor(scene, one["at"])) for one in remarks]
    if all(one.anchor for one in spoken):
        spoken.append(Remark(body=GENERAL))
    reviewing.begin_reading(deadline, by=scene.officer, at=said_at - timedelta(minutes=40))
    comments = reviewing.send_back(
        deadline,
        filing=filing,
        remarks=spoken,
        due_on=deadline.grant.programme.distributor.local_date(at) + 5 * _DAY,
        by=scene.officer,
        at=said_at,
    )
    for comment, one in zip(comments, remarks, strict=False):  # the words on the whole come last
        if "answer" in one:
            handing_in.answer(comment, body=one["answer"], by=scene.writer, at=said_at + 20 * _HOUR)


GENERAL = "コメントのところを直して、もう一度ご提出ください。"
_HOUR = timedelta(hours=1)


def _anchor(scene: _Scene, at: str) -> str:
    codes = {row.get("code") for row in scene.said["rows"]}
    return str(plans.identity(scene.said, at)) if at in codes else at


def _proposal(scene: _Scene) -> None:
    """A change of one indicator, drafted in the room and applied for; it waits for the officer."""
    wanted = scene.said["proposal"]
    row = plans.identity(scene.said, wanted["row"])
    indicator = plans.identity(scene.said, f"{wanted['row']}/{wanted['indicator']}")
    words = {key: wanted[key].format_map(scene.dates.words) for key in ("target", "achieve_by")}

    def changed(framework: Framework) -> Framework:
        return Framework(
            tuple(
                replace(
                    one,
                    indicators=tuple(
                        replace(each, **words) if each.uuid == indicator else each for each in one.indicators
                    ),
                )
                if one.uuid == row
                else one
                for one in framework
            )
        )

    at = moment(scene.dates.due_on - 2 * _DAY, 17)
    with entering(scene.grant.organization):
        plan_drafts.change(scene.grant, changed, by=scene.writer, at=at)
        draft = plan_drafts.read(scene.grant.pk) or Framework()
        registered = scene.grant.framework_versions.get()
        units = change_units.units(frameworks.read(registered), draft)
        reasons.send(
            scene.grant,
            reasons={one.key: Reason(wanted["reason"]) for one in units},
            remark=wanted["remark"],
            seen=reasons.seal(draft),
            by=scene.writer,
            at=timezone.now(),  # in a room everything is said now
        )
