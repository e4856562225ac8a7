"""A programme's own texts: reading them for many mails at once, changing them, and trying one out on oneself."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from minori.accounts.enums import Language
from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.mail import outbox
from minori.mail.enums import Kind, Wording
from minori.mail.letters import Letter
from minori.mail.models import Message
from minori.mail.setting_models import OwnText
from minori.mail.wording import Problem, Texts, Words, problems, standard
from minori.programmes.models import Programme

STANDARD = Words("", "")
"""Said of a language: no text of its own."""


class BadText(ValueError):  # noqa: N818 - what is wrong, as sentences
    """Texts cannot be used; `problems` by language say why."""

    def __init__(self, found: Mapping[str, list[Problem]]) -> None:
        super().__init__("; ".join(one.sentence for some in found.values() for one in some))
        self.problems = found


class TextChangedMeanwhile(Exception):  # noqa: N818 - what happened
    """Somebody else saved since the page was opened; `texts` are those of now, by language."""

    def __init__(self, texts: Mapping[str, OwnText]) -> None:
        super().__init__("changed meanwhile")
        self.texts = texts


def of(programme_ids: Collection[int]) -> Texts:
    """The own texts of programmes, in one query; a mail or language without one is not in it."""
    found = OwnText.objects.filter(programme__in=programme_ids).exclude(subject="").order_by("pk")
    return {
        (one.programme_id, Wording(one.what), one.language): Words(one.subject, one.body) for one in found
    }


def kept(programme: Programme, what: Wording) -> dict[str, OwnText]:
    """What was ever saved about one mail, by language."""
    return {
        one.language: one for one in OwnText.objects.filter(programme=programme, what=what).order_by("pk")
    }


def change(
    programme: Programme,
    *,
    what: Wording,
    texts: Mapping[str, Words],
    seen: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> bool:
    """Set the texts of one mail; whether anything changed. Recorded as WORDING_CHANGED with what they were.

    Empty, or word for word the standard text: the standard text is in force again. Mails that are written already stay
    as they are. Locks the programme. Raises BadText, and TextChangedMeanwhile where a version is not the `seen` one.
    """
    own = {
        language: STANDARD if words == standard(what, language) else words
        for language, words in texts.items()
    }
    check(own, what=what)
    with transaction.atomic():
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        held = kept(programme, what)
        # the same words sent twice are no conflict, whoever sent them first
        if any(
            held[language].version != seen.get(language, 0) and _words(held[language]) != own[language]
            for language in held.keys() & own.keys()
        ):
            raise TextChangedMeanwhile(held)
        before = {language: _words(held.get(language)) for language in own}
        changed = [language for language, words in own.items() if words != before[language]]
        for language in changed:
            text = held.get(language) or OwnText(programme=programme, what=what, language=language, version=0)
            text.subject, text.body = own[language]
            text.version += 1
            text.changed_at, text.changed_by_id, text.changed_by_name = at, by.person_id, by.name
            text.save()
        if changed:
            _record(programme, what, {one: before[one] for one in changed}, by=by, at=at)
    return bool(changed)


def check(texts: Mapping[str, Words], *, what: Wording) -> None:
    """Raises BadText for texts that mails cannot be made of."""
    wrong = {
        language: found
        for language, words in texts.items()
        if words != STANDARD and (found := problems(words, what=what, language=language))
    }
    if wrong:
        raise BadText(wrong)


def try_out(letter: Letter, *, on: Person, language: str, at: datetime) -> Message:
    """Mail a letter to the person who is at work on its text, marked as a test in its subject."""
    mark = {"ja": "【テスト】", "en": "[Test] "}[Language(language).value]
    marked = Letter(mark + letter.subject, letter.text, letter.html, letter.sender)
    post = outbox.Post(key=f"try:{on.pk}:{uuid4().hex}", person=on, letter=marked)
    with transaction.atomic():
        return outbox.put([post], kind=Kind.NOTICE, at=at)[0]


def _words(text: OwnText | None) -> Words:
    return Words(text.subject, text.body) if text else STANDARD


def _record(
    programme: Programme, what: Wording, before: dict[str, Words], *, by: Actor, at: datetime
) -> None:
    details: dict[str, Any] = {
        "what": what.value,
        "languages": sorted(before),
        "was": {language: words._asdict() for language, words in before.items()},
    }
    record(
        Action.WORDING_CHANGED,
        by=by,
        at=at,
        distributor_id=programme.distributor_id,
        programme_id=programme.pk,
        details=details,
    )
