"""The words of notices: what is told to whom about which event. Called with the reader's language active."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.audit.enums import Action
from minori.mail import change_texts, date_texts, links, rendering
from minori.mail.about import About, Audience, Text, Words
from minori.mail.about import report as _report
from minori.mail.late import late_words
from minori.mail.letters import Notice, full_date, short_date
from minori.programmes.models import Grant

_ABOUT_A_DRAFT = frozenset({Action.CONSULTED, Action.CONSULTATION_ASKED, Action.CONSULTATION_ANSWERED})


def write(text: Text, about: About) -> Notice:
    """The notice's contents."""
    many = len(about.together) > 1
    words = date_texts.several(about) if many else text.words(about)
    to_room = text.audience.in_room
    facts = _facts(about, many=many)
    return Notice(
        subject=words.subject,
        sentences=words.sentences,
        facts=[*facts, *words.more],
        url=_page(about, text.audience),
        link=_link(about),
        remarks=words.remarks,
        officer=about.grant.lead_officer if to_room else None,
        distributor=about.grant.programme.distributor.name,
    )


def _facts(about: About, *, many: bool) -> list[tuple[str, str]]:
    if many:
        return [(pgettext("mail", "Organization"), about.grant.organization.name)]
    if about.deadline is None:
        return _facts_of_plan(about.grant)
    return rendering.facts(about.deadline, today=about.today)


def _link(about: About) -> str:
    if change_texts.request_number(about):
        return change_texts.link()
    if about.deadline is None:
        return pgettext("mail", "Open the project plan")
    if len(about.together) > 1:
        return pgettext("mail", "Open the reports")
    if about.event.action == Action.EXTENSION_ASKED:
        return pgettext("mail", "Answer the request")
    if about.event.action in _ABOUT_A_DRAFT:
        return pgettext("mail", "Open the draft")
    return pgettext("mail", "Open the report")


def _page(about: About, audience: Audience) -> str:
    slug, to_room = about.grant.organization.slug, audience.in_room
    if about.deadline is None:
        return _page_of_plan(about, slug if to_room else "")
    pk = about.deadline.pk
    if len(about.together) > 1:
        return links.home_page(slug=slug)
    if about.event.action == Action.EXTENSION_ASKED:
        return links.dates_page(deadline_id=pk)
    if audience is Audience.APPROVERS:
        return links.check_page(slug=slug, deadline_id=pk)
    if about.event.action in _ABOUT_A_DRAFT:
        number = int(about.event.details.get("number") or 0)
        return links.consultation_page(slug=slug if to_room else "", deadline_id=pk, number=number)
    return links.report_page(slug=slug, deadline_id=pk) if to_room else links.review_page(deadline_id=pk)


def _page_of_plan(about: About, slug: str) -> str:
    """The organization's page where its `slug` is given, else the officer's."""
    code = about.grant.code
    if number := change_texts.request_number(about):
        return links.change_page(slug=slug, grant_code=code, number=number)
    return links.plan_page(slug=slug, grant_code=code) if slug else links.proposal_page(grant_code=code)


def _facts_of_plan(grant: Grant) -> list[tuple[str, str]]:
    return [
        (pgettext("mail", "Project"), grant.title),
        (pgettext("mail", "Organization"), grant.organization.name),
    ]


def _filed(about: About) -> list[tuple[str, str]]:
    details, facts = about.event.details, []
    if sender := details.get("on_behalf"):
        arrived = date.fromisoformat(str(details["arrived_on"]))
        facts.append((pgettext("mail", "Arrived"), full_date(arrived)))
        facts.append((pgettext("mail", "Sent by"), str(sender)))
        facts.append((pgettext("mail", "Filed on behalf by"), about.event.person_name))
    else:
        facts.append((pgettext("mail", "Handed in"), f"{full_date(about.today)} {about.event.person_name}"))
    if details.get("revision"):
        facts.append((pgettext("mail", "Revision"), str(details["revision"])))
    if late := late_words(int(details.get("days_late") or 0)):
        facts.append((pgettext("mail", "Lateness"), late))
    return facts


