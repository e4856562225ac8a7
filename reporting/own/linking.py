"""Linking rows of organizations' plans with rows of the own plan: proposed by Minori, confirmed by officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.programmes.models import Grant
from minori.report_forms.framework import Level
from reporting.own import queries
from reporting.own.enums import Basis
from reporting.own.models import RowLink


class LinkRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """What cannot be linked, or no longer; `str()` is the sentence for the person."""


@dataclass(frozen=True)
class Pair:
    """A row of a grantee's plan and the row of the own plan that it belongs to; None: to none of them."""

    grant_id: int
    row: UUID
    own_row: UUID | None


def confirm(own: Grant, *, pairs: Sequence[Pair], by: Actor, at: datetime) -> list[RowLink]:
    """Confirm links, all of them or none. Holds the own grant's lock; what is linked already stays as it is.

    A row that somebody had said belongs to none is linked all the same: that answer ends. Raises `LinkRefused` for a row
    that the newest plans do not have, for one of another programme, and where a linked row shall belong to none.
    """
    with transaction.atomic():
        Grant.objects.select_for_update(of=("self",)).get(pk=own.pk)
        plans = queries.plans(own)
        standing = {(one.grant_id, one.row_uuid, one.own_row_uuid): one for one in queries.standing(own)}
        made = []
        for pair in dict.fromkeys(pairs):
            key = (pair.grant_id, pair.row, pair.own_row)
            if key in standing:
                continue
            _must_be_possible(pair, plans, linked=[one for one in standing if one[:2] == key[:2]])
            none = standing.pop((pair.grant_id, pair.row, None), None)
            if none is not None:
                _end(none, reason=str(_("linked with a row")), by=by, at=at)
            standing[key] = RowLink.objects.create(
                own_grant=own,
                own_row_uuid=pair.own_row,
                grant_id=pair.grant_id,
                row_uuid=pair.row,
                basis=_basis(pair, plans),
                linked_at=at,
                linked_by_id=by.person_id,
                linked_by_name=by.name,
            )
            made.append(standing[key])
        if made:
            _record(Action.ROWS_LINKED, own, by=by, at=at, count=len(made), links=[one.pk for one in made])
    return made


def end(link: RowLink, *, reason: str, by: Actor, at: datetime) -> RowLink:
    """End a link with a reason; it stays in the history. Raises `LinkRefused`."""
    if not reason.strip():
        raise LinkRefused(_("Give the reason."))
    with transaction.atomic():
        own = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("programme")
            .get(pk=link.own_grant_id)
        )
        locked = RowLink.objects.get(pk=link.pk)
        if locked.ended_at is not None:
            raise LinkRefused(_("This link has ended already."))
        _end(locked, reason=reason.strip(), by=by, at=at)
        _record(Action.ROW_LINKS_ENDED, own, by=by, at=at, link=link.pk, reason=reason.strip())
    return locked


def _must_be_possible(
    pair: Pair, plans: queries.Plans, *, linked: Sequence[tuple[int, UUID, UUID | None]]
) -> None:
    theirs = plans.theirs.get(pair.grant_id)
    row = None if theirs is None else theirs.find_row(pair.row)
    if row is None or row.level is Level.ACTIVITY:
        raise LinkRefused(_("The organization’s plan does not have this row any more."))
    if pair.own_row is None:
        if linked:
            raise LinkRefused(_("The row is linked already. End that link first."))
        return
    own_row = plans.own.find_row(pair.own_row)
    if own_row is None or own_row.level is Level.ACTIVITY:
        raise LinkRefused(_("Your own plan does not have this row any more."))


def _basis(pair: Pair, plans: queries.Plans) -> str:
    """What spoke for the link when it was confirmed."""
    if pair.own_row is None:
        return Basis.HAND.value
    found = plans.proposed(pair.grant_id)[pair.row]
    signs = next((one.signs for one in found if one.row.uuid == pair.own_row), ())
    return ",".join(Basis(one.value).value for one in signs) or Basis.HAND.value


def _end(link: RowLink, *, reason: str, by: Actor, at: datetime) -> None:
    link.ended_at, link.ended_by_id, link.ended_by_name = at, by.person_id, by.name
    link.ended_reason = reason
    link.save(update_fields=["ended_at", "ended_by_id", "ended_by_name", "ended_reason"])


def _record(action: Action, own: Grant, *, by: Actor, at: datetime, **details: object) -> None:
    """An event of the own side: nothing that is compiled depends on it, and rooms read no event of it."""
    record(
        action,
        by=by,
        at=at,
        distributor_id=own.programme.distributor_id,
        programme_id=own.programme_id,
        details=details,
    )
