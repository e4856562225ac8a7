"""Programmes and deadlines read as sentences."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce

from minori.programmes.enums import DeadlineState

if TYPE_CHECKING:
    from minori.programmes.models import Deadline, Programme  # noqa: F401 - named in the bases below


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes read as sentences."""

    def funding(self) -> "ProgrammeQuerySet":
        """Those that fund organizations: without the sides that hold a distributor's own plan."""
        return self.filter(answers_for=None)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines read as sentences."""

    def with_effective_due_on(self) -> "DeadlineQuerySet":
        """Annotate `effective_due`: the return's own date, else the extension, else the due date."""
        return self.annotate(
            effective_due=models.Case(
                models.When(
                    state=DeadlineState.RETURNED, then=Coalesce("returned_due_on", "extended_to", "due_on")
                ),
                default=Coalesce("extended_to", "due_on"),
            )
        )

    def awaiting_the_organization(self) -> "DeadlineQuerySet":
        """Nothing handed in, or sent back."""
        return self.filter(state__in=[DeadlineState.AWAITING, DeadlineState.RETURNED])
