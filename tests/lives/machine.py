"""The random life of one report: two editors, an approver and an officer, through the rules and in the room's role."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import consulting, correcting, handing_in, parts, replaying, reviewing
from minori.filings.enums import CorrectionState, Side
from minori.filings.models import Comment, Filing, OpenPart
from minori.filings.reviewing import Remark
from minori.programmes import deadlines, extensions
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.models import Distributor
from minori.report_forms import corrections
from minori.report_forms.contents import Approval, ApprovalManner, Contents
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tenants.reports import comments as room_comments
from tenants.reports import consultations, drafts, saving
from tenants.reports import corrections as room_corrections
from tenants.reports import handing_in as room_handing_in
from tenants.reports.saving import Given, Sender
from tenants.writing import NotOpen
from tests.lives import raw
from tests.lives.copies import copy_of, is_sound
from tests.lives.report import APPROVER, EDITORS, FIELDS, OFFICER, ROW
from tests.lives.time import Time

ANCHORS = ("activities", "events", "media", ROW)

texts = st.sampled_from(
    ["72回ひらいた。", "①75回\n②のべ820人", "（台風で1回休み）", "", "学習支援を始めた🌾"]
)
reasons = st.sampled_from(["人数を数え直しました", "災害のため", " "])
some_anchors = st.lists(st.sampled_from(ANCHORS), max_size=2, unique=True)
CORRECTIONS = (
    ("activities", Aspect.TEXT, "学習支援を始めました。"),
    (ROW, Aspect.TEXT, "①73回\n②のべ640人"),
    (ROW, Aspect.PROGRESS, "1"),
)

OUT_OF_TURN: dict[str, dict[str, Any]] = {
    "hand_in": {"stale": False},
    "recall": {},
    "open_another": {"anchor": "activities", "reason": "数え直しました"},
    "begin_to_read": {},
    "send_back": {"anchors": [], "everything": False, "stale": False},
    "accept": {"stale": False},
    "reopen": {"reason": "数え直しのため"},
    "waive": {"reason": "災害のため"},
    "require_again": {},
    "extend": {"days": 3, "reason": "災害のため"},
    "propose": {"place": ("activities", Aspect.TEXT, "学習支援を始めました"), "stale": False},
    "take": {"count": 1, "settled": False},
    "show_draft": {"question": "どうでしょう"},
}


class Life(Time):
    """One report. Every rule says beforehand whether the step is possible, and the product has to agree."""

    @initialize(late=st.integers(min_value=-3, max_value=5), photo=st.booleans())
    def begin(self, late: int, photo: bool) -> None:
        today = Distributor().local_date(timezone.now())
        self.prepare(due_on=today - timedelta(days=late), photo=photo)
        self.keep_first_dates()
        for editor in EDITORS:
            self.load(editor)

    # writing

    @rule(editor=st.sampled_from(EDITORS))
    def load_page(self, editor: Actor) -> None:
        self.load(editor)

    @rule(
        editor=st.sampled_from(EDITORS),
        key=st.sampled_from(FIELDS),
        text=texts,
        code=st.sampled_from([None, 1, 2, 3]),
        by_itself=st.booleans(),
        prefer=st.sampled_from([None, "mine", "theirs"]),
    )
    def autosave(
        self,
        *,
        editor: Actor,
        key: str,
        text: str,
        code: int | None,
        by_itself: bool,
        prefer: Any,
    ) -> None:
        page = self.pages[editor]
        before = self.answer_at(key)
        value = {**page[key].value, "text": text} | ({"progress": code} if key == ROW else {})
        given = Given(
            value=value,
            blank=self.blank_of(key),
            version=page[key].version,
            prefer=prefer,
            seen=before.version,
        )
        deadline = self.fresh()
        opened = parts.opened_of(deadline)
        may_write = deadline.state in OPEN_STATES
        try:
            with entering(self.hikari), transaction.atomic():
                saved = saving.save_answers(
                    deadline.pk,
                    given={key: given},
                    by=editor,
                    at=timezone.now(),
                    sender=Sender(by_itself=by_itself),
                )
        except NotOpen:
            assert not may_write or key not in opened
            assert self.answer_at(key).value == before.value, "a refusal writes nothing"
            return
        assert may_write
        after = self.answer_at(key)
        assert key in opened or after.value == before.value
        if key in saved.conflicts:
            assert prefer is None
            assert after.value == before.value, "a conflict is shown, not written"
            assert saved.conflicts[key].mine == value
            return
        if key in saved.written and not (by_itself and before.saved_by_id == editor.person_id):
            assert before.value in self.kept(key), "what somebody wrote is still there to be read"
        if prefer == "theirs" and value not in (after.value, page[key].value):
            assert any(kept["text"] == text for kept in [after.value, *self.kept(key)])
        page[key] = after

    @precondition(lambda self: self.is_one_of("awaiting", "returned"))
    @rule(question=st.sampled_from(["", "この書き方でよいですか"]))
    def show_draft(self, question: str) -> None:
        deadline = self.fresh()
        with entering(self.hikari):
            contents = drafts.read(deadline).contents().to_json()
            last = deadline.consultations.order_by("-number").first()
            same = last and (last.contents, last.question, last.withdrawn_at) == (contents, question, None)
        possible = deadline.state in OPEN_STATES and not same
        with self.refused(unless=possible), entering(self.hikari):
            one = consultations.show_draft(deadline, question=question, by=EDITORS[0], at=timezone.now())
            assert one.contents == contents
            self.shown.append((one, contents))

    @precondition(lambda self: self.shown)
    @rule(body=st.sampled_from(["人数を足してください", ""]), side=st.sampled_from(Side))
    def speak_about_the_draft(self, body: str, side: Side) -> None:
        one, _contents = self.shown[-1]
        one.refresh_from_db(fields=["withdrawn_at"])
        possible = bool(body) and one.withdrawn_at is None
        with self.refused(unless=possible), self.at(side):
            by = OFFICER if side == Side.DESK else EDITORS[1]
            consulting.say(one, side=side, body=body, by=by, at=timezone.now())

    @precondition(lambda self: self.shown)
    @rule()
    def stop_showing(self) -> None:
        with entering(self.hikari):
            consulting.withdraw(self.shown[-1][0], by=EDITORS[1], at=timezone.now())

    # the organization's steps

    @precondition(lambda self: self.is_one_of("awaiting", "returned"))
    @rule(stale=st.sampled_from([False, False, False, True]))
    def hand_in(self, stale: bool) -> None:
        deadline = self.fresh()
        with entering(self.hikari):
            copy = drafts.read(deadline)
            seen = "0" * 64 if stale else room_handing_in.fingerprint(copy)
            closed = room_handing_in.changed_though_closed(copy)
        too_late = deadline.state == DeadlineState.AWAITING and self.has_closed(deadline)
        possible = deadline.state in OPEN_STATES and not (stale or closed or too_late)
        possible = possible and copy.findings.may_be_handed_in
        now = timezone.now()
        today = self.today()
        due = deadline.effective_due_on
        approval = Approval(approved_by="施設長", manner=ApprovalManner.MEETING, approved_on=today)
        with self.refused(unless=possible), entering(self.hikari):
            filing = room_handing_in.hand_in(deadline, approval=approval, seen=seen, by=APPROVER, at=now)
            assert filing.days_late == max(0, (today - due).days)
            self.filed(filing)

    @precondition(lambda self: self.is_one_of("handed_in"))
    @rule()
    def recall(self) -> None:
        deadline = self.fresh()
        possible = (
            deadline.state == DeadlineState.HANDED_IN
            and deadline.reading_began_at is None
            and deadline.returned_at is None
            and not self.has_closed(deadline)
        )
        with self.refused(unless=possible), entering(self.hikari):
            handing_in.recall(deadline, by=APPROVER, at=timezone.now())
            self.lateness = None

    @precondition(lambda self: self.is_one_of("returned"))
    @rule(anchor=st.sampled_from([*ANCHORS, "no such part"]), reason=reasons)
    def open_another(self, anchor: str, reason: str) -> None:
        deadline = self.fresh()
        possible = (
            deadline.state == DeadlineState.RETURNED and anchor != "no such part" and bool(reason.strip())
        )
        with self.refused(unless=possible), entering(self.hikari):
            parts.open_another(deadline, anchor=anchor, reason=reason, by=EDITORS[0], at=timezone.now())
            assert anchor in parts.opened_of(self.fresh())

    @precondition(lambda self: self.is_one_of("handed_in", "returned"))
    @rule(body=st.sampled_from(["書き足しました", "おりの通りです"]), done=st.booleans())
    def answer(self, body: str, done: bool) -> None:
        asked = Comment.objects.filter(deadline=self.deadline, answers=None).order_by("-pk").first()
        if asked is None:
            return
        with entering(self.hikari):
            deadline = self.fresh()
            room_comments.answer_all(deadline, bodies={asked.pk: body}, by=EDITORS[1], at=timezone.now())
            room_comments.mark(deadline, asked.pk, done=done, by=EDITORS[1], at=timezone.now())
        assert asked.replies.filter(body=body).count() == 1, "sent once, however often it is posted"

    # the desk's steps

    @precondition(lambda self: self.is_one_of("handed_in"))
    @rule()
    def begin_to_read(self) -> None:
        deadline = self.fresh()
        reviewing.begin_reading(deadline, by=OFFICER, at=timezone.now())
        if deadline.state == DeadlineState.HANDED_IN:
            assert self.fresh().reading_began_at is not None

    @precondition(lambda self: self.is_one_of("handed_in"))
    @rule(anchors=some_anchors, everything=st.booleans(), stale=st.sampled_from([False, False, True]))
    def send_back(self, anchors: list[str], everything: bool, stale: bool) -> None:
        deadline = self.fresh()
        filing = self.some_filing(stale=stale)
        if filing is None:
            return
        possible = deadline.state == DeadlineState.HANDED_IN and filing.pk == deadline.current_filing_id
        remarks = [Remark("ご確認ください"), *(Remark("ここは？", anchor=one) for one in anchors)]
        with self.refused(unless=possible):
            reviewing.send_back(
                deadline,
                filing=filing,
                remarks=remarks,
                everything=everything,
                due_on=self.in_days(7),
                by=OFFICER,
                at=timezone.now(),
            )
            opened = parts.opened_of(self.fresh())
            assert opened.everything is (everything or not anchors)
            assert all(one in opened for one in anchors)

    @precondition(lambda self: self.is_one_of("handed_in"))
    @rule(stale=st.sampled_from([False, False, True]))
    def accept(self, stale: bool) -> None:
        deadline = self.fresh()
        filing = self.some_filing(stale=stale)
        if filing is None:
            return
        possible = deadline.state == DeadlineState.HANDED_IN and filing.pk == deadline.current_filing_id
        with self.refused(unless=possible):
            reviewing.accept(deadline, filing=filing, by=OFFICER, at=timezone.now())

    @precondition(lambda self: self.is_one_of("accepted"))
    @rule(reason=reasons)
    def reopen(self, reason: str) -> None:
        deadline = self.fresh()
        possible = deadline.state == DeadlineState.ACCEPTED and bool(reason.strip())
        with self.refused(unless=possible):
            due_on = self.in_days(3)
            reviewing.reopen(deadline, reason=reason, due_on=due_on, by=OFFICER, at=timezone.now())

    @precondition(lambda self: self.is_one_of("awaiting"))
    @rule(reason=reasons)
    def waive(self, reason: str) -> None:
        deadline = self.fresh()
        possible = deadline.state == DeadlineState.AWAITING and bool(reason.strip())
        with self.refused(unless=possible):
            deadlines.waive(deadline, reason=reason, by=OFFICER, at=timezone.now())

    @precondition(lambda self: self.is_one_of("waived"))
    @rule()
    def require_again(self) -> None:
        deadline = self.fresh()
        with self.refused(unless=deadline.state == DeadlineState.WAIVED):
            deadlines.require_again(deadline, by=OFFICER, at=timezone.now())

    @precondition(lambda self: self.is_one_of("awaiting"))
    @rule(days=st.integers(min_value=-1, max_value=4), reason=reasons, sure=st.booleans())
    def extend(self, days: int, reason: str, sure: bool = False) -> None:
        deadline = self.fresh()
        to, allowed = deadline.due_on + timedelta(days=days), deadline.extended_to
        asked = extensions.open_request(deadline) is not None
        later = days > 0 and to >= self.today()
        less = allowed is not None and to < allowed
        fits = later and (sure or not less) and not (asked and to <= (allowed or deadline.due_on))
        same = allowed == to and not asked  # sent twice
        possible = deadline.state == DeadlineState.AWAITING and bool(reason.strip()) and (fits or same)
        with self.refused(unless=possible):
            deadlines.extend(deadline, to=to, reason=reason, sure=sure, by=OFFICER, at=timezone.now())

    # small corrections

    @precondition(lambda self: self.is_one_of("handed_in"))
    @rule(place=st.sampled_from(CORRECTIONS), stale=st.sampled_from([False, False, True]))
    def propose(self, place: tuple[str, Aspect, str], stale: bool) -> None:
        deadline = self.fresh()
        filing = self.some_filing(stale=stale)
        if filing is None:
            return
        anchor, aspect, new = place
        old = corrections.places(Contents.from_json(filing.contents)).get((anchor, aspect), "")
        there = deadline.corrections.filter(anchor=anchor, aspect=aspect, state=CorrectionState.OPEN).first()
        possible = (
            deadline.state == DeadlineState.HANDED_IN
            and deadline.reading_began_at is not None
            and filing.pk == deadline.current_filing_id
            and old not in {"", new}
            and (there is None or there.new == new)
        )
        with self.refused(unless=possible):
            correcting.propose(
                deadline, filing=filing, anchor=anchor, aspect=aspect, new=new, by=OFFICER, at=timezone.now()
            )

    @precondition(lambda self: self.is_one_of("handed_in"))
    @rule(count=st.integers(min_value=1, max_value=2), settled=st.booleans())
    def take(self, count: int, settled: bool) -> None:
        deadline = self.fresh()
        state = CorrectionState.DECLINED if settled else CorrectionState.OPEN
        wanted = [one.pk for one in deadline.corrections.filter(state=state).order_by("pk")[:count]]
        before = deadline.days_late
        possible = bool(wanted) and not settled and deadline.state == DeadlineState.HANDED_IN
        with self.refused(unless=possible), entering(self.hikari):
            room_corrections.take(deadline, wanted=wanted, by=EDITORS[0], at=timezone.now())
            after = self.fresh()
            assert (after.state, after.days_late) == (DeadlineState.HANDED_IN, before)
            assert after.reading_began_at == deadline.reading_began_at
            self.filed(Filing.objects.get(deadline=after, revision=after.last_revision))

    @rule(withdrawn=st.booleans())
    def settle(self, withdrawn: bool) -> None:
        one = self.deadline.corrections.order_by("-pk").first()
        if one is None:
            return
        with self.refused(unless=one.state == CorrectionState.OPEN):
            if withdrawn:
                correcting.withdraw(one, by=OFFICER, at=timezone.now())
            else:
                with entering(self.hikari):
                    correcting.decline(one, word="このままで", by=APPROVER, at=timezone.now())

    # on, and out of turn

    @rule(
        decision=st.sampled_from(["send_back", "accept", "recall", "correct", "correct"]),
        anchors=some_anchors,
    )
    def go_on(self, decision: str, anchors: list[str]) -> None:
        """The step that comes next as a rule: so that lives become long."""
        if self.is_one_of("awaiting", "returned"):
            self.hand_in(stale=False)
        elif self.is_one_of("waived"):
            self.require_again()
        elif self.is_one_of("accepted"):
            self.reopen(reason="数え直しのため")
        elif decision == "recall":
            self.recall()
        elif decision == "correct":
            self.begin_to_read()
            for place in CORRECTIONS[: len(anchors) + 1]:
                self.propose(place=place, stale=False)
            self.take(count=2, settled=False)
        elif decision == "send_back":
            self.send_back(anchors=anchors, everything=False, stale=False)
        else:
            self.accept(stale=False)

    go_on_again = go_on

    @rule(step=st.sampled_from(sorted(OUT_OF_TURN)))
    def out_of_turn(self, step: str) -> None:
        """Any step, whatever the state: most are refused."""
        getattr(self, step)(**OUT_OF_TURN[step])

    # past the rules

    @rule(room=st.booleans())
    def no_step_past_the_rules(self, room: bool) -> None:
        state = str(self.fresh().state)
        possible = raw.OF_THE_ROOM if room else raw.OF_THE_DESK
        with self.at(Side.ROOM if room else Side.DESK):
            for to in DeadlineState.values:
                if to != state and ((state, to) not in possible or to == "handed_in"):
                    assert raw.step_is_refused(self.deadline, to), f"{state} -> {to}"

    @rule(what=st.sampled_from(sorted(raw.MEDDLING)), room=st.booleans())
    def nothing_is_meddled_with(self, what: str, room: bool) -> None:
        with self.at(Side.ROOM if room else Side.DESK):
            assert raw.is_refused(raw.MEDDLING[what], self.deadline.pk)

    # what holds after every step

    @invariant()
    def nothing_handed_in_is_lost_or_altered(self) -> None:
        found = list(Filing.objects.filter(deadline=self.deadline).order_by("revision"))
        assert {filing.pk for filing in found} == set(self.copies)
        for filing in found:
            assert is_sound(filing)
            assert copy_of(filing) == self.copies[filing.pk]
        assert [filing.revision for filing in found] == list(range(1, len(found) + 1)), "no gaps"

    @invariant()
    def the_latest_that_was_not_recalled_counts(self) -> None:
        deadline = self.fresh()
        if deadline.state in {DeadlineState.AWAITING, DeadlineState.WAIVED}:
            assert deadline.current_filing_id is None
        else:
            assert deadline.current_filing_id == max(self.copies)

    @invariant()
    def lateness_stays_that_of_the_first_revision(self) -> None:
        deadline = self.fresh()
        known = (deadline.first_handed_in_at, deadline.days_late)
        assert known == (self.lateness or (None, None))

    @invariant()
    def at_most_one_return_is_open(self) -> None:
        deadline = self.fresh()
        if deadline.state == DeadlineState.RETURNED:
            parts_of = set(
                OpenPart.objects.filter(filing=deadline.current_filing).values_list("side", flat=True)
            )
            assert Side.DESK in parts_of, "a return opens something"
        moves = Event.objects.filter(deadline_id=deadline.pk).order_by("pk")
        open_returns = 0
        for event in moves:
            if event.action in {"returned", "reopened"}:
                open_returns += 1
            elif event.action == "handed_in_again":
                open_returns -= 1
            assert open_returns in {0, 1}
        assert open_returns == (deadline.state == DeadlineState.RETURNED)

    @invariant()
    def the_trail_leads_to_where_the_report_stands(self) -> None:
        deadline = self.fresh()
        told = replaying.replay(Event.objects.filter(deadline_id=deadline.pk).order_by("pk"))
        assert told == replaying.Stand(deadline.state, deadline.current_filing_id, deadline.days_late)

    @invariant()
    def the_working_copy_follows_what_was_handed_in(self) -> None:
        deadline = self.fresh()
        if deadline.state not in {DeadlineState.HANDED_IN, DeadlineState.ACCEPTED}:
            return
        paper = Filing.objects.get(deadline=deadline, revision=deadline.last_revision).contents
        with entering(self.hikari):
            draft = drafts.read(deadline).contents().to_json()
        assert (draft["rows"], draft["answers"]) == (paper["rows"], paper["answers"])

    @invariant()
    def corrections_are_open_only_while_the_report_is_read(self) -> None:
        still_open = self.deadline.corrections.filter(state=CorrectionState.OPEN).exists()
        assert not still_open or self.fresh().state == DeadlineState.HANDED_IN

    @invariant()
    def what_was_shown_stays(self) -> None:
        for one, contents in self.shown:
            one.refresh_from_db(fields=["contents"])
            assert one.contents == contents

    @invariant()
    def what_is_checked_at_the_end_of_a_transaction_holds(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
