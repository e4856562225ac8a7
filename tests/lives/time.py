"""Time in the life of a report: due date, closing date, and more time asked for, granted, declined or withdrawn."""

from datetime import date, timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from minori.audit.models import Event
from minori.filings.enums import Side
from minori.programmes import deadlines, extensions
from minori.programmes.enums import DeadlineState, ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest
from minori.tenancy.rooms import entering
from tests.lives import raw
from tests.lives.report import APPROVER, EDITORS, OFFICER, OneReport

reasons = st.sampled_from(["台風で会場が使えなかったため", "災害のため", " "])
OF_DATES = ("deadline_moved", "extension_granted", "closing_moved", "closing_lifted")
days = st.integers(min_value=-4, max_value=9)


class Time(OneReport):
    """The dates of the report, and every request about them. What is asked for never changes and is settled once."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: dict[int, tuple[tuple[object, ...], tuple[object, ...]]] = {}
        self.first_dates: dict[str, str] = {}
        self.first_version = 0

    def keep_first_dates(self) -> None:
        """Remember the dates as they were before anything happened."""
        deadline = self.fresh()
        self.first_dates = {"in_force": self.in_force(deadline).isoformat(), "closes": ""}
        self.first_version = deadline.due_version

    def has_closed(self, deadline: Deadline) -> bool:
        """Whether today is after the closing date, told by the columns alone."""
        return deadline.closes_on is not None and deadline.closes_on < self.today()

    def in_force(self, deadline: Deadline) -> date:
        """The due date that counts while a first report is waited for, told by the columns alone."""
        return deadline.extended_to or deadline.due_on

    def request(self, state: ExtensionState = ExtensionState.OPEN) -> ExtensionRequest | None:
        """The newest request in a state."""
        return ExtensionRequest.objects.filter(deadline=self.deadline, state=state).order_by("-pk").first()

    # the organization

    @precondition(lambda self: self.is_one_of("awaiting", "handed_in"))
    @rule(later=days, reason=reasons)
    def ask_for_time(self, later: int, reason: str) -> None:
        deadline = self.fresh()
        until = self.today() + timedelta(days=later)
        possible = (
            deadline.state == DeadlineState.AWAITING
            and bool(reason.strip())
            and self.request() is None
            and until > self.in_force(deadline)
            and later >= 0
        )
        with self.refused(unless=possible), entering(self.hikari):
            extensions.ask(deadline, until=until, reason=reason, by=EDITORS[0], at=timezone.now())

    @rule(settled=st.sampled_from([False, False, True]))
    def ask_no_longer(self, settled: bool) -> None:
        one = self.request(ExtensionState.DECLINED if settled else ExtensionState.OPEN)
        if one is not None:
            with self.refused(unless=not settled), entering(self.hikari):
                extensions.withdraw(one, by=APPROVER, at=timezone.now())

    # the desk

    @rule(later=days, settled=st.sampled_from([False, False, True]))
    def grant_time(self, later: int, settled: bool) -> None:
        one = self.request(ExtensionState.GRANTED if settled else ExtensionState.OPEN)
        if one is None:
            return
        deadline, to = self.fresh(), self.today() + timedelta(days=later)
        possible = (
            not settled
            and deadline.state == DeadlineState.AWAITING
            and later >= 0
            and to > self.in_force(deadline)
        )
        with self.refused(unless=possible):
            extensions.grant(one, to=to, words="承知しました", by=OFFICER, at=timezone.now())
            after = self.fresh()
            assert self.in_force(after) == to
            assert after.closes_on is None or after.closes_on >= to, "nobody is granted time past the closing"

    @rule(words=st.sampled_from(["報告会があるため", " "]))
    def decline_time(self, words: str) -> None:
        one = self.request()
        if one is None:
            return
        deadline = self.fresh()
        with self.refused(unless=deadline.state == DeadlineState.AWAITING and bool(words.strip())):
            extensions.decline(one, words=words, by=OFFICER, at=timezone.now())
            assert self.in_force(self.fresh()) == self.in_force(deadline)

    @rule(later=days, lift=st.booleans(), reason=reasons, sure=st.booleans())
    def close(self, *, later: int, lift: bool, reason: str, sure: bool) -> None:
        deadline = self.fresh()
        wanted = None if lift else self.today() + timedelta(days=later)
        possible = (
            deadline.state == DeadlineState.AWAITING
            and bool(reason.strip())
            and (wanted is None or wanted >= self.in_force(deadline))
            and (wanted is None or wanted == deadline.closes_on or later >= 0 or sure)
        )
        with self.refused(unless=possible):
            deadlines.close_on(
                deadline,
                closes_on=wanted,
                reason=reason,
                sure=sure,
                by=OFFICER,
                at=timezone.now(),
            )
            assert self.fresh().closes_on == wanted

    @rule(later=days, sure=st.booleans())
    def move_due_date(self, later: int, sure: bool) -> None:
        deadline = self.fresh()
        due_on = self.today() + timedelta(days=later)
        after = max(due_on, deadline.extended_to or due_on)
        closes_moved = deadline.closes_on is not None and deadline.closes_on < after
        moved = due_on != deadline.due_on
        past = (moved or closes_moved) and after < self.today()
        possible = deadline.state == DeadlineState.AWAITING and (sure or not past)
        with self.refused(unless=possible):
            deadlines.move(deadline, due_on=due_on, sure=sure, by=OFFICER, at=timezone.now())
            assert self.fresh().due_on == due_on

    # past the rules

    @rule(side=st.sampled_from(Side), what=st.sampled_from(sorted(raw.MEDDLING_WITH_REQUESTS)))
    def requests_are_not_meddled_with(self, side: Side, what: str) -> None:
        with self.at(side):
            assert raw.is_refused(raw.MEDDLING_WITH_REQUESTS[what], self.deadline.pk)

    @rule(column=st.sampled_from(["due_on", "extended_to", "closes_on"]))
    def a_room_sets_no_dates(self, column: str) -> None:
        later = f"coalesce({column}, due_on) + 1"
        with self.at(Side.ROOM):
            query = f"UPDATE public.programmes_deadline SET {column} = {later} WHERE id = %s"
            assert raw.is_refused(query, self.deadline.pk)

    # what holds after every step

    @invariant()
    def what_was_asked_stays_and_is_settled_once(self) -> None:
        found = ExtensionRequest.objects.filter(deadline=self.deadline)
        assert self.requests.keys() <= {one.pk for one in found}
        for one in found:
            said = (one.until, one.reason, one.asked_by_name, one.asked_at)
            end = (one.state, one.granted_to, one.answer, one.settled_at, one.settled_by_name)
            before = self.requests.get(one.pk)
            assert before is None or before[0] == said
            assert before is None or before[1][0] == ExtensionState.OPEN or before[1] == end
            self.requests[one.pk] = (said, end)

    @invariant()
    def at_most_one_request_is_open_and_only_while_a_report_is_waited_for(self) -> None:
        found = ExtensionRequest.objects.filter(deadline=self.deadline, state=ExtensionState.OPEN).count()
        assert found <= self.is_one_of("awaiting")

    @invariant()
    def the_closing_date_is_never_before_the_due_date(self) -> None:
        deadline = self.fresh()
        if deadline.state == DeadlineState.AWAITING and deadline.closes_on is not None:
            assert deadline.closes_on >= self.in_force(deadline)
            assert deadline.has_closed(self.today()) == self.has_closed(deadline)

    @invariant()
    def the_trail_tells_how_the_dates_came_about(self) -> None:
        deadline = self.fresh()
        told = dict(self.first_dates)
        for event in Event.objects.filter(deadline_id=deadline.pk, action__in=OF_DATES).order_by("pk"):
            details = event.details
            if event.action == "extension_granted":
                told["in_force"] = details["to"]
            elif "in_force_to" in details:
                told["in_force"] = details["in_force_to"]
            elif "to" in details:
                told["in_force"] = details["to"]
            told["closes"] = details.get("closes_to", told["closes"])
        assert told == {
            "in_force": self.in_force(deadline).isoformat(),
            "closes": deadline.closes_on.isoformat() if deadline.closes_on else "",
        }

    @invariant()
    def a_date_that_changes_starts_a_new_ladder(self) -> None:
        events = Event.objects.filter(deadline_id=self.deadline.pk)
        moves = sum(
            event.action in {"returned", "reopened", "unwaived"}
            or (event.action in OF_DATES and "to" in event.details)
            for event in events
        )
        assert self.fresh().due_version == self.first_version + moves
