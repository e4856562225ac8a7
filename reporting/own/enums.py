from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """What spoke for a link when somebody confirmed it; values are those of `registry.likeness.Sign`, and by hand."""

    CODE = "code", _("same code")
    WORDS = "words", _("similar words")
    ORDER = "order", _("same place in the plan")
    HAND = "hand", _("chosen by hand")
