from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do in an organization."""

    EDITOR = "editor", _("editor")
    APPROVER = "approver", _("approver")
    READER = "reader", _("reader")


class StaffRole(models.TextChoices):
    """What a person may do at a distributor."""

    OFFICER = "officer", _("programme officer")
    MANAGER = "manager", _("manager")
    READER = "reader", _("reader")


WRITING_ROLES = frozenset({Role.EDITOR, Role.APPROVER})
DECIDING_STAFF_ROLES = frozenset({StaffRole.OFFICER, StaffRole.MANAGER})


class Language(models.TextChoices):
    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"
