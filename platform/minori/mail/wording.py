"""Texts of mails with places for names and dates: which places there are, what is wrong with a text, filling it.

A programme may write subject and text of a mail itself. Greeting, signature and the block that {details} stands for (which
report, what is left, one link, whom to ask) are always Minori's own: `experience.md`, "E-mail".
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from minori.mail.enums import Wording
from minori.mail.setting_models import LONGEST_SUBJECT

LONGEST_BODY = 4000
"""Characters of a text."""

DETAILS = "details"
NAMES: Mapping[str, str] = {
    "report": "報告書",
    "date": "期限",
    "standing": "残り日数",
    "organization": "実行団体",
    "project": "事業",
    "round": "報告期間",
    "officer": "担当者",
    "distributor": "資金分配団体",
    "asker": "依頼者",
    "number": "申請番号",
    "since": "待ち始めた日",
    "inviter": "招待者",
    "role": "役割",
    "until": "リンクの期限",
    DETAILS: "詳細",
}
"""The places: English name and Japanese name; both are understood in either language."""

_KNOWN = {name: english for english, japanese in NAMES.items() for name in (english, japanese)}
_PLACE = re.compile(r"[{｛]([^{}｛｝\n]{0,60})[}｝]")
_BRACE = re.compile(r"[{}｛｝]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

_OF_GRANT = ("organization", "project", "officer", "distributor")
_OF_REPORT = ("report", "date", "standing", "round", *_OF_GRANT)
_OF_INVITATION = ("organization", "inviter", "role", "until", "distributor")
_PLACES: Mapping[Wording, tuple[str, ...]] = {
    Wording.APPROVER: (*_OF_REPORT, "asker", "since"),
    Wording.CHANGE: ("number", "since", *_OF_GRANT),
    Wording.INVITATION: _OF_INVITATION,
    Wording.NOT_ACCEPTED: _OF_INVITATION,
}
_IN_SUBJECT: Mapping[Wording, tuple[str, ...]] = {
    Wording.CHANGE: ("number",),
    Wording.INVITATION: ("organization",),
    Wording.NOT_ACCEPTED: ("organization",),
}
INVITATIONS = frozenset({Wording.INVITATION, Wording.NOT_ACCEPTED})
"""Mails to somebody who has no sign-in yet."""


class Words(NamedTuple):
    """Subject and text of a mail, with places in braces."""

    subject: str
    body: str


Texts = Mapping[tuple[int, Wording, str], Words]
"""Programmes' own texts, by programme, mail and language."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text, as a sentence. `part`: "subject" or "body"."""

    part: str
    sentence: str


@dataclass(frozen=True)
class Filled:
    """A text with everything in its place: what stands before the details, and after them."""

    subject: str
    before: str
    after: str


def places(what: Wording) -> tuple[str, ...]:
    """The places that a mail's subject may have; its text has {details} besides."""
    return _PLACES.get(what, _OF_REPORT)


def needed_in_subject(what: Wording) -> tuple[str, ...]:
    """A subject says what and when."""
    return _IN_SUBJECT.get(what, ("report", "date"))


def shown(name: str, language: str) -> str:
    """A place as it is written in a text of the language: 「{期限}」, "{date}"."""
    return "{" + (NAMES[name] if language == "ja" else name) + "}"


def meaning(name: str, what: Wording) -> str:
    """What comes to stand there in a mail, in the active language."""
    if name == DETAILS and what in INVITATIONS:
        return pgettext("place in a mail", "the link, until when it works, whom to ask")
    return {
        "report": pgettext("place in a mail", "kind of report"),
        "date": pgettext("place in a mail", "due date"),
        "standing": pgettext("place in a mail", "days left, or days overdue"),
        "organization": pgettext("place in a mail", "name of the organization"),
        "project": pgettext("place in a mail", "title of the project"),
        "round": pgettext("place in a mail", "title of the round"),
        "officer": pgettext("place in a mail", "name of the lead officer"),
        "distributor": pgettext("place in a mail", "name of the distributor"),
        "asker": pgettext("place in a mail", "who asked for the check"),
        "number": pgettext("place in a mail", "number of the change request"),
        "since": pgettext("place in a mail", "day since which it waits"),
        "inviter": pgettext("place in a mail", "name of the person who invites"),
        "role": pgettext("place in a mail", "role that is offered"),
        "until": pgettext("place in a mail", "last day on which the link works"),
        DETAILS: pgettext("place in a mail", "which report, what is left, the link, the officer to ask"),
    }[name]


