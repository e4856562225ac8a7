"""The words of mails about what waits for somebody. Called with the reader's language active."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.accounts.models import Person
from minori.mail import links, rendering
from minori.mail.enums import Ladder, Wording
from minori.mail.letters import Letter, Notice, full_date, notice, short_date, standing
from minori.mail.waiting_queries import Matter
from minori.mail.wording import Texts, Words, fill, standard


def letter(person: Person, matters: Sequence[Matter], *, today: date, own: Texts) -> Letter:
    """One mail about everything that waits for a person, in the person's language."""
    with translation.override(person.language):
        content = _one(matters[0], person.language, today, own) if len(matters) == 1 else _several(matters)
        return notice(person, content)


def _one(matter: Matter, language: str, today: date, own: Texts) -> Notice:
    what = Wording(matter.ladder.value)
    words: Words = own.get((matter.grant.programme_id, what, language)) or standard(what, language)
    text = fill(words, _values(matter, today))
    return Notice(
        subject=text.subject,
        sentences=[text.before],
        facts=_facts(matter, today),
        url=_page(matter),
        link=pgettext("mail", "Open the report") if matter.deadline else pgettext("mail", "Open the request"),
        officer=matter.grant.lead_officer if matter.to_room else None,
        distributor=matter.distributor.name,
        closing=text.after,
    )


def _several(matters: Sequence[Matter]) -> Notice:
    oldest = min(matters, key=lambda one: one.since_at)
    senders = {one.distributor.name for one in matters}
    facts = []
    for one in matters:
        facts += [(_name(one), _waits(one)), (pgettext("mail", "Open"), _page(one))]
    return Notice(
        subject=ngettext(
            "[Waits] %(count)s matter since %(since)s",
            "[Waits] %(count)s matters since %(since)s",
            len(matters),
        )
        % {"count": len(matters), "since": short_date(oldest.since)},
        sentences=[_("These matters wait for your word.")],
        facts=facts,
        url="",
        link="",
        officer=oldest.grant.lead_officer if oldest.to_room else None,
        distributor=senders.pop() if len(senders) == 1 else "",
    )


def _values(matter: Matter, today: date) -> dict[str, str]:
    values = {
        "organization": matter.grant.organization.name,
        "project": matter.grant.title,
        "officer": matter.grant.lead_officer.name,
        "distributor": matter.distributor.name,
        "asker": matter.asker,
        "number": str(matter.number),
        "since": short_date(matter.since),
    }
    if deadline := matter.deadline:
        values |= {
            "report": rendering.report_name(deadline),
            "round": deadline.round.title,
            "date": short_date(deadline.effective_due_on),
            "standing": standing(deadline.days_left(today)),
        }
    return values


def _facts(matter: Matter, today: date) -> list[tuple[str, str]]:
    if matter.deadline:
        return rendering.facts(matter.deadline, today=today)
    return [
        (pgettext("mail", "Change request"), str(matter.number)),
        (pgettext("mail", "Project"), matter.grant.title),
        (pgettext("mail", "Organization"), matter.grant.organization.name),
        (pgettext("mail", "Waits since"), full_date(matter.since)),
    ]


def _name(matter: Matter) -> str:
    if matter.ladder is Ladder.APPROVER and matter.deadline:
        return matter.deadline.round.title
    return _("Change request %(number)s") % {"number": matter.number}


def _waits(matter: Matter) -> str:
    said = {
        "organization": matter.grant.organization.name,
        "project": matter.grant.title,
        "since": full_date(matter.since),
    }
    return _("%(organization)s, %(project)s; waits since %(since)s") % said


def _page(matter: Matter) -> str:
    slug = matter.grant.organization.slug
    if matter.deadline:
        return links.check_page(slug=slug, deadline_id=matter.deadline.pk)
    return links.change_page(
        slug=slug if matter.to_room else "", grant_code=matter.grant.code, number=matter.number
    )
