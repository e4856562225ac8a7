"""What was asked about a report, with the answers to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from minori.filings.models import Comment


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A comment of the distributor with the answers to it."""

    comment: Comment
    replies: tuple[Comment, ...]


def threads_of(comments: Iterable[Comment]) -> dict[str, list[Thread]]:
    """The comments by anchor, each with its answers, in the order they were written."""
    found = list(comments)
    replies: dict[int, list[Comment]] = {}
    for one in found:
        if one.answers_id is not None:
            replies.setdefault(one.answers_id, []).append(one)
    threads: dict[str, list[Thread]] = {}
    for one in found:
        if one.answers_id is None:
            thread = Thread(comment=one, replies=tuple(replies.get(one.pk, ())))
            threads.setdefault(one.anchor, []).append(thread)
    return threads
