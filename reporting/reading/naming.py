"""What a place of a report is called: questions by their form in the reader's language, rows by their plan."""

from collections.abc import Iterable
from uuid import UUID

from minori.marks import gapped
from minori.programmes import labels
from minori.programmes.models import Deadline, Distributor, Round
from minori.registry.models import RegisteredRow
from minori.report_forms.edition import Edition
from reporting.reading import folding
from reporting.reading.enums import Part


class Names:
    """Names of places for one page: each form is read once."""

    def __init__(self, distributors: Iterable[Distributor], language: str) -> None:
        self.distributors = {one.pk: one for one in distributors}
        self.language = language
        self.editions: dict[tuple[int, str, int], Edition] = {}

    def edition(self, distributor_id: int, round_: Round) -> Edition:
        """The form that a round pins, with the labels the distributor has completed."""
        key = (distributor_id, round_.edition, round_.edition_version)
        if key not in self.editions:
            self.editions[key] = labels.edition_of(self.distributors[distributor_id], *key[1:])
        return self.editions[key]

    def edition_of(self, round_: Round) -> Edition:
        """The same, where only one distributor is meant."""
        (only,) = self.distributors
        return self.edition(only, round_)

    def of(self, part: Part, anchor: str, name: str, distributor_id: int, round_: Round) -> str:
        """What a passage's place is called; a file at its name."""
        return self.field(self.edition(distributor_id, round_), anchor) if part is Part.FIELD else name

    def places(self, of: Iterable[tuple[Deadline, str]]) -> list[str]:
        """What these anchors of reports are called, "" for the whole report. One query for all rows among them."""
        asked = list(of)
        rows = {anchor for _deadline, anchor in asked if _is_uuid(anchor)}
        statements = (
            {
                str(uuid): folding.name_of_row(code, statement)
                for uuid, code, statement in RegisteredRow.objects.filter(uuid__in=rows)
                .order_by("version__number")
                .values_list("uuid", "code", "statement")
            }
            if rows
            else {}
        )
        return [
            statements.get(anchor)
            or self.field(self.edition(one.grant.programme.distributor_id, one.round), anchor)
            for one, anchor in asked
        ]

    def field(self, edition: Edition, key: str) -> str:
        """A question's name: its label under its section's, "" where the form does not know it."""
        try:
            field, section = edition.field(key), edition.section_of(key)
        except KeyError:
            return ""
        section_name = (section.title or section.heading or edition.part_of(section.key).title).say(
            self.language
        )
        label = " ".join(filter(None, (field.number, field.label.say(self.language))))
        return label if section_name == label else gapped((section_name, label))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
