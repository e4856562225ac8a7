"""Labels of a form's open places, as a distributor completed them: on forms, papers and summaries from then on.

The official form has these choices, but their words were not certain when the edition was written. Each
distributor confirms them once; what was confirmed before stands in the trail.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor, record
from minori.programmes.models import Distributor
from minori.report_forms import editions
from minori.report_forms.editions import Edition
from minori.report_forms.texts import Text, clean

Place = tuple[str, str]
"""A field's key and the value of one of its choices."""

MOST_CHARACTERS = 200


class LabelRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """A label that cannot be taken; `str()` is the sentence for the person."""


def edition_of(distributor: Distributor, key: str, version: int) -> Edition:
    """An installed edition with the labels this distributor has completed. Asks the database nothing.

    Raises what `editions.load` raises.
    """
    edition = editions.load(key, version)
    known = labels_of(distributor, edition)
    return edition.with_labels(known) if known else edition


def labels_of(distributor: Distributor, edition: Edition) -> dict[Place, Text]:
    """What the distributor has completed of the edition's open places."""
    stored: Mapping[str, Mapping[str, Mapping[str, str]]] = distributor.edition_labels.get(_name(edition), {})
    return {
        (field.key, choice.value): Text(label["ja"], label["en"])
        for field, choice in edition.open_places()
        if (label := stored.get(field.key, {}).get(choice.value))
    }


def complete(
    distributor: Distributor, *, edition: Edition, labels: Mapping[Place, Text], by: Actor, at: datetime
) -> Distributor:
    """Complete, correct or (with an empty text) take back labels of an edition's open places.

    Holds the distributor's row. `edition` is as it is installed, without labels. What changed is recorded with
    both wordings; nothing is recorded where nothing changed. Raises `LabelRefused` for a place that is not
    open, a label without Japanese, one that is too long, and two choices of the same words.
    """
    wanted = {place: Text(clean(text.ja).strip(), clean(text.en).strip()) for place, text in labels.items()}
    _check(edition, wanted)
    with transaction.atomic():
        locked = Distributor.objects.select_for_update().get(pk=distributor.pk)
        standing = labels_of(locked, edition)
        after = {place: text for place, text in (standing | wanted).items() if text}
        _check_twice(edition, after)
        changed = [place for place in wanted if standing.get(place, Text()) != wanted[place]]
        if changed:
            stored: dict[str, dict[str, dict[str, str]]] = {}
            for (field, value), text in after.items():
                stored.setdefault(field, {})[value] = text.to_json()
            locked.edition_labels = {**locked.edition_labels, _name(edition): stored}
            locked.save(update_fields=["edition_labels"])
            details: dict[str, Any] = {
                "edition": edition.file_key,
                "version": edition.version,
                "labels": [
                    {
                        "field": field,
                        "value": value,
                        "before": standing.get((field, value), Text()).to_json(),
                        "after": wanted[field, value].to_json(),
                    }
                    for field, value in changed
                ],
            }
            record(Action.LABELS_COMPLETED, by=by, at=at, distributor_id=locked.pk, details=details)
    return locked


def history_of(distributor: Distributor, edition: Edition) -> list[Event]:
    """Who completed or corrected labels of this edition, newest first."""
    events = Event.objects.filter(action=Action.LABELS_COMPLETED, distributor_id=distributor.pk)
    of_this = {"details__edition": edition.file_key, "details__version": edition.version}
    return list(events.filter(**of_this).order_by("-pk"))


def _name(edition: Edition) -> str:
    return f"{edition.file_key}.v{edition.version}"


def _check(edition: Edition, labels: Mapping[Place, Text]) -> None:
    places = {(field.key, choice.value) for field, choice in edition.open_places()}
    for place, text in labels.items():
        if place not in places:
            raise LabelRefused(_("This place of the form is not open."))
        if text.en and not text.ja:
            raise LabelRefused(_("Write the label in Japanese too: it is the official one."))
        if max(len(text.ja), len(text.en)) > MOST_CHARACTERS or "\n" in text.ja + text.en:
            raise LabelRefused(_("A label is one line of at most 200 characters."))


def _check_twice(edition: Edition, labels: Mapping[Place, Text]) -> None:
    for field in {field for field, _value in labels}:
        known = [choice.label.ja for choice in edition.field(field).choices if choice.confirmed]
        words = known + [text.ja for (of, _value), text in labels.items() if of == field]
        if len(set(words)) < len(words):
            raise LabelRefused(_("Two choices of one question cannot have the same label."))
