"""Append-only events: who did what, when, from which state to which, in the transaction that did it."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from minori.audit.enums import INSIDE_A_ROOM, Action


class EventQuerySet(models.QuerySet["Event"]):
    """Events read as sentences."""

    def for_desk(self) -> "EventQuerySet":
        """Events that the distributor's pages show: without what people of an organization settle among themselves."""
        return self.exclude(action__in=INSIDE_A_ROOM)

    def about_rounds(self, *, programme_id: int, round_ids: Iterable[int]) -> "EventQuerySet":
        """Events of some rounds of a programme, and those of the whole programme."""
        in_these = models.Q(round_id__in=round_ids) | models.Q(round_id=None)
        return self.filter(in_these, programme_id=programme_id)


class Event(models.Model):
    """One step. Plain ids instead of foreign keys: the trail outlives and never blocks what it tells of."""

    at = models.DateTimeField()
    action = models.CharField(max_length=40, choices=Action)
    person_id = models.BigIntegerField(null=True)
    person_name = models.TextField(blank=True)
    distributor_id = models.BigIntegerField(null=True)
    organization_id = models.BigIntegerField(null=True)
    programme_id = models.BigIntegerField(null=True)
    round_id = models.BigIntegerField(null=True)
    grant_id = models.BigIntegerField(null=True)
    deadline_id = models.BigIntegerField(null=True)
    filing_id = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["programme_id", "round_id"], name="events_of_a_round"),
            models.Index(fields=["deadline_id"], name="events_of_a_deadline"),
            models.Index(fields=["organization_id", "at"], name="events_of_an_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.person_name}"
