"""How a form words its questions: choices, labels with their numbers and units, when a follow-up is asked."""

from django.utils.translation import gettext, pgettext

from minori.report_forms.answers import opens
from minori.report_forms.edition import Edition, Field


def label_of(field: Field, value: str, language: str) -> str:
    """A choice as the form prints it: numbers in front, open places by their number alone."""
    choice = field.choice(value)
    label = choice.label.say(language) if choice is not None and choice.confirmed else ""
    if not label:
        return f"{value}." if value.isdigit() else value
    return f"{value}. {label}" if value.isdigit() else label


def numbered(field: Field, language: str) -> str:
    """The label with its number in front, and the unit of a number behind."""
    label = f"{field.number} {field.label.say(language)}".strip()
    unit = field.unit.say(language)
    return (
        pgettext("a number's label", "%(label)s (%(unit)s)") % {"label": label, "unit": unit}
        if unit
        else label
    )


def text_label_of(field: Field, language: str) -> str:
    """The label of the words that go with a choice, "" where none is asked."""
    asking = next((choice for choice in field.choices if choice.wants_text), None)
    return (asking.text_label or asking.label).say(language) if asking else ""


def condition_of(edition: Edition, field: Field, language: str) -> str:
    """When a follow-up is to be answered, in words; "" where a field is always asked."""
    if not field.asked_after:
        return ""
    earlier = edition.field(field.asked_after)
    choices = [choice.value for choice in earlier.choices]
    opening = [value for value in choices if opens(earlier, field, value)]
    closing = [value for value in choices if value not in opening]
    words = pgettext("between items of a list", ", ").join
    if len(closing) < len(opening):
        shown = words(label_of(earlier, value, language) for value in closing)
        text = gettext("Only if something other than “%(choices)s” is chosen in “%(label)s”.")
    else:
        shown = words(label_of(earlier, value, language) for value in opening)
        text = gettext("Only if “%(choices)s” is chosen in “%(label)s”.")
    return text % {"choices": shown, "label": earlier.label.say(language)}
