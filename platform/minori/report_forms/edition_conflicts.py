"""What no single table of an edition's file shows: keys used twice, references to nothing, kinds without what they need."""

from collections import Counter
from collections.abc import Iterable, Iterator

from minori.report_forms.edition import Column, Edition, Field, Kind

Found = Iterator[tuple[str, str]]

# names of inputs that the pages of a report have beside the fields
_TAKEN = frozenset({"then", "row", "covers", "dealt", "undealt", "choose", "move", "take", "kept"})
_CHOICES = frozenset({Kind.CHOICE, Kind.TICKS, Kind.YES_NO})


def find_conflicts(edition: Edition) -> Found:
    """Everything that does not fit together, each with the path of its place."""
    yield from _find_doubles(edition)
    yield from _find_unused_variants(edition)
    for path, field in _places(edition):
        yield from (
            (path, f"field {field.key}: {message}") for message in _find_field_conflicts(edition, field)
        )
    if len(photos := [path for path, field in _places(edition) if field.kind == Kind.PHOTOS]) > 1:
        yield photos[1], "a form has one field of photos at most"


def _places(edition: Edition) -> Iterator[tuple[str, Field]]:
    for p, part in enumerate(edition.parts):
        for s, section in enumerate(part.sections):
            for f, field in enumerate(section.fields):
                yield f"parts[{p}].sections[{s}].fields[{f}]", field


def _find_doubles(edition: Edition) -> Found:
    sections = [
        (f"parts[{p}].sections[{s}]", section.key)
        for p, part in enumerate(edition.parts)
        for s, section in enumerate(part.sections)
    ]
    keys = {
        "variant": [(f"variants[{place}]", one.key) for place, one in enumerate(edition.variants)],
        "part": [(f"parts[{place}]", part.key) for place, part in enumerate(edition.parts)],
        "section": sections,
        "field": [(path, field.key) for path, field in _places(edition)],
    }
    for what, places in keys.items():
        counts = Counter(key for _, key in places)
        for key, count in counts.items():
            if count > 1 and key:
                last = [path for path, other in places if other == key][-1]
                yield last, f"{what} {key} stands {count} times"


def _find_unused_variants(edition: Edition) -> Found:
    used = {variant for field in edition.fields for variant in field.variants}
    for place, variant in enumerate(edition.variants):
        if variant.key not in used and len(edition.variants) > 1:
            yield f"variants[{place}]", f"no field belongs to the variant {variant.key}"


def _find_field_conflicts(edition: Edition, field: Field) -> Iterator[str]:
    if field.key in _TAKEN:
        yield "this key is taken by the pages; choose another"
    for variant in field.variants:
        if variant not in {one.key for one in edition.variants}:
            yield f"variants names {variant}, which is no variant of this edition"
    yield from _find_choice_conflicts(field)
    yield from _find_follow_up_conflicts(edition, field)
    yield from _find_number_conflicts(edition, field)
    columns = Counter(column.key for column in field.columns)
    if field.kind == Kind.RESULTS and not columns[Column.TEXT.value]:
        yield "a results table needs a text column"
    if any(count > 1 for count in columns.values()):
        yield "a column stands twice"


def _find_choice_conflicts(field: Field) -> Iterator[str]:
    values = Counter(choice.value for choice in field.choices)
    for value, count in values.items():
        if count > 1:
            yield f"choice {value} stands {count} times"
    if field.kind in {Kind.CHOICE, Kind.TICKS} and not values:
        yield "there is no choice"
    if field.kind == Kind.YES_NO and set(values) != {"yes", "no"}:
        yield "the choices of yes_no are yes and no"
    if field.kind != Kind.TICKS and any(choice.exclusive for choice in field.choices):
        yield "only ticks can have an exclusive choice"


def _find_follow_up_conflicts(edition: Edition, field: Field) -> Iterator[str]:
    if not field.asked_after:
        if field.asked_when:
            yield "asked_when needs asked_after"
        return
    earlier = _before(edition, field, field.asked_after)
    if earlier is None or earlier.kind not in _CHOICES:
        yield f"asked_after names {field.asked_after}, which is no earlier field of choices"
        return
    if earlier.kind == Kind.CHOICE and not field.asked_when:
        yield f"asked_after names a choice, so asked_when must say which of {_listed(earlier)}"
    for value in field.asked_when:
        if earlier.choice(value) is None:
            yield f"asked_when names {value}, which is none of {_listed(earlier)}"
    if earlier.variants and not set(field.variants) <= set(earlier.variants):
        yield f"it is asked after {earlier.key} in variants that do not have {earlier.key}"
    if earlier.variants and not field.variants:
        yield f"it is asked after {earlier.key} in variants that do not have {earlier.key}"


def _find_number_conflicts(edition: Edition, field: Field) -> Iterator[str]:
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield "minimum is greater than maximum"
    if not field.not_before:
        return
    first = _before(edition, field, field.not_before)
    if first is None or first.kind != Kind.DATE:
        yield f"not_before names {field.not_before}, which is no earlier field of a date"
    elif first.variants and not (field.variants and set(field.variants) <= set(first.variants)):
        yield f"not_before names {first.key}, which some of its variants do not have"


def _before(edition: Edition, field: Field, key: str) -> Field | None:
    """The field with this key that stands before another, or None."""
    for other in edition.fields:
        if other is field:
            return None
        if other.key == key:
            return other
    return None


def _listed(field: Field) -> str:
    return _words(choice.value for choice in field.choices)


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)
