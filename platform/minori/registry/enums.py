from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """What became of a proposed plan."""

    WAITING = "waiting", _("waiting for the officer")
    REGISTERED = "registered", _("registered")
    DECLINED = "declined", _("sent back")
    WITHDRAWN = "withdrawn", _("withdrawn")
