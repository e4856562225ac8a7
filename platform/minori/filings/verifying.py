"""`minori verify`: figures, hashes and the filing that counts, made again from the frozen papers and compared.

And every report's trail, told again (`replaying`)."""

from collections.abc import Iterator

from django.db.models import Max

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import replaying
from minori.filings.handing_in import asks_about_a_plan, figure_rows
from minori.filings.models import Figure, FiledAttachment, Filing, Reading
from minori.filings.unreadable import BROKEN
from minori.indicators.stored import UnreadableMeasure, from_json
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms import editions
from minori.report_forms.contents import Contents, hash_of, part_hashes_of

_COMPARED = [
    field.attname
    for field in Figure._meta.concrete_fields
    if field.name not in ("id", "filing", "organization")
]


def differences() -> Iterator[str]:
    """A sentence for every filing whose hashes or figures differ from its contents, and every deadline whose
    counting filing is not the latest one that was not recalled, or that stands elsewhere than its trail leads;
    and every reading that is no measure. Reads one filing at a time."""
    for filing in Filing.objects.order_by("pk").iterator(chunk_size=100):
        try:
            yield from list(_of_filing(filing))
        except BROKEN as unreadable:
            # put there by hand: it is named, and the others are looked at
            yield f"filing {filing.pk} (deadline {filing.deadline_id}): it cannot be read ({unreadable!r})"
    recalled = set(Event.objects.filter(action=Action.RECALLED).values_list("filing_id", flat=True))
    yield from _of_deadlines(recalled)
    yield from replaying.differences()
    yield from _of_readings()


def _of_filing(filing: Filing) -> Iterator[str]:
    name = f"filing {filing.pk} (deadline {filing.deadline_id}, revision {filing.revision})"
    hashes = part_hashes_of(filing.contents)
    yield from (
        f"{name}: part {part} was changed"
        for part, value in hashes.items()
        if filing.part_hashes.get(part) != value
    )
    if hash_of(filing.part_hashes) != filing.hash:
        yield f"{name}: its hash is not that of its parts"
    attached = list(
        FiledAttachment.objects.filter(filing=filing)
        .order_by("position")
        .values_list("uuid", "sha256", "caption")
    )
    contents = Contents.from_json(filing.contents)
    if filing.framework_version_id is None and _asks_about_a_plan(contents):
        yield f"{name}: its form asks about a plan, and it was handed in without one"
    if attached != [(one.uuid, one.sha256, one.caption) for one in contents.attachments]:
        yield f"{name}: its attachments differ from its contents"
    stored = list(Figure.objects.filter(filing=filing).order_by("position").values_list(*_COMPARED))
    again = [tuple(getattr(figure, name) for name in _COMPARED) for figure in figure_rows(filing, contents)]
    if stored != again:
        yield f"{name}: its figures differ from its contents"


def _asks_about_a_plan(contents: Contents) -> bool:
    return asks_about_a_plan(editions.load(contents.edition, contents.edition_version))


def _of_deadlines(recalled: set[int | None]) -> Iterator[str]:
    latest = dict(
        Filing.objects.exclude(pk__in=[pk for pk in recalled if pk is not None])
        .order_by()
        .values("deadline_id")
        .annotate(revision=Max("revision"))
        .values_list("deadline_id", "revision")
    )
    for deadline in Deadline.objects.select_related("current_filing").order_by("pk").iterator(chunk_size=500):
        counting = deadline.current_filing.revision if deadline.current_filing else None
        if latest.get(deadline.pk) != counting and deadline.state != DeadlineState.WAIVED:
            yield f"deadline {deadline.pk}: revision {counting} counts, {latest.get(deadline.pk)} should"


def _of_readings() -> Iterator[str]:
    stored = Reading.objects.filter(measure__isnull=False).order_by("pk").values_list("pk", "measure")
    for pk, measure in stored.iterator(chunk_size=500):
        try:
            from_json(measure or {})
        except UnreadableMeasure as error:
            yield f"reading {pk}: {error}"
