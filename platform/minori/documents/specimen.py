"""An edition shown without a report: as the form to be filled in, and as paper."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from minori.documents import asking, paper
from minori.documents.paper import Paper
from minori.programmes import pinned
from minori.programmes.models import PinnedEdition
from minori.report_forms import editions, samples
from minori.report_forms.edition import Edition, Field, Kind
from minori.report_forms.editions import EditionError, EditionFile, LinedMistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of the form as its page shows it."""

    key: str
    kind: str
    label: str
    hint: str
    condition: str
    note: str
    mark: str
    lines: int
    limit: int | None
    choices: tuple[tuple[str, str], ...]
    text_label: str
    items: str
    unofficial: bool


@dataclass(frozen=True, slots=True)
class AskedSection:
    """One section of the task list."""

    title: str
    optional: bool
    fields: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One part of the form."""

    title: str
    sections: tuple[AskedSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One edition in one variant, as it can be chosen."""

    key: str
    version: int
    title: str
    variant: str
    sections: int
    fields: int
    open_places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file: its editions, or its mistakes; `fault` is what is wrong with one that is in use."""

    name: str
    shipped: bool
    pinned: PinnedEdition | None
    fault: str
    editions: tuple[Listed, ...]
    mistakes: tuple[LinedMistake, ...]


def form_of(edition: Edition, *, language: str) -> tuple[AskedPart, ...]:
    """The form in its parts."""
    return tuple(
        AskedPart(
            part.title.say(language),
            tuple(
                AskedSection(
                    section.title.say(language),
                    section.is_optional and all(field.kind != Kind.HEAD for field in section.fields),
                    tuple(_asked(edition, field, language) for field in section.fields),
                )
                for section in part.sections
            ),
        )
        for part in edition.parts
    )


def paper_of(edition: Edition, *, language: str) -> Paper:
    """The paper of a report that answers everything."""
    return paper.of(samples.contents(edition, language), edition=edition, language=language)


def installed(*, language: str) -> list[ListedFile]:
    """Every edition's file, readable or not, and those in use whose file is gone; in one query."""
    in_use = {(one.key, one.version): one for one in PinnedEdition.objects.all()}
    files = {(file.key, file.version): file for file in editions.found_files()}
    found = [_listed_file(file, in_use.get(name), language) for name, file in files.items()]
    gone = [
        ListedFile(
            name=one.file_name,
            shipped=False,
            pinned=one,
            fault=pinned.Fault.MISSING.name.lower(),
            editions=(),
            mistakes=(),
        )
        for name, one in in_use.items()
        if name not in files
    ]
    return found + gone


def _listed_file(file: EditionFile, in_use: PinnedEdition | None, language: str) -> ListedFile:
    mistakes: tuple[LinedMistake, ...] = ()
    listed: tuple[Listed, ...] = ()
    try:
        listed = tuple(_listed(one, language) for one in editions.in_all_variants(file.edition()))
    except EditionError as error:
        mistakes = file.mistakes() or tuple(LinedMistake(1, one) for one in error.problems)
    changed = in_use is not None and in_use.sha256 != file.sha256
    return ListedFile(
        name=file.path.name,
        shipped=file.is_shipped,
        pinned=in_use,
        fault=pinned.Fault.CHANGED.name.lower() if changed else "",
        editions=listed,
        mistakes=mistakes,
    )


def _listed(edition: Edition, language: str) -> Listed:
    return Listed(
        key=edition.key,
        version=edition.version,
        title=edition.title.say(language),
        variant=edition.variant.title.say(language) if edition.variant else "",
        sections=len(edition.sections),
        fields=len(edition.fields),
        open_places=sum(1 for _place in edition.open_places()),
    )


def _asked(edition: Edition, field: Field, language: str) -> Asked:
    has_words = field.kind in {Kind.CHOICE, Kind.TICKS, Kind.YES_NO}
    return Asked(
        key=field.key,
        kind=field.kind.value,
        label=asking.numbered(field, language),
        hint=field.hint.say(language),
        condition=asking.condition_of(edition, field, language),
        note=field.note.say(language),
        mark="required" if field.required else "optional",
        lines=field.lines,
        limit=field.max_length,
        choices=tuple((one.value, asking.label_of(field, one.value, language)) for one in field.choices),
        text_label=asking.text_label_of(field, language) if has_words else "",
        items=pgettext("between items of a list", ", ").join(
            one.label.say(language) for one in (*field.items, *field.columns)
        ),
        unofficial=not field.printed,
    )


def page_of(edition: Edition, *, language: str, as_paper: bool) -> dict[str, Any]:
    """What the page of an edition shows (documents/edition.html)."""
    return {
        "edition": edition,
        "title": edition.title.say(language),
        "variant": edition.variant.title.say(language) if edition.variant else "",
        "file_name": f"{edition.file_key}.v{edition.version}.toml",
        "form": () if as_paper else form_of(edition, language=language),
        "paper": paper_of(edition, language=language) if as_paper else None,
        "as_form": "?",
        "as_paper": "?paper=1",
    }
