"""A distributor's own lists of holidays, and the calendar of offices that a programme's dates follow."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.programmes.enums import OPEN_STATES, Weekend
from minori.programmes.holidays import BusinessDay, business_days_in, business_days_without
from minori.programmes.models import Deadline, Distributor, Holiday, HolidayList, Programme


class NameTaken(ValueError):  # noqa: N818 - shown to people as a sentence
    """The distributor has a list with this name; `str()` is the sentence for the person."""


class ListInUse(ValueError):  # noqa: N818 - shown to people as a sentence
    """A programme follows the list; `str()` is the sentence for the person."""


def works_in(programme: Programme) -> BusinessDay:
    """Whether offices work on a day, by the programme's own list, else as its distributor's time zone has it."""
    if programme.holidays_id is None:
        return business_days_in(programme.distributor.time_zone)
    return works_by([programme.holidays_id])[programme.holidays_id]


def works_by(list_ids: Collection[int]) -> Mapping[int, BusinessDay]:
    """The calendars of offices of lists, by list; two queries, none for no list."""
    if not list_ids:
        return {}
    days: dict[int, list[date]] = {pk: [] for pk in list_ids}
    for pk, on in Holiday.objects.filter(of__in=list_ids).order_by("pk").values_list("of_id", "on"):
        days[pk].append(on)
    weekends = HolidayList.objects.filter(pk__in=list_ids).order_by("pk").values_list("pk", "weekend")
    return {
        pk: business_days_without(days[pk], weekend=Weekend(weekend).weekdays) for pk, weekend in weekends
    }


def create(
    distributor: Distributor,
    *,
    name: str,
    weekend: str,
    days: Mapping[date, str],
    filename: str,
    by: Actor,
    at: datetime,
) -> HolidayList:
    """A new list with its days. Raises NameTaken; then nothing is written. Recorded at the distributor."""
    with _named(), transaction.atomic():
        made = HolidayList.objects.create(
            distributor=distributor,
            name=name,
            weekend=weekend,
            filename=filename,
            uploaded_at=at,
            uploaded_by_id=by.person_id,
            uploaded_by_name=by.name,
        )
        _write_days(made, days, by=by, at=at)
    return made


def replace(
    list_: HolidayList,
    *,
    name: str,
    weekend: str,
    days: Mapping[date, str] | None,
    filename: str = "",
    by: Actor,
    at: datetime,
) -> HolidayList:
    """Another name or weekend for a list, and another file's days in place of all of its own (None: they stay).

    Reminders to come move with it; due dates that are set stay. Holds the list's row. Raises NameTaken.
    """
    with _named(), transaction.atomic():
        locked = HolidayList.objects.select_for_update(of=("self",)).get(pk=list_.pk)
        locked.name, locked.weekend = name, weekend
        if days is not None:
            locked.filename, locked.uploaded_at = filename, at
            locked.uploaded_by_id, locked.uploaded_by_name = by.person_id, by.name
        locked.save()
        _write_days(locked, days, by=by, at=at)
    return locked


def remove(list_: HolidayList, *, by: Actor, at: datetime) -> None:
    """Remove a list that no programme follows; recorded. Raises ListInUse. Holds the list's row."""
    with transaction.atomic():
        locked = HolidayList.objects.select_for_update(of=("self",)).get(pk=list_.pk)
        if locked.programmes.exists():
            raise ListInUse(_("A programme follows this list: choose another one there first."))
        record(
            Action.HOLIDAYS_REMOVED,
            by=by,
            at=at,
            distributor_id=locked.distributor_id,
            details={"name": locked.name, "days": locked.days.count()},
        )
        locked.delete()


def due_on_days_off(list_: HolidayList, *, today: date) -> list[Deadline]:
    """Open reports of the list's programmes that are due, from today on, when offices do not work; one query more
    than the calendar's."""
    works = works_by([list_.pk])[list_.pk]
    waiting = (
        Deadline.objects.with_effective_due_on()  # type: ignore[misc]  # the checker does not see what it adds
        .filter(grant__programme__holidays=list_, state__in=OPEN_STATES, effective_due__gte=today)
        .select_related("organization", "round", "grant")
        .order_by("effective_due", "pk")
    )
    return [one for one in waiting if not works(one.effective_due_on)]


@contextmanager
def _named() -> Iterator[None]:
    """The database's word about a name, in ours."""
    try:
        yield
    except IntegrityError as error:
        if "one_list_of_holidays_per_name" not in str(error):
            raise
        raise NameTaken(_("There is a list with this name already.")) from error


def _write_days(list_: HolidayList, days: Mapping[date, str] | None, *, by: Actor, at: datetime) -> None:
    if days is not None:
        list_.days.all().delete()
        Holiday.objects.bulk_create(Holiday(of=list_, on=on, name=name) for on, name in sorted(days.items()))
    record(
        Action.HOLIDAYS_UPLOADED,
        by=by,
        at=at,
        distributor_id=list_.distributor_id,
        details={"name": list_.name, "weekend": list_.weekend}
        | ({} if days is None else {"days": len(days), "file": list_.filename}),
    )
