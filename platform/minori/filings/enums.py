from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Which side of the hatch speaks."""

    DESK = "desk", _("distributor")
    ROOM = "room", _("organization")


class ApprovalWay(models.TextChoices):
    """How the organization's own director approved (団体内承認); the values of `report_forms.contents.ApprovalManner`."""

    PRINTED = "printed", _("on a printed copy")
    MEETING = "meeting", _("at a meeting")
    SCREEN = "screen", _("on this page")


class FigureKind(models.TextChoices):
    ROW = "row", _("row")
    INDICATOR = "indicator", _("indicator")


class CorrectionState(models.TextChoices):
    """What became of a correction that an officer proposed."""

    OPEN = "open", _("waiting for the organization")
    TAKEN = "taken", _("taken")
    DECLINED = "declined", _("not taken")
    WITHDRAWN = "withdrawn", _("withdrawn by the officer")
    LAPSED = "lapsed", _("lapsed")


class CorrectedAspect(models.TextChoices):
    """What of an answer is corrected; the values of `report_forms.corrections.Aspect`."""

    TEXT = "text", _("text")
    REMARK = "remark", _("remark")
    PROGRESS = "progress", _("progress")