def _receipt(about: About) -> Words:
    if about.event.details.get("on_behalf"):
        return Words(
            _("[Filed on your behalf] %(report)s on %(date)s") % _report(about),
            [
                _(
                    "What your organization sent by mail was filed by the officer on its behalf. This mail is your receipt."
                ),
                _(
                    "Please read it on the page below, where the PDF is too. "
                    "If something is not as it was meant, tell the officer."
                ),
            ],
            [*_filed(about), *about.summary],
        )
    revision = int(about.event.details.get("revision") or 1)
    said = _report(about) | {"revision": str(revision)}
    return Words(
        # a report that was recalled may come again on the same day
        _("[Received] %(report)s, revision %(revision)s, handed in on %(date)s") % said
        if revision > 1
        else _("[Received] %(report)s handed in on %(date)s") % said,
        [_("The report was handed in. This mail is your receipt; please keep it.")],
        _filed(about),
    )


def _came_in(about: About) -> Words:
    return Words(
        _("[Handed in] %(organization)s: %(report)s on %(date)s") % _report(about),
        [_("A report was handed in and waits for your review.")],
        _filed(about),
    )


def _came_again(about: About) -> Words:
    return Words(
        _("[Handed in again] %(organization)s: %(report)s on %(date)s") % _report(about),
        [_("A report that was sent back was handed in again and waits for your review.")],
        _filed(about),
    )


def _approval_asked(about: About) -> Words:
    return Words(
        _("[Please check] %(report)s, due %(due)s") % _report(about),
        [
            _("%(who)s asks you to read the report and to hand it in.") % {"who": about.event.person_name},
            _("The link opens the check before handing in."),
        ],
    )


def _recalled(about: About) -> Words:
    return Words(
        _("[Recalled] %(organization)s: %(report)s on %(date)s") % _report(about),
        [_("The organization took its report back before you began to read it.")],
    )


def _returned(about: About) -> Words:
    return Words(
        _("[Sent back] %(report)s, please hand in again by %(due)s") % _report(about),
        [
            _(
                "The officer read the report and sent it back with these comments. Please change them and hand in again."
            )
        ],
        remarks=about.remarks,
    )


def _reopened(about: About) -> Words:
    return Words(
        _("[Open again] %(report)s, please hand in again by %(due)s") % _report(about),
        [_("The officer opened an accepted report again, for this reason.")],
        remarks=about.remarks,
    )


def _accepted(about: About) -> Words:
    return Words(
        _("[Accepted] %(report)s on %(date)s") % _report(about),
        [_("The officer read the report and accepted it. There is nothing more to do.")],
    )


def _recalled_by_us(about: About) -> Words:
    return Words(
        _("[Recalled] %(report)s on %(date)s") % _report(about),
        [
            _("%(who)s took the report back, to go on writing.") % {"who": about.event.person_name},
            _("It does not count until it is handed in again."),
        ],
    )


def _returned_by_us(about: About) -> Words:
    return Words(
        _("[Sent back] %(organization)s: %(report)s, by %(due)s") % _report(about),
        [_("%(who)s sent the report back with these comments.") % {"who": about.event.person_name}],
        remarks=about.remarks,
    )


def _reopened_by_us(about: About) -> Words:
    return Words(
        _("[Open again] %(organization)s: %(report)s, by %(due)s") % _report(about),
        [_("%(who)s opened the accepted report again, for this reason.") % {"who": about.event.person_name}],
        remarks=about.remarks,
    )


def _accepted_by_us(about: About) -> Words:
    return Words(
        _("[Accepted] %(organization)s: %(report)s on %(date)s") % _report(about),
        [_("%(who)s read the report and accepted it.") % {"who": about.event.person_name}],
    )


def _correction_receipt(about: About) -> Words:
    return Words(
        _("[Received] %(report)s corrected on %(date)s") % _report(about),
        [
            _(
                "The officer's correction was taken, and the next revision handed in with it. Please keep this mail."
            )
        ],
        _filed(about),
    )


def _correction_proposed(about: About) -> Words:
    return Words(
        _("[Small correction] %(report)s: please look at what the officer proposes") % _report(about),
        [
            _("The officer read the report and proposes a small correction, for a typing error."),
            _("You see what goes and what comes, and take it with one click. The report stays handed in."),
            _(
                "Further proposals for the same revision stand on the same page; no further mail comes for them."
            ),
        ],
    )


def _correction_taken(about: About) -> Words:
    return Words(
        _("[Corrected] %(organization)s: %(report)s on %(date)s") % _report(about),
        [_("The organization took your correction. The next revision has been handed in with it.")],
        _filed(about),
    )


