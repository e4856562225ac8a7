"""The words of notices about dates: moved, extended, asked for, declined, closed, waived. In the reader's language."""

from copy import copy
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail.about import About, Audience, Text, Words, coming, report
from minori.mail.letters import full_date, short_date
from minori.marks import gapped

TOLD_TOGETHER = frozenset(
    {Action.DEADLINE_MOVED, Action.EXTENSION_GRANTED, Action.CLOSING_MOVED, Action.CLOSING_LIFTED}
)
"""What one press of a button does to many reports: an organization is told of all of its own in one mail."""


def changes_nothing(event: Event) -> bool:
    """Whether a moved due date changes nothing for the organization: its extension reaches further anyway."""
    details = event.details
    same = "in_force_to" in details and details["in_force_from"] == details["in_force_to"]
    return same and "closes_to" not in details


def is_overtaken_by_the_next(event: Event) -> bool:
    """Whether nobody needs to hear of this change of dates once the next one of the same report is there."""
    return event.action in TOLD_TOGETHER and not event.details.get("request")  # whoever asked has an answer


def since(first: Event, last: Event) -> Event:
    """The last change of a report's dates as somebody reads it who heard of none since before the first one."""
    details = first.details | last.details
    moves = [one for one in (first.details, last.details) if one.get("to")]
    if moves:
        details |= {
            "in_force_from": moves[0].get("in_force_from") or moves[0].get("from"),
            "in_force_to": moves[-1].get("in_force_to") or moves[-1]["to"],
        }
    told = copy(last)
    told.details = details
    if not last.details.get("to"):  # the due date is what matters most
        told.action = first.action
    return told


def several(about: About) -> Words:
    """The dates of several reports of one organization, changed in one go."""
    count = len(about.together)
    subject = ngettext(
        "[New dates] %(count)d report, changed on %(date)s",
        "[New dates] %(count)d reports, changed on %(date)s",
        count,
    )
    reason = str(about.event.details.get("reason") or "")
    return Words(
        subject % {"count": count, "date": short_date(about.today)},
        [_("The officer changed the dates of these reports.")],
        [
            *(
                (gapped((one.round.title, one.grant.title)), " ".join(_sentences(event, about.today)))
                for event, one in about.together
            ),
            *_reason(reason),
        ],
    )


def _moved(about: About) -> Words:
    return Words(
        _("[New due date] %(report)s is now due %(due)s") % _report(about),
        _sentences(about.event, about.today),
        _reason(str(about.event.details.get("reason") or "")),
    )


def _granted(about: About) -> Words:
    details = about.event.details
    if not details.get("request"):
        return _moved(about)
    words = str(details.get("words") or "")
    asked = _day(details.get("until"))
    return Words(
        _("[Extended] %(report)s is now due %(due)s") % _report(about),
        [_("The officer allowed the time that you asked for."), *_sentences(about.event, about.today)],
        [(pgettext("mail", "Asked for"), full_date(asked))] if asked else [],
        remarks=[words] if words else (),
    )


def _report(about: About) -> dict[str, str]:
    """The facts of a report whose date was changed: due as this change had it, whatever came after."""
    details = about.event.details
    day = _day(details.get("in_force_to") or details.get("to"))
    return report(about) | ({"due": coming(day, today=about.today)} if day else {})


def _sentences(event: Event, today: date) -> list[str]:
    details, told = event.details, []
    before = _day(details.get("in_force_from") or details.get("from"))
    after = _day(details.get("in_force_to") or details.get("to"))
    if before and after and before != after:
        days = {"before": full_date(before), "after": full_date(after)}
        told.append(_("The due date has moved from %(before)s to %(after)s.") % days)
    elif after:
        told.append(_("The due date is %(after)s.") % {"after": full_date(after)})
    if (closes := _day(details.get("closes_to"))) and closes < today:
        told.append(
            _("Handing in closed on %(day)s. Please ask the officer if you cannot do without.")
            % {"day": full_date(closes)}
        )
    elif closes:
        told.append(
            _("Handing in closes on %(day)s: after it, no report is taken.") % {"day": full_date(closes)}
        )
    elif "closes_to" in details:
        told.append(_("There is no closing date any more: a late report is taken too."))
    return told


def _asked(about: About) -> Words:
    details = about.event.details
    until = _day(details.get("until"))
    facts = report(about) | {"until": short_date(until) if until else ""}
    return Words(
        _("[More time asked for] %(organization)s: %(report)s, until %(until)s") % facts,
        [
            _("%(who)s asks for more time. Until you answer, the present due date stays.")
            % {"who": about.event.person_name}
        ],
        [
            (pgettext("mail", "Asked for"), full_date(until) if until else ""),
            *_reason(str(details.get("reason") or "")),
        ],
    )


def _withdrawn(about: About) -> Words:
    return Words(
        _("[Withdrawn] %(organization)s: more time for %(report)s, on %(date)s") % report(about),
        [_("The organization no longer asks for more time. There is nothing to answer; the due date stays.")],
    )


def _declined(about: About) -> Words:
    return Words(
        _("[Not extended] %(report)s is due %(due)s as before") % report(about),
        [_("The officer cannot give the time that you asked for. The due date stays.")],
        remarks=[str(about.event.details.get("words") or "")],
    )


def _closing(about: About) -> Words:
    closes = _day(about.event.details.get("closes_to"))
    facts = report(about) | {"closes": coming(closes, today=about.today) if closes else ""}
    subject = (
        _("[Closing date] %(report)s closes on %(closes)s")
        if closes
        else _("[No closing date] %(report)s, due %(due)s")
    )
    return Words(
        subject % facts,
        _sentences(about.event, about.today),
        _reason(str(about.event.details.get("reason") or "")),
    )


def _waived(about: About) -> Words:
    return Words(
        _("[Not required] %(report)s, decided on %(date)s") % report(about),
        [_("The officer decided that this report is not required.")],
        _reason(str(about.event.details.get("reason") or "")),
    )


def _required_again(about: About) -> Words:
    return Words(
        _("[Required] %(report)s is due %(due)s") % report(about),
        [_("This report had not been required. It is required after all; please hand it in.")],
    )


def _reason(reason: str) -> list[tuple[str, str]]:
    return [(pgettext("mail", "Reason"), reason)] if reason else []


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


TEXTS: dict[str, tuple[Text, ...]] = {
    Action.DEADLINE_MOVED: (Text(Audience.ROOM, _moved),),
    Action.EXTENSION_ASKED: (Text(Audience.OFFICERS, _asked),),
    Action.EXTENSION_WITHDRAWN: (Text(Audience.OFFICERS, _withdrawn),),
    Action.EXTENSION_GRANTED: (Text(Audience.ROOM, _granted),),
    Action.EXTENSION_DECLINED: (Text(Audience.ROOM, _declined),),
    Action.CLOSING_MOVED: (Text(Audience.ROOM, _closing),),
    Action.CLOSING_LIFTED: (Text(Audience.ROOM, _closing),),
    Action.WAIVED: (Text(Audience.ROOM, _waived),),
    Action.UNWAIVED: (Text(Audience.ROOM, _required_again),),
}
"""Which changes of dates are told, to whom."""
