from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationState(models.TextChoices):
    """Whether an organization's room can be entered."""

    PREPARING = "preparing", _("being prepared")
    ACTIVE = "active", _("active")
    CLOSED = "closed", _("closed")
