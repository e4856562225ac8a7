from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What can happen to what matters; values are for ever."""

    ORGANIZATION_CREATED = "organization_created", _("organization created")
    ORGANIZATION_READY = "organization_ready", _("organization ready")
    PROGRAMME_CREATED = "programme_created", _("programme created")
    PROGRAMME_CHANGED = "programme_changed", _("programme changed")
    ROUND_CREATED = "round_created", _("round created")
    ROUND_CHANGED = "round_changed", _("round changed")
    LABELS_COMPLETED = "labels_completed", _("labels of a form completed")
    GRANT_CREATED = "grant_created", _("grant created")
    GRANT_CHANGED = "grant_changed", _("grant changed")
    DEADLINE_SET = "deadline_set", _("deadline set")
    DEADLINE_MOVED = "deadline_moved", _("deadline moved")
    EXTENSION_GRANTED = "extension_granted", _("extension granted")
    WAIVED = "waived", _("waived")
    UNWAIVED = "unwaived", _("waiver taken back")
    PLAN_PROPOSED = "plan_proposed", _("plan submitted for registration")
    PLAN_WITHDRAWN = "plan_withdrawn", _("plan withdrawn")
    PLAN_DECLINED = "plan_declined", _("plan sent back")
    PLAN_REGISTERED = "plan_registered", _("plan registered")
    PLAN_CONFIRMED = "plan_confirmed", _("plan confirmed by the organization")
    HANDED_IN = "handed_in", _("handed in")
    HANDED_IN_AGAIN = "handed_in_again", _("handed in again")
    APPROVAL_ASKED = "approval_asked", _("approver asked to check")
    RECALLED = "recalled", _("recalled")
    READING_BEGAN = "reading_began", _("officer began to read")
    RETURNED = "returned", _("sent back")
    PART_OPENED = "part_opened", _("another part opened")
    ANSWERED = "answered", _("comment answered")
    ACCEPTED = "accepted", _("accepted")
    CONSULTED = "consulted", _("draft shown to consult")
    CONSULTATION_ANSWERED = "consultation_answered", _("remark on a shown draft")
    CONSULTATION_ASKED = "consultation_asked", _("question about a shown draft")
    CONSULTATION_WITHDRAWN = "consultation_withdrawn", _("draft no longer shown")
    REOPENED = "reopened", _("reopened")
    INVITED = "invited", _("invited")
    INVITATION_REVOKED = "invitation_revoked", _("invitation revoked")
    JOINED = "joined", _("joined")
    ROLE_CHANGED = "role_changed", _("role changed")
    MEMBERSHIP_ENDED = "membership_ended", _("membership ended")
    DISTRIBUTOR_CREATED = "distributor_created", _("distributor created")
    ADMINISTRATOR_MADE = "administrator_made", _("made administrator")
    ADMINISTRATOR_ENDED = "administrator_ended", _("no longer administrator")
    USER_CLOSED = "user_closed", _("sign-in closed")
    USER_REOPENED = "user_reopened", _("sign-in opened again")


INSIDE_A_ROOM = frozenset({Action.APPROVAL_ASKED})
"""Steps between people of one organization: no matter of the distributor's."""
