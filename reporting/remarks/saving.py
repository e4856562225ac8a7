"""Saving remarks, one by one: two officers and an old page overwrite nothing unseen."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from minori.audit.trail import Actor
from minori.programmes.models import Round
from minori.ui import addresses
from reporting.remarks.models import Remark, RemarkRevision

SITTING = timedelta(minutes=10)
"""Saves that follow each other within this time, by one person, leave one revision: what stood there before."""

Key = int | None
"""A grant's id, or None for the remark about the whole round."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """Which save a page shows (0: nothing had been saved), and the mark of the text it showed."""

    version: int = 0
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.version};{self.mark}"


@dataclass(frozen=True, kw_only=True)
class Given:
    """One remark as a page posts it. `prefer` decides a conflict that was shown with the save `seen`."""

    text: str
    stamp: Stamp
    prefer: Literal["mine", "theirs"] | None = None
    seen: int = 0


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The page that posts; `turn` counts its posts, `before` is the page whose unsaved texts it took over.

    `by_itself`: nobody pressed a button, so the save goes on with the sitting.
    """

    page: str = ""
    turn: int = 0
    before: str = ""
    by_itself: bool = False


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Two texts in one place; neither is lost, the person decides."""

    key: Key
    mine: str
    theirs: Remark
    own: bool


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of a post: `standing` are the remarks as they stand now, `written` those that were changed."""

    standing: Mapping[Key, Remark]
    written: frozenset[Key]
    conflicts: Mapping[Key, Conflict]


def stamp_of(remark: Remark | None) -> Stamp:
    """The stamp of a page that shows this remark."""
    return (
        Stamp(version=remark.version, mark=_mark(remark.text)) if remark else Stamp(version=0, mark=_mark(""))
    )


def read_stamp(text: str) -> Stamp:
    """The stamp a page posts; anything else is "nothing was there", so that the person is asked."""
    number, _sign, mark = text[:40].partition(";")
    version = addresses.number(number)
    return Stamp() if version is None else Stamp(version=version, mark=mark)


def save(
    round_: Round, *, given: Mapping[Key, Given], by: Actor, at: datetime, sender: Sender | None = None
) -> Saved:
    """Write the remarks that were changed, and only those, in one transaction.

    Posting the same twice writes once; what an old page merely carries along is left as it stands. What stood there
    is kept as a revision, and so is the text that was not chosen in a conflict. Holds the locks of the posted remarks.
    """
    sender = sender or Sender()
    written: set[Key] = set()
    conflicts: dict[Key, Conflict] = {}
    with transaction.atomic():
        standing = _hold(round_, given)
        for key, one in given.items():
            remark = standing[key]
            match _fate(remark, one, sender):
                case "write":
                    _write(remark, one, by=by, at=at, sender=sender)
                    written.add(key)
                case "set aside":
                    _keep(remark, text=one.text, by=by, at=at, set_aside=True)
                case "ask":
                    own = by.person_id is not None and remark.saved_by_id == by.person_id
                    conflicts[key] = Conflict(key=key, mine=one.text, theirs=remark, own=own)
    return Saved(standing=standing, written=frozenset(written), conflicts=conflicts)


def _hold(round_: Round, keys: Iterable[Key]) -> dict[Key, Remark]:
    wanted = list(keys)
    Remark.objects.bulk_create([Remark(round=round_, grant_id=key) for key in wanted], ignore_conflicts=True)
    held = Remark.objects.select_for_update().filter(round=round_).order_by("pk")
    return {one.grant_id: one for one in held if one.grant_id in set(wanted)}


def _fate(remark: Remark, one: Given, sender: Sender) -> Literal["write", "set aside", "ask", "leave"]:
    came_later = bool(sender.page) and remark.page == sender.page and remark.turn > sender.turn
    if one.text == remark.text or came_later:
        return "leave"
    if one.prefer and one.seen == remark.version:
        return "write" if one.prefer == "mine" else "set aside"
    if one.stamp.version != remark.version and one.stamp.mark == _mark(one.text):
        return "leave"  # the page carries it along unchanged; somebody else wrote
    own_page = bool(remark.page) and remark.page in (sender.page, sender.before)
    if one.stamp.version == remark.version or own_page or not remark.text:
        return "write"
    return "ask"


def _write(remark: Remark, one: Given, *, by: Actor, at: datetime, sender: Sender) -> None:
    goes_on = (
        sender.by_itself
        and one.prefer is None
        and by.person_id is not None
        and remark.saved_by_id == by.person_id
        and remark.sitting_began_at is not None
        and timedelta(0) <= at - remark.sitting_began_at < SITTING
    )
    if not goes_on:
        if remark.saved_at is not None:
            before = Actor(person_id=remark.saved_by_id, name=remark.saved_by_name)
            _keep(remark, text=remark.text, by=before, at=remark.saved_at, set_aside=one.prefer == "mine")
        remark.sitting_began_at = at
    remark.text, remark.version = one.text, remark.version + 1
    remark.saved_at, remark.saved_by_id, remark.saved_by_name = at, by.person_id, by.name
    remark.page, remark.turn = sender.page, sender.turn
    remark.save()


def _keep(remark: Remark, *, text: str, by: Actor, at: datetime, set_aside: bool) -> None:
    RemarkRevision.objects.create(
        remark=remark,
        version=remark.version,
        text=text,
        saved_at=at,
        saved_by_id=by.person_id,
        saved_by_name=by.name,
        set_aside=set_aside,
    )


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
