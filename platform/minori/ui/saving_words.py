"""When something was saved, as a page that stays open says it: with the day once the day is over."""

from datetime import datetime

from django.utils.translation import gettext as _

from minori.ui.templatetags.ui_tags import clock, day_ends, moment


def saved_at(at: datetime) -> dict[str, str | dict[str, str]]:
    """What a script is told of a save: 「10:32 に保存しました」, and `later` what it says from `until` on (its day is over).

    `until` is in milliseconds since 1970.
    """
    words = _("Saved at %(at)s")
    dated = {"later": words % {"at": moment(at)}, "until": day_ends(at)}
    return {"said": words % {"at": clock(at)}, "dated": dated}
