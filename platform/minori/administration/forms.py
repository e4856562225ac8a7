"""Forms of the administration."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.accounts.fields import OneLine
from minori.programmes.models import Distributor

_CONTINENTS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)


# Japan and its neighbours, then where other funders sit.
LIKELY_ZONES = (
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Taipei",
    "Asia/Shanghai",
    "Asia/Manila",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)


def time_zones() -> list[str]:
    """The likely ones first, then the world by continent; zones kept only for their old names are left out."""
    places = {zone for zone in available_timezones() if zone.partition("/")[0] in _CONTINENTS}
    return [*LIKELY_ZONES, *sorted(places - set(LIKELY_ZONES))]


class DistributorForm(forms.ModelForm):  # type: ignore[type-arg]  # Django cannot be subscripted when it runs
    """A new distributor."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Due dates end at midnight there."),
        choices=[(zone, zone.replace("_", " ")) for zone in time_zones()],
        initial="Asia/Tokyo",
    )

    class Meta:
        model = Distributor
        fields = ["name", "name_kana", "slug", "time_zone", "funder_name"]
        field_classes = {"name": OneLine, "name_kana": OneLine, "funder_name": OneLine}
        labels = {
            "name": _("Name of the distributor"),
            "name_kana": _("Name in kana"),
            "slug": _("Short name in the address"),
            "funder_name": _("Its own funder"),
        }
        help_texts = {
            "name_kana": _("Lists are sorted by it."),
            "slug": _("Lower-case letters, digits and hyphens, up to 40. It cannot be changed later."),
        }
        error_messages = {
            "name": {"required": _("Write the name.")},
            "slug": {
                "required": _("Write a short name."),
                "invalid": _("Use lower-case letters, digits and hyphens only."),
                "unique": _("Another distributor has this short name."),
            },
        }

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()