def _correction_declined(about: About) -> Words:
    return Words(
        _("[Not corrected] %(organization)s: %(report)s on %(date)s") % _report(about),
        [_("The organization leaves what you proposed to correct as it is. Its word stands in the report.")],
    )


def _consulted(about: About) -> Words:
    return Words(
        _("[Consultation] %(organization)s: draft of %(report)s on %(date)s") % _report(about),
        [_("The organization shows you its draft and would like to consult you. It has not been handed in.")],
    )


def _asked_again(about: About) -> Words:
    return Words(
        _("[Consultation] %(organization)s wrote about its draft of %(report)s on %(date)s") % _report(about),
        [_("The organization wrote about the draft that it shows you.")],
    )


def _answered(about: About) -> Words:
    return Words(
        _("[Consultation] An answer about your draft of %(report)s on %(date)s") % _report(about),
        [_("The officer wrote about the draft that you showed. The draft has not been handed in by this.")],
    )


def _plan(about: About) -> dict[str, str]:
    return {"organization": about.grant.organization.name, "date": short_date(about.today)}


def _proposed(about: About) -> Words:
    return Words(
        _("[Plan to register] %(organization)s on %(date)s") % _plan(about),
        [_("The organization submitted its project plan. Please read it, then register it or send it back.")],
    )


def _declined(about: About) -> Words:
    return Words(
        _("[Sent back] Project plan on %(date)s") % _plan(about),
        [_("The officer sent the project plan back with this remark.")],
        remarks=[about.declined] if about.declined else (),
    )


def _registered(about: About) -> Words:
    reason = about.event.details.get("reason")
    if reason:
        return Words(
            _("[Please confirm] New version of the project plan of %(date)s") % _plan(about),
            [
                _(
                    "The officer registered a new version of your project plan without a change request. Please check it."
                )
            ],
            remarks=[str(reason)],
        )
    if about.to_confirm:
        return Words(
            _("[Please confirm] Project plan of %(date)s") % _plan(about),
            [_("The officer entered your contracted project plan. Please check it and confirm it.")],
        )
    return Words(
        _("[Registered] Project plan on %(date)s") % _plan(about),
        [_("The officer registered the project plan. Reports answer to it from now on.")],
    )


TEXTS: dict[str, tuple[Text, ...]] = {
    Action.HANDED_IN: (Text(Audience.ROOM, _receipt, is_receipt=True), Text(Audience.OFFICERS, _came_in)),
    Action.HANDED_IN_AGAIN: (
        Text(Audience.ROOM, _receipt, is_receipt=True),
        Text(Audience.OFFICERS, _came_again),
    ),
    Action.APPROVAL_ASKED: (Text(Audience.APPROVERS, _approval_asked),),
    Action.RECALLED: (Text(Audience.ROOM, _recalled_by_us), Text(Audience.OFFICERS, _recalled)),
    Action.RETURNED: (Text(Audience.ROOM, _returned), Text(Audience.OFFICERS, _returned_by_us)),
    Action.REOPENED: (Text(Audience.ROOM, _reopened), Text(Audience.OFFICERS, _reopened_by_us)),
    Action.ACCEPTED: (Text(Audience.ROOM, _accepted), Text(Audience.OFFICERS, _accepted_by_us)),
    Action.CORRECTION_PROPOSED: (Text(Audience.ROOM, _correction_proposed),),
    Action.CORRECTION_TAKEN: (
        Text(Audience.ROOM, _correction_receipt, is_receipt=True),
        Text(Audience.OFFICERS, _correction_taken),
    ),
    Action.CORRECTION_DECLINED: (Text(Audience.OFFICERS, _correction_declined),),
    Action.CONSULTED: (Text(Audience.OFFICERS, _consulted),),
    Action.CONSULTATION_ASKED: (Text(Audience.OFFICERS, _asked_again),),
    Action.CONSULTATION_ANSWERED: (Text(Audience.ROOM, _answered),),
    **date_texts.TEXTS,
    **change_texts.TEXTS,
    Action.PLAN_PROPOSED: (Text(Audience.OFFICERS, _proposed),),
    Action.PLAN_DECLINED: (Text(Audience.ROOM, _declined),),
    Action.PLAN_REGISTERED: (Text(Audience.ROOM, _registered),),
}
"""Which events are told, to whom."""
