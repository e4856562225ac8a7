"""Distributors, and the lists of holidays that they bring along."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minori.indicators.fiscal import APRIL, FiscalCalendar
from minori.programmes.enums import Weekend


class Distributor(models.Model):
    """A fund distributor (資金分配団体)."""

    name = models.CharField(pgettext_lazy("of an organization", "name"), max_length=200)
    name_kana = models.CharField(_("name in kana"), max_length=200, blank=True)
    slug = models.SlugField(_("address"), max_length=40, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    funder_name = models.CharField(_("its own funder"), max_length=200, blank=True)
    edition_labels = models.JSONField(_("completed labels of forms"), default=dict, blank=True)
    fiscal_year_begins = models.PositiveSmallIntegerField(
        _("fiscal year begins in"), default=APRIL, help_text="The month, 1 to 12; it begins on the first."
    )
    # null until it keeps a plan of its own: whoever writes reports is an organization with a room
    organization = models.OneToOneField(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_distributor",
        help_text="The organization that the distributor itself is.",
    )

    class Meta:
        ordering: ClassVar = ["name_kana", "name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(fiscal_year_begins__gte=1, fiscal_year_begins__lte=12),
                name="a_fiscal_year_begins_in_one_of_twelve_months",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Time zone in which its due dates end."""
        return ZoneInfo(self.time_zone)

    @property
    def fiscal_calendar(self) -> FiscalCalendar:
        """The years that yearly targets are judged by."""
        return FiscalCalendar(self.fiscal_year_begins)

    def local_date(self, at: datetime) -> date:
        """The date at the distributor's, whatever UTC says."""
        return at.astimezone(self.zone).date()


class HolidayList(models.Model):
    """Days on which offices do not work, as a distributor brought them along for its programmes.

    The days are those of the file that was uploaded last: replacing it replaces them all.
    """

    distributor = models.ForeignKey(Distributor, models.PROTECT, related_name="holiday_lists")
    name = models.CharField(pgettext_lazy("of a list", "name"), max_length=100)
    weekend = models.CharField(_("weekend"), max_length=10, choices=Weekend, default=Weekend.SATURDAY_SUNDAY)
    filename = models.CharField(_("file"), max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["distributor", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["distributor", "name"],
                name="one_list_of_holidays_per_name",
                violation_error_message=_("There is a list with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """One day of a list."""

    of = models.ForeignKey(HolidayList, models.CASCADE, related_name="days")
    on = models.DateField(_("date"))
    name = models.CharField(pgettext_lazy("of a day", "name"), max_length=200)

    class Meta:
        ordering: ClassVar = ["of", "on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "on"], name="a_list_names_a_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"
