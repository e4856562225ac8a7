"""What an officer means to ask: a list of their own, put together while reading."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minori.accounts.models import Person
from minori.programmes.models import Deadline
from minori.report_forms.texts import clean
from reporting.reading.models import ToAsk

RELATED = ("deadline__grant__organization", "deadline__grant__programme", "deadline__round")
LONGEST = 1000
LONGEST_ANCHOR = 100


class CannotBeKept(ValueError):  # noqa: N818 - shown to people as a sentence
    """Words that cannot be taken; `str()` says why."""


def open_of(person: Person, distributor_ids: Collection[int]) -> QuerySet[ToAsk]:
    """What the person still means to ask, of the distributors they work for now."""
    found = ToAsk.objects.filter(
        person=person, done_at=None, deadline__grant__programme__distributor__in=distributor_ids
    )
    return found.select_related(*RELATED)


def done_of(person: Person, distributor_ids: Collection[int], *, most: int = 20) -> list[ToAsk]:
    """What was asked, newest first."""
    found = ToAsk.objects.filter(
        person=person, done_at__isnull=False, deadline__grant__programme__distributor__in=distributor_ids
    )
    related = found.select_related(*RELATED)
    return list(related.order_by("-done_at", "-pk")[:most])


def put_down(deadline: Deadline, *, anchor: str, words: str, by: Person, at: datetime) -> ToAsk:
    """Put a place of a report on the person's list; the same words about the same place once, however often posted.

    Raises `CannotBeKept` for words that are too long, and for a place that no report can have.
    """
    words, anchor = clean(words).strip(), clean(anchor)
    if len(words) > LONGEST:
        raise CannotBeKept(_("That is too long: at most 1,000 characters."))
    if len(anchor) > LONGEST_ANCHOR:
        raise CannotBeKept(_("There is no such place in the report."))
    said = {"person": by, "deadline": deadline, "anchor": anchor, "words": words, "done_at": None}
    one, _made = ToAsk.objects.get_or_create(**said, defaults={"at": at})
    return one


def tick(one: ToAsk, *, at: datetime) -> ToAsk:
    """It was asked; done twice is done once."""
    if one.done_at is None:
        one.done_at = at
        one.save(update_fields=["done_at"])
    return one


def put_back(one: ToAsk) -> ToAsk:
    """It is to be asked after all; where the same is on the list again, that one stays."""
    same = {"person": one.person_id, "deadline": one.deadline_id, "anchor": one.anchor, "words": one.words}
    if one.done_at is not None and not ToAsk.objects.filter(**same, done_at=None).exists():
        one.done_at = None
        one.save(update_fields=["done_at"])
    return one
