"""Making an export: one worker at a time, in one state of the round, its file put aside part by part."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.utils import translation

from reporting.exports import gathering
from reporting.exports.enums import UNDER_WAY, Failure, Kind, State, Step
from reporting.exports.gathering import Gathered, KeptComing
from reporting.exports.models import Export, ExportPart
from reporting.exports.writing import board_paper, csv_table, data, summary_paper, workbook

log = logging.getLogger(__name__)

Told = Callable[[int, int], None]
"""Says how far a writer is: done, of. Raises `Cancelled` once nobody wants the file any more."""

LIFE = timedelta(days=3)
"""How long a file can be fetched."""

ATTEMPTS = 3
PIECE = 1024 * 1024
_LOCK = 0x65787074  # "expt"
_LOOKS_EVERY = "2s"

WRITERS: dict[Kind, Callable[[Gathered, Path, Told], None]] = {
    Kind.DOCX: board_paper.write,
    Kind.PDF: summary_paper.write,
    Kind.XLSX: workbook.write,
    Kind.CSV: csv_table.write,
    Kind.JSON: data.write,
}


class Cancelled(Exception):  # noqa: N818 - no error
    """Somebody cancelled the export while it was being made."""


class TookTooLong(Exception):  # noqa: N818 - raised by the worker at its limit
    """The worker's time is over."""


def make(
    export_id: int, *, clock: Callable[[], datetime], too_long: type[BaseException] = TookTooLong
) -> bool:
    """Make an export unless another worker is at it or it has come to an end; True when it is ready now.

    A worker that was killed leaves it `working` with its lock free: whoever comes next begins again, three times.
    `too_long` is what the worker raises at the end of its time. Other failures are written down and raised.
    """
    with _alone(export_id) as we:
        export = _begin(export_id, at=clock()) if we else None
        if export is None:
            return False
        try:
            return _make(export, clock=clock)
        except Cancelled:
            return False
        except KeptComing:
            _fail(export, Failure.BUSY, at=clock())
            return False
        except too_long:
            _fail(export, Failure.LARGE, at=clock())
            raise
        except Exception:
            log.exception("export %s could not be made", export.uuid)
            _fail(export, Failure.BROKEN, at=clock())
            raise


def waiting() -> list[int]:
    """The exports that are asked for or were left by a killed worker: the sweep wakes a worker for each."""
    return list(Export.objects.filter(state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True))


def _begin(export_id: int, *, at: datetime) -> Export | None:
    """The export, begun once more, or None where it has come to an end; given up after some tries."""
    export = Export.objects.select_related("round__programme__distributor").filter(pk=export_id).first()
    if export is None or not export.is_under_way:
        return None
    if export.attempts >= ATTEMPTS:
        _fail(export, Failure.TIRED, at=at)
        return None
    begun = Export.objects.filter(pk=export_id, state__in=UNDER_WAY)
    facts = {"state": State.WORKING, "began_at": at, "attempts": export.attempts + 1, "done": 0, "of": 0}
    return export if begun.update(**facts, step=Step.COMPILING) else None


def _make(export: Export, *, clock: Callable[[], datetime]) -> bool:
    teller = _Teller(export, clock)
    with translation.override(export.language), TemporaryDirectory(prefix="minori-export-") as folder:
        gathered = gathering.gather(export.round, language=export.language, clock=clock, step=teller.step)
        path = Path(folder) / f"export.{export.kind}"
        teller.step(Step.WRITING)
        with closing(gathered.shelf):
            WRITERS[Kind(export.kind)](gathered, path, teller.told)
        teller.step(Step.KEEPING)
        return _put_aside(export, path, as_of=gathered.as_of, at=clock())


def _put_aside(export: Export, path: Path, *, as_of: datetime, at: datetime) -> bool:
    with transaction.atomic():
        ready = Export.objects.filter(pk=export.pk, state=State.WORKING).update(
            state=State.READY,
            size=path.stat().st_size,
            as_of=as_of,
            ended_at=at,
            expires_at=at + LIFE,
            step="",
        )
        if not ready:
            return False
        ExportPart.objects.filter(export=export).delete()
        with path.open("rb") as file:
            position = 0
            while piece := file.read(PIECE):
                ExportPart.objects.create(export=export, position=position, data=piece)
                position += 1
    return True


def _fail(export: Export, failure: Failure, *, at: datetime) -> None:
    failed = Export.objects.filter(pk=export.pk, state__in=UNDER_WAY)
    failed.update(state=State.FAILED, failure=failure, ended_at=at)


class _Teller:
    """Writes down how far it is, at most once a second, and notices that nobody wants it any more."""

    def __init__(self, export: Export, clock: Callable[[], datetime]) -> None:
        self.export, self.clock = export, clock
        self.last: datetime | None = None

    def step(self, step: Step) -> None:
        self._say(step=step, done=0, of=0)

    def told(self, done: int, of: int) -> None:
        now = self.clock()
        if self.last is None or now - self.last >= timedelta(seconds=1):
            self._say(done=done, of=of)
            self.last = now

    def _say(self, **facts: object) -> None:
        if not Export.objects.filter(pk=self.export.pk, state=State.WORKING).update(**facts):
            raise Cancelled


@contextmanager
def _alone(export_id: int) -> Iterator[bool]:
    """Whether nobody else makes this export; the lock goes with the worker's connection, however it ends.

    PostgreSQL looks by itself whether the worker is still there: it would find out at the end of a long query only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('client_connection_check_interval', %s, false)", [_LOOKS_EVERY])
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, export_id])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, export_id])
