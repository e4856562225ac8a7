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
    MAIL = "mail", _("by mail")


class Came(models.TextChoices):
    """How a filing came: from the organization's room, filed by an officer on its behalf (代理登録), or taken over."""

    ROOM = "room", _("handed in by the organization")
    BEHALF = "behalf", _("filed on behalf")
    HISTORY = "history", _("taken over")


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


class Aspect(models.TextChoices):
    """Which words a reading is of: what a round reported of an indicator, or one of its registered texts."""

    ACTUAL = "actual", _("actual")
    BASELINE = "baseline", _("baseline")
    TARGET = "target", _("target")
    MID_STATE = "mid_state", _("value at the mid-term evaluation")
    POST_STATE = "post_state", _("value at the ex-post evaluation")
    ACHIEVE_BY = "achieve_by", _("achieve by")


class Span(models.TextChoices):
    """What span of time an actual covers; the values of `indicators.statements.Covers`."""

    PERIOD = "period", _("this reporting period")
    FISCAL_YEAR = "fiscal_year", _("fiscal year to date")
    START = "start", _("since the start of the project")
    DATE = "date", _("as of a day")
    UNKNOWN = "unknown", _("not known")


class Judgement(models.TextChoices):
    """How far a state in words is reached; the values of `indicators.statements.Reached`."""

    YES = "yes", _("reached")
    PARTLY = "partly", _("partly reached")
    NO = "no", _("not reached yet")
