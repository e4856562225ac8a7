"""The words of notices about change requests: sent, sent back, answered, withdrawn, decided. In the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.audit.enums import Action
from minori.mail.about import About, Audience, Text, Words
from minori.mail.letters import short_date


def request_number(about: About) -> int:
    """The number of the change request that an event is about; 0 for every other event."""
    return int(about.event.details.get("request") or 0) if about.event.action in TEXTS else 0


def _facts(about: About) -> dict[str, str | int]:
    return {
        "number": request_number(about),
        "organization": about.grant.organization.name,
        "date": short_date(about.today),
    }


def _said(about: About) -> list[str]:
    words = str(about.event.details.get("words") or "")
    return [words] if words else []


def _sent(about: About) -> Words:
    return Words(
        _("[Change request] %(organization)s: request %(number)d of %(date)s") % _facts(about),
        [
            _(
                "The organization applies for a change of its registered plan, with a reason for every change."
            ),
            _("Please decide every change, or send the request back. Until then the plan stays as it is."),
        ],
    )


def _sent_again(about: About) -> Words:
    return Words(
        _("[Change request again] %(organization)s: request %(number)d of %(date)s") % _facts(about),
        [_("A change request that was sent back has come again and waits for your decision.")],
    )


def _withdrawn(about: About) -> Words:
    return Words(
        _("[Withdrawn] %(organization)s: change request %(number)d on %(date)s") % _facts(about),
        [_("The organization took its change request back. There is nothing to decide.")],
    )


def _answered(about: About) -> Words:
    details = about.event.details
    return Words(
        _("[Answered] %(organization)s: proposed change %(number)d on %(date)s") % _facts(about),
        [
            _("The organization answered what you proposed: it agrees to %(agreed)s of %(of)s changes.")
            % {"agreed": details.get("agreed"), "of": details.get("of")},
            _("Please decide now what is registered."),
        ],
    )


def _offered(about: About) -> Words:
    return Words(
        _("[Please answer] A change of your plan is proposed (request %(number)d, %(date)s)") % _facts(about),
        [
            _("The officer proposes to change your registered plan, with a reason for every change."),
            _("Please say of every change whether you agree. The plan stays as it is until then."),
        ],
    )


def _offer_withdrawn(about: About) -> Words:
    return Words(
        _("[Withdrawn] Proposed change %(number)d of your plan on %(date)s") % _facts(about),
        [_("The officer took the proposed change back. There is nothing to do.")],
    )


def _returned(about: About) -> Words:
    return Words(
        _("[Sent back] Change request %(number)d on %(date)s") % _facts(about),
        [_("The officer sent the change request back. Please change it and send it again.")],
        remarks=_said(about),
    )


def _decided(about: About) -> Words:
    details = about.event.details
    approved = int(details.get("approved") or 0)
    sentences = [
        _("%(approved)s of %(of)s changes were approved. The page shows every change with its decision.")
        % {"approved": approved, "of": details.get("of")}
    ]
    if approved:
        sentences.append(
            _("Reports from round %(round)s on answer to the new plan; reports handed in keep theirs.")
            % {"round": details.get("from_round")}
        )
    return Words(
        _("[Decided] %(organization)s: change request %(number)d on %(date)s") % _facts(about),
        sentences,
        remarks=_said(about),
    )


def link() -> str:
    """What the button of such a mail says."""
    return pgettext("mail", "Open the change request")


TEXTS: dict[str, tuple[Text, ...]] = {
    Action.CHANGE_SENT: (Text(Audience.OFFICERS, _sent),),
    Action.CHANGE_SENT_AGAIN: (Text(Audience.OFFICERS, _sent_again),),
    Action.CHANGE_WITHDRAWN: (Text(Audience.OFFICERS, _withdrawn),),
    Action.CHANGE_ANSWERED: (Text(Audience.OFFICERS, _answered),),
    Action.CHANGE_OFFERED: (Text(Audience.ROOM, _offered),),
    Action.CHANGE_OFFER_WITHDRAWN: (Text(Audience.ROOM, _offer_withdrawn),),
    Action.CHANGE_RETURNED: (Text(Audience.ROOM, _returned),),
    Action.CHANGE_DECIDED: (Text(Audience.ROOM, _decided), Text(Audience.OFFICERS, _decided)),
}
"""Which steps of change requests are told, to whom."""
