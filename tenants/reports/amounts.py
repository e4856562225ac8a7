"""Fields of numbers as a page shows them: grouped, and with a word on how what was typed was read."""

from django.utils.translation import gettext as _

from minori.report_forms.amounts import grouped, with_unit
from minori.report_forms.answers import Answer, read_number
from minori.report_forms.edition import Field, Kind
from tenants.reports.sections import language_in_force


def text_of(asked: Field, answer: Answer) -> str:
    """What stands in the input of a field: a number grouped, so that it can be read; other texts as they are."""
    number = read_number(asked, answer.text) if asked.kind == Kind.NUMBER else None
    return answer.text if number is None else grouped(number)


def understood(asked: Field, text: str) -> str:
    """How what was typed into a field of numbers was read, in a sentence; "" for nothing and for other fields."""
    if asked.kind != Kind.NUMBER or not text:
        return ""
    if read_number(asked, text) is None:
        return _("This cannot be read as one number yet. Write just the number, such as 1,200,000.")
    return _("Read as %(number)s") % {"number": with_unit(text, asked.unit, language_in_force())}
