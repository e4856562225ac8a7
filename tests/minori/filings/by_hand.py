"""Filings written past every rule: what a room could try with raw SQL."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from minori.audit.trail import Actor
from minori.filings.enums import Came
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.report_forms.contents import hash_of, part_hashes_of
from minori.tenancy.rooms import current_room_id

Json = dict[str, Any]


def refusal(*statements: tuple[str, Iterable[Any]]) -> str:
    """What the database says to these statements of one transaction, its end included; "" where it takes them.

    Nothing of them stays.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for query, params in statements:
                cursor.execute(query, list(params))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as refused:
        return str(refused)
    return ""


def next_filing(
    deadline: Deadline,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    days_late: int | None = None,
    ahead: int = 1,
    paper: Callable[[Json], Any] | None = None,
    **columns: Any,
) -> Filing:
    """The newest filing once more as the next revision, honest but for what is said here; not saved.

    `paper` changes the contents in place or returns others; `columns` are written as they are. The hashes fit then.
    """
    last = Filing.objects.filter(deadline=deadline).order_by("-revision")[0]
    at = at or timezone.now()
    zone = deadline.grant.programme.distributor.zone
    contents = last.contents
    by = by or Actor(last.handed_in_by_id, last.handed_in_by_name)
    head = contents["head"]
    head["revision"] = last.revision + ahead
    head["handed_in_on"] = at.astimezone(zone).date().isoformat()
    head["handed_in_by"] = {"id": "" if by.person_id is None else str(by.person_id), "name": by.name}
    if paper is not None:
        contents = paper(contents) or contents
    try:
        hashes: Json = part_hashes_of(contents)
    except (KeyError, TypeError, AttributeError):
        hashes = {}
    late = deadline.lateness(at.astimezone(zone).date()) if days_late is None else days_late
    fields = {
        "pk": None,
        "revision": last.revision + ahead,
        "contents": contents,
        "part_hashes": hashes,
        "hash": hash_of(hashes),
        "handed_in_at": at,
        "handed_in_by_id": by.person_id,
        "handed_in_by_name": by.name,
        "days_late": late,
        "came": Came.HISTORY if current_room_id() is None else Came.ROOM,
    } | columns
    for name, value in fields.items():
        setattr(last, name, value)
    last._state.adding = True
    return last


def come(filing: Filing) -> str:
    """What the database says as the filing is written; "" where it takes it. Nothing stays."""
    try:
        with transaction.atomic():
            filing.save(force_insert=True)
            transaction.set_rollback(True)
    except DatabaseError as refused:
        return str(refused)
    return ""


TELL = (
    "INSERT INTO public.audit_event (at, action, person_id, person_name, organization_id, round_id, grant_id, deadline_id,"
    " filing_id, from_state, to_state, details) SELECT now(), %s, %s, %s, d.organization_id, d.round_id, d.grant_id, d.id,"
    " f.id, %s, 'handed_in', jsonb_build_object('hash', f.hash, 'days_late', f.days_late)"
    " FROM public.filings_filing f JOIN public.programmes_deadline d ON d.id = f.deadline_id WHERE f.id = %s"
)


def telling(
    filing: Filing, *, before: str = "awaiting", by: Actor | None = None
) -> tuple[str, tuple[Any, ...]]:
    """The statement that tells of a filing handed in, for after its report went on to it."""
    action = "handed_in" if before == "awaiting" else "handed_in_again"
    by = by or Actor(filing.handed_in_by_id, filing.handed_in_by_name)
    return TELL, (action, by.person_id, by.name, before, filing.pk)
