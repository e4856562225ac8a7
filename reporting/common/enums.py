from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommonRule(models.TextChoices):
    """How organizations' numbers become one; values are those of `indicators.common.Aggregation`."""

    SUM = "sum", pgettext_lazy("rule of a common indicator", "sum")
    SHARE = "share", _("share (numerators ÷ denominators)")
    LATEST = "latest", _("the latest number")
    MAXIMUM = "maximum", _("the largest number")
    MEAN = "mean", pgettext_lazy("rule of a common indicator", "mean")
