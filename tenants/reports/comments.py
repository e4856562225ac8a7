"""What the officer asked and what was answered, at its place in the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from minori.audit.trail import Actor
from minori.filings import handing_in as hatch
from minori.filings.models import Comment
from minori.filings.reviewing import says_nothing_of_its_own
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline


@dataclass(frozen=True)
class Thread:
    """One comment with its answers. `anchor` is a field's key, a row's UUID as text, or "" for the whole report.

    `typed` is an answer that somebody wrote and that has not been sent yet.
    """

    comment: Comment
    replies: tuple[Comment, ...]
    typed: str = ""

    @property
    def anchor(self) -> str:
        """Where it stands."""
        return self.comment.anchor

    @property
    def asks(self) -> bool:
        """Whether it asks something: the words that every return is prefilled with do not."""
        return bool(self.anchor) or not says_nothing_of_its_own(self.comment.body)

    @property
    def is_settled(self) -> bool:
        """Whether somebody has marked it as dealt with."""
        return self.comment.dealt_with_at is not None

    @property
    def is_answered(self) -> bool:
        """Whether the organization has answered."""
        return bool(self.replies)


def threads_of(deadline_ids: Iterable[int]) -> dict[int, list[Thread]]:
    """The threads of these reports by deadline, oldest first; one query."""
    roots: dict[int, list[Comment]] = {pk: [] for pk in deadline_ids}
    replies: dict[int, list[Comment]] = {}
    comments = Comment.objects.filter(deadline_id__in=roots).order_by("at", "pk")
    for comment in comments:
        if comment.answers_id is None:
            roots[comment.deadline_id].append(comment)
        else:
            replies.setdefault(comment.answers_id, []).append(comment)
    return {
        pk: [Thread(comment=one, replies=tuple(replies.get(one.pk, ()))) for one in of_report]
        for pk, of_report in roots.items()
    }


def open_ones(deadline: Deadline, threads: Iterable[Thread]) -> list[Thread]:
    """The threads still waiting for the organization: only a report that was sent back has such, and only what asks."""
    if deadline.state != DeadlineState.RETURNED:
        return []
    return [thread for thread in threads if thread.asks and not thread.is_settled]


def with_typed(threads: Iterable[Thread], bodies: Mapping[int, str]) -> list[Thread]:
    """The threads with the answers that were typed into a page and not sent, by their comments' primary keys."""
    return [replace(thread, typed=bodies.get(thread.comment.pk, "")) for thread in threads]


def at(threads: Iterable[Thread], anchors: Iterable[str]) -> list[Thread]:
    """The threads that stand at one of these anchors."""
    wanted = set(anchors)
    return [thread for thread in threads if thread.anchor in wanted]


def answer_all(deadline: Deadline, *, bodies: Mapping[int, str], by: Actor, at: datetime) -> list[Comment]:
    """Send the answers that were written, by the primary keys of their comments; blank ones are passed over.

    The same answer of the same person to the same comment is sent once, however often it is posted. Comments of
    another report are passed over.
    """
    written = {pk: body.strip() for pk, body in bodies.items() if body.strip()}
    if not written:
        return []
    sent: list[Comment] = []
    with transaction.atomic():
        locked = hatch.lock(deadline)
        asked = Comment.objects.filter(deadline=locked, pk__in=written, answers=None)
        for comment in asked.prefetch_related("replies").order_by("pk"):
            body = written[comment.pk]
            if any(one.body == body and one.by_id == by.person_id for one in comment.replies.all()):
                continue
            sent.append(hatch.answer(comment, body=body, by=by, at=at))
    return sent


def mark(deadline: Deadline, pk: int, *, done: bool, by: Actor, at: datetime) -> Comment | None:
    """Mark a comment of this report as dealt with, or take the mark back; None when it is not of this report."""
    with transaction.atomic():
        # ordered by itself: its natural order would join, and so lock, tables that a room may only read
        own = Comment.objects.select_for_update().filter(deadline=deadline, pk=pk, answers=None)
        comment = own.order_by("pk").first()
        if comment is not None and (comment.dealt_with_at is None) is done:
            hatch.deal_with(comment, by=by, at=at, done=done)
        return comment
