"""What the page of remarks posts."""

import re
from collections.abc import Collection

from django.http import QueryDict

from minori.report_forms.texts import clean
from minori.ui import addresses
from reporting.remarks.saving import Given, Key, Sender, read_stamp

OVERALL = "overall"
LONGEST = 20_000
_MILLISECONDS = re.compile(r"[0-9]{1,14}", re.ASCII)  # more is no date


class TooLong(ValueError):  # noqa: N818 - shown to people as a sentence
    """A text that nobody could read any more."""


def name_of(key: Key) -> str:
    """The name of a remark's field."""
    return OVERALL if key is None else f"grant-{key}"


def given_in(posted: QueryDict, *, grants: Collection[int]) -> dict[Key, Given]:
    """The remarks that were posted: about the round, and about grants that have a report in it; anything else is not
    taken. Raises `TooLong`."""
    found: dict[Key, Given] = {}
    for key in (None, *grants):
        name = name_of(key)
        if f"v-{name}" not in posted or name not in posted:
            continue
        text = clean(posted.get(name, "").replace("\r\n", "\n")).rstrip()
        if len(text) > LONGEST:
            raise TooLong
        chosen = posted.get(f"choose-{name}", "")
        found[key] = Given(
            text=text,
            stamp=read_stamp(posted.get(f"v-{name}", "")),
            prefer="mine" if chosen == "mine" else "theirs" if chosen == "theirs" else None,
            seen=addresses.number(posted.get(f"seen-{name}")) or 0,
        )
    return found


def sender_in(posted: QueryDict, *, by_itself: bool) -> Sender:
    """The page that posts."""
    return Sender(
        page=clean(posted.get("page", ""))[:60],
        turn=addresses.number(posted.get("turn")) or 0,
        before=clean(posted.get("before", ""))[:60],
        by_itself=by_itself,
    )


def since_in(post: QueryDict) -> int:
    """Up to which save the page knows the others' remarks, in milliseconds of the common clock; 0 knows none."""
    given = post.get("since", "")
    return int(given) if _MILLISECONDS.fullmatch(given) else 0
