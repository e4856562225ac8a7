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
    """Where a proposed correction stands."""

    OPEN = "open", _("waits for the organization")
    TAKEN = "taken", _("taken over")
    DECLINED = "declined", _("not taken over")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed: the report was decided about")