def problems(words: Words, *, what: Wording, language: str) -> list[Problem]:
    """Everything that is wrong with a text: unknown, forgotten or broken places, breaks in a subject, lengths."""
    found = []
    if not words.subject.strip():
        found.append(Problem("subject", _("Write a subject too, or empty both for the standard text.")))
    elif _CONTROL.search(words.subject):
        found.append(
            Problem("subject", _("A subject is one line without line breaks or control characters."))
        )
    elif len(words.subject) > LONGEST_SUBJECT:
        found.append(Problem("subject", _too_long(len(words.subject), LONGEST_SUBJECT)))
    if not words.body.strip():
        found.append(Problem("body", _("Write a text too, or empty both for the standard text.")))
    elif _CONTROL.search(words.body.replace("\n", "")):
        found.append(Problem("body", _("The text holds control characters, which mails cannot carry.")))
    elif len(words.body) > LONGEST_BODY:
        found.append(Problem("body", _too_long(len(words.body), LONGEST_BODY)))
    allowed = places(what)
    found += _places_wrong("subject", words.subject, allowed, needed_in_subject(what), language)
    found += _places_wrong("body", words.body, (*allowed, DETAILS), (DETAILS,), language)
    return found


def fill(words: Words, values: Mapping[str, str]) -> Filled:
    """The text with the values in their places; one pass, so that a value's own braces stay as they are."""

    def put(text: str, *, subject: bool = False) -> str:
        def value(match: re.Match[str]) -> str:
            said = values.get(_KNOWN.get(match[1].strip(), ""), match[0])
            begins = subject and text[: match.start()].strip() in ("", "[", "【")
            return capfirst(said) if begins else said

        return _PLACE.sub(value, text)

    before, after = _around_details(words.body)
    return Filled(
        subject=" ".join(put(words.subject, subject=True).split()),
        before=put(before).strip(),
        after=put(after).strip(),
    )


def standard(what: Wording, language: str) -> Words:
    """The text that is sent where a programme has none of its own, as a text with places, to begin from."""
    with translation.override(language):
        said = {name: shown(name, language) for name in NAMES}
        subject, body = _standard(what)
        closing = (
            []
            if what in {Wording.CHANGE, *INVITATIONS}
            else [_("Once a report is handed in, its reminders stop.")]
        )
        return Words(subject % said, "\n\n".join([body % said, said[DETAILS], *closing]))


def _standard(what: Wording) -> tuple[str, str]:
    waits = _("This report is waiting for you.")
    if what is Wording.OPENING:
        return _("[Now open] %(report)s due %(date)s"), waits
    if what is Wording.RETURNED:
        return _("[Sent back, %(standing)s] %(report)s due %(date)s"), waits
    if what is Wording.APPROVER:
        return (
            _("[Waits for your check] %(report)s due %(date)s"),
            _("%(asker)s asked you on %(since)s to read this report and to hand it in. It still waits."),
        )
    if what in INVITATIONS:
        return _standard_invitation(what)
    if what is Wording.CHANGE:
        return (
            _("[Waits] Change request %(number)s of %(organization)s, since %(since)s"),
            _("This change request has waited since %(since)s for your word."),
        )
    return _("[%(standing)s] %(report)s due %(date)s"), waits


def _standard_invitation(what: Wording) -> tuple[str, str]:
    """The words of the standard mail (`accounts/letters.py`, and its template), whose places have other names."""
    house = {"house": "%(organization)s", "funders": "%(distributor)s"}
    subject = (
        _("[Minori] Invitation to %(house)s")
        if what is Wording.INVITATION
        else _("[Minori] Not accepted yet: invitation to %(house)s")
    )
    invites = _("%(inviter)s of %(funders)s invites you to %(house)s (role: %(role)s).")
    said = house | {"inviter": "%(inviter)s", "role": "%(role)s"}
    reports = _(
        "Reports on the project are written, handed in and read there. Open this link and press “Join”:"
    )
    return subject % house, f"{invites % said}\n\n{reports}"


def _around_details(body: str) -> tuple[str, str]:
    for match in _PLACE.finditer(body):
        if _KNOWN.get(match[1].strip()) == DETAILS:
            return body[: match.start()], body[match.end() :]
    return body, ""


def _places_wrong(
    part: str, text: str, allowed: Collection[str], needed: Collection[str], language: str
) -> list[Problem]:
    used = [match[1].strip() for match in _PLACE.finditer(text)]
    unknown = [name for name in dict.fromkeys(used) if _KNOWN.get(name) not in allowed]
    found = [
        Problem(
            part,
            _("There is no {%(name)s} in this mail. Possible are: %(possible)s.")
            % {"name": name[:60], "possible": " ".join(shown(one, language) for one in allowed)},
        )
        for name in unknown
    ]
    if _BRACE.search(_PLACE.sub("", text)):
        found.append(
            Problem(
                part,
                _("A brace stands alone. Places are written like %(like)s.")
                % {"like": shown("organization", language)},
            )
        )
    known = [_KNOWN[name] for name in used if name in _KNOWN]
    if text.strip():
        found += [
            Problem(
                part,
                _("%(place)s is missing: it must stand in this part.") % {"place": shown(name, language)},
            )
            for name in needed
            if name not in known
        ]
    if known.count(DETAILS) > 1:
        found.append(
            Problem(part, _("%(place)s may stand there only once.") % {"place": shown(DETAILS, language)})
        )
    return found


def _too_long(length: int, limit: int) -> str:
    return ngettext(
        "That is %(length)s characters; at most %(limit)s character is possible.",
        "That is %(length)s characters; at most %(limit)s characters are possible.",
        limit,
    ) % {"length": length, "limit": limit}
