from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """What became of a proposed plan."""

    WAITING = "waiting", _("waiting for the officer")
    REGISTERED = "registered", _("registered")
    DECLINED = "declined", _("sent back")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Party(models.TextChoices):
    """Who applies for a change: the organization, or the officer whose proposal the organization agrees to."""

    ROOM = "room", _("organization")
    DESK = "desk", _("distributor")


class ChangeState(models.TextChoices):
    """Where a change request stands. `answered`: the organization said what it thinks of the officer's proposal."""

    WAITING = "waiting", _("waiting for an answer")
    RETURNED = "returned", _("sent back for re-work")
    ANSWERED = "answered", _("answered by the organization")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_CHANGES = frozenset({ChangeState.WAITING, ChangeState.RETURNED, ChangeState.ANSWERED})
"""States in which a request is undecided; a grant has one such request at most."""


class Verdict(models.TextChoices):
    """What was said of one change."""

    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("not approved")


class Cut(models.TextChoices):
    """Why the figures of an indicator are not joined with those of the one it comes from."""

    MEANING = "meaning", _("its meaning changed")
    SPLIT = "split", _("it was split off from another")
