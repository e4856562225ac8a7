"""The words and signs of states as pages show them; rules keep their own enums."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Word:
    """A state's word on screen, and a shorter one for narrow cells."""

    label: str | Promise
    short: str | Promise = ""


STATES = {
    "untouched": Word(pgettext_lazy("state of work", "Not started")),
    "started": Word(pgettext_lazy("state of work", "In progress")),
    "done": Word(pgettext_lazy("state of work", "Filled in")),
    "returned": Word(pgettext_lazy("state of work", "Sent back")),
}

CODES = {
    "1": Word(_("ahead of plan"), pgettext_lazy("progress, short", "ahead")),
    "2": Word(_("on plan"), pgettext_lazy("progress, short", "on plan")),
    "3": Word(_("behind plan"), pgettext_lazy("progress, short", "behind")),
    "4": Word(_("other"), pgettext_lazy("progress, short", "other")),
    "blank": Word(_("not reported"), pgettext_lazy("progress, short", "blank")),
    "nothing": Word(_("nothing to report"), pgettext_lazy("progress, short", "nothing")),
    "missing": Word(_("not handed in"), pgettext_lazy("progress, short", "not in")),
}
