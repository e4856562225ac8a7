from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a round is taken along as."""

    DOCX = "docx", _("Board paper (Word)")
    PDF = "pdf", _("Compiled summary (PDF)")
    XLSX = "xlsx", _("Workbook (Excel)")
    CSV = "csv", _("Table (CSV)")
    JSON = "json", _("Data (JSON)")


class State(models.TextChoices):
    """Where an export stands. `expired`: it was ready, and its file is gone."""

    WAITING = "waiting", pgettext_lazy("export", "waiting")
    WORKING = "working", pgettext_lazy("export", "being made")
    READY = "ready", pgettext_lazy("export", "ready")
    FAILED = "failed", pgettext_lazy("export", "could not be made")
    CANCELLED = "cancelled", pgettext_lazy("export", "cancelled")
    EXPIRED = "expired", pgettext_lazy("export", "expired")


UNDER_WAY = (State.WAITING, State.WORKING)


class Failure(models.TextChoices):
    """Why an export could not be made, as a sentence for people."""

    BUSY = "busy", _("Reports kept coming in while it was being made. Please ask for it again in a moment.")
    LARGE = "large", _("It took too long. Please tell the administrator of this system.")
    TIRED = "tired", _("It was begun several times and never came to an end. Please tell the administrator.")
    BROKEN = "broken", _("Something went wrong. The administrator finds the reason in the log.")


class Step(models.TextChoices):
    """What is being done, beside the count of what is done."""

    COMPILING = "compiling", _("compiling")
    READING = "reading", _("reading")
    WRITING = "writing", _("writing")
    KEEPING = "keeping", _("putting aside")
