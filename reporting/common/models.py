"""Common indicators of a programme, and which of the organizations' indicators are mapped onto them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from minori.indicators.common import Aggregation
from reporting.common.enums import CommonRule


class CommonIndicator(models.Model):
    """A programme-wide indicator: the officer's, with the unit and the rule by which organizations' numbers become one.

    Unit and rule stay while anything is mapped onto it. A retired one is no longer compiled; it stays in the history.
    """

    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="common_indicators")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(pgettext_lazy("of an indicator", "name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    rule = models.CharField(_("rule"), max_length=20, choices=CommonRule)
    description = models.TextField(_("description"), blank=True)
    defined_at = models.DateTimeField()
    defined_by_id = models.BigIntegerField(null=True)
    defined_by_name = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["programme", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_common_indicator_per_number"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_common_indicator_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(retired_at=None, retired_by_name="")
                | models.Q(retired_at__isnull=False) & ~models.Q(retired_by_name=""),
                name="retired_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def aggregation(self) -> Aggregation:
        """Its rule as the calculation knows it."""
        return Aggregation(self.rule)

    def named(self, language: str) -> str:
        """Its name in a language, Japanese where there is no English one."""
        return self.name_en if language.startswith("en") and self.name_en else self.name

    @property
    def said(self) -> str:
        """Its name in the language of the page."""
        return self.named(get_language() or "ja")

    @property
    def said_otherwise(self) -> str:
        """Its name in the other language, "" where it has only one."""
        return self.name if self.said != self.name else self.name_en


class MappedIndicatorQuerySet(models.QuerySet["MappedIndicator"]):
    """Mappings read as sentences."""

    def standing(self) -> "MappedIndicatorQuerySet":
        """Those in force: not ended, onto an indicator that is not retired."""
        return self.filter(ended_at=None, common__retired_at=None)


class MappedIndicator(models.Model):
    """One organization's indicator mapped onto a common one, from when to when, by whom and why.

    By the indicator's identity, so it follows through the plan's versions. Never changed but for its end; never deleted.
    """

    common = models.ForeignKey(CommonIndicator, models.PROTECT, related_name="mapped")
    grant = models.ForeignKey("programmes.Grant", models.PROTECT, related_name="+")
    indicator_uuid = models.UUIDField()
    reason = models.TextField(_("reason"))
    mapped_at = models.DateTimeField()
    mapped_by_id = models.BigIntegerField(null=True)
    mapped_by_name = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    ended_by_name = models.TextField(blank=True)
    ended_reason = models.TextField(blank=True)

    objects = MappedIndicatorQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["common", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["common", "grant", "indicator_uuid"],
                condition=models.Q(ended_at=None),
                name="an_indicator_counts_once_in_a_common_one",
                violation_error_message=_("This indicator is mapped already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="a_mapping_says_why",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by_name="", ended_reason="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by_name="") & ~models.Q(ended_reason=""),
                name="an_ended_mapping_says_by_whom_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_uuid} onto {self.common_id}"
