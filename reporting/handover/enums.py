from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What an officer is for a grant."""

    LEAD = "lead", _("lead officer")
    DEPUTY = "deputy", _("deputy officer")
