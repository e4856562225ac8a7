"""Setting signals aside, with a note; taking them up again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.programmes.models import Grant
from reporting.signals.compiling import SignalLine
from reporting.signals.models import SetAside

Key = tuple[int, str, str, str]
LONGEST = 4000
"""Characters of a note at most."""


class AsideRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """What cannot be set aside; `str()` is the sentence for the person."""


@dataclass(frozen=True)
class Noticed:
    """A signal, and whether somebody has set it aside."""

    line: SignalLine
    aside: SetAside | None


def key(line: SignalLine) -> Key:
    """What a signal is recognised by: with another cause it is another one."""
    return line["grant"], line["kind"], line["place"], line["cause"]


def noticed(lines: Iterable[SignalLine], *, grant_ids: Collection[int] | None = None) -> list[Noticed]:
    """The signals with what is aside, in one read for any number of them."""
    kept = list(lines)
    grants = {line["grant"] for line in kept} if grant_ids is None else set(grant_ids)
    standing = SetAside.objects.raw(_STANDING, [sorted(grants)])
    aside = {(one.grant_id, one.kind, one.place, one.cause): one for one in standing}
    return [Noticed(line, aside.get(key(line))) for line in kept]


_STANDING = "SELECT * FROM signals_setaside WHERE ended_at IS NULL AND grant_id = ANY(%s) ORDER BY id"


def set_aside(line: SignalLine, *, grant: Grant, note: str, by: Actor, at: datetime) -> SetAside:
    """Set a signal of this grant aside; once, however often it is posted. Raises `AsideRefused` without a note, and where
    somebody has set it aside already with other words."""
    if not note.strip():
        raise AsideRefused(_("Write why it is set aside."))
    if len(note) > LONGEST:
        raise AsideRefused(
            _("The note is longer than %(most)s characters; nothing was set aside.") % {"most": LONGEST}
        )
    _grant, kind, place, cause = key(line)
    made, _new = SetAside.objects.standing().get_or_create(
        grant=grant,
        kind=kind,
        place=place,
        cause=cause,
        ended_at=None,
        defaults={"note": note.strip(), "at": at, "by_id": by.person_id, "by_name": by.name},
    )
    if made.note != note.strip():
        raise AsideRefused(
            _("%(who)s has set it aside already: “%(note)s”. Your note was not kept: %(yours)s")
            % {"who": made.by_name, "note": made.note, "yours": note.strip()}
        )
    return made


def take_up(aside: SetAside, *, by: Actor, at: datetime) -> None:
    """Take up again what was set aside; it stays in the history. Holds its lock; a second time does nothing."""
    with transaction.atomic():
        locked = SetAside.objects.select_for_update(of=("self",)).get(pk=aside.pk)
        if locked.ended_at is None:
            locked.ended_at, locked.ended_by_name = at, by.name
            locked.save(update_fields=["ended_at", "ended_by_name"])
