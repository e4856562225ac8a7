"""Small corrections: the officer proposes one while reading, the organization takes it with one click.

The desk never writes a filing: taking is the organization's step, in its room, and makes the next revision.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState, Side
from minori.filings.handing_in import complete, freeze
from minori.filings.models import Figure, Filing, Reading
from minori.filings.readings import Given, confirm_with_filing, counting_of_figures
from minori.filings.stepping import NotPossibleNow, lock, step
from minori.filings.unreadable import contents_of
from minori.indicators.statements import Covers, Reached
from minori.indicators.stored import readable
from minori.programmes import labels
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms import corrections
from minori.report_forms.contents import Contents
from minori.report_forms.corrections import Aspect, DoesNotFit


class AskedDifferently(NotPossibleNow):
    """The proposal is no longer open, or what it begins with no longer stands there."""


def propose(
    deadline: Deadline,
    *,
    filing: Filing,
    anchor: str,
    aspect: Aspect,
    new: str,
    why: str = "",
    by: Actor,
    at: datetime,
) -> Correction:
    """Propose to replace one text or code of the revision that is being read.

    Holds the deadline's row lock. Raises `NotPossibleNow` unless the report waits for review and is being read, when
    `filing` is no longer current, where nothing stands at the place, nothing would change, the report would no longer
    be complete, or another proposal is open there. The very same proposal is made once.
    """
    with transaction.atomic():
        locked = _being_read(deadline, unread=_("Begin to read first."))
        if locked.current_filing_id != filing.pk:
            raise NotPossibleNow(_("A newer revision has been handed in. Read it before you propose."))
        contents = contents_of(filing)
        old = corrections.places(contents).get((anchor, aspect), "")
        _must_make_sense(locked, contents, corrections.Correction(anchor, aspect, old, new))
        known = locked.corrections.filter(anchor=anchor, aspect=aspect, state=CorrectionState.OPEN).first()
        if known is not None:
            if (known.new, known.why) == (new, why.strip()):
                return known
            raise NotPossibleNow(_("A correction is proposed here already. Withdraw it first."))
        made = Correction.objects.create(
            deadline=locked,
            organization_id=locked.organization_id,
            filing=filing,
            anchor=anchor,
            aspect=aspect.value,
            old=old,
            new=new,
            why=why.strip(),
            proposed_at=at,
            proposed_by_id=by.person_id,
            proposed_by_name=by.name,
        )
        _record(Action.CORRECTION_PROPOSED, locked, filing, anchors=[anchor], by=by, at=at)
    return made


def withdraw(correction: Correction, *, by: Actor, at: datetime) -> Correction:
    """The officer takes a proposal back; raises `AskedDifferently` once it is settled."""
    return _settle(correction, CorrectionState.WITHDRAWN, Action.CORRECTION_WITHDRAWN, by=by, at=at)


def decline(correction: Correction, *, word: str, by: Actor, at: datetime) -> Correction:
    """The organization does not take a proposal (修正しない), perhaps with a word why. In its room.

    Raises `AskedDifferently` once it is settled.
    """
    return _settle(correction, CorrectionState.DECLINED, Action.CORRECTION_DECLINED, word=word, by=by, at=at)


def take(deadline: Deadline, *, wanted: Iterable[int], by: Actor, at: datetime) -> Filing:
    """Take open proposals, by primary key, as one new revision: the same contents but for these places. In the room.

    What was confirmed of the numbers goes on to count where the words are the same; a corrected text waits to be
    confirmed anew. The report stays handed in and being read; approval and lateness stay those of the revision that
    is corrected. Holds the deadline's row lock, writes figures and hash in the same transaction.

    Raises `NotPossibleNow` unless the report is being read, `AskedDifferently` where a proposal is no longer open.
    """
    keys = set(wanted)
    with transaction.atomic():
        unread = _("The officer has not begun to read this revision, so there is nothing to take yet.")
        locked = _being_read(deadline, unread=unread)
        asked = list(
            locked.corrections.select_for_update(of=("self",))
            .filter(pk__in=keys, state=CorrectionState.OPEN)
            .order_by("pk")
        )
        if not asked or len(asked) != len(keys):
            raise AskedDifferently(_("The officer's proposal is no longer open."))
        before = locked.filings.get(revision=locked.last_revision)
        filing = _next_revision(locked, before, asked, by=by, at=at)
        Correction.objects.filter(pk__in=keys).update(
            state=CorrectionState.TAKEN,
            settled_at=at,
            settled_by_id=by.person_id,
            settled_by_name=by.name,
            taken_in=filing,
        )
        _carry_readings(before, filing, by=by, at=at)
        locked.current_filing = filing
        locked.save(update_fields=["current_filing"])
        details = {"revision": filing.revision, "hash": filing.hash}
        anchors = [one.anchor for one in asked]
        _record(Action.CORRECTION_TAKEN, locked, filing, anchors=anchors, by=by, at=at, **details)
    return filing


def lapse(deadline: Deadline, *, by: Actor, at: datetime) -> None:
    """What is still open lapses: part of sending back and accepting, where the deadline is locked."""
    still_open = deadline.corrections.filter(state=CorrectionState.OPEN).order_by("pk")
    anchors = list(still_open.values_list("anchor", flat=True))
    if anchors:
        still_open.update(
            state=CorrectionState.LAPSED, settled_at=at, settled_by_id=by.person_id, settled_by_name=by.name
        )
        _record(Action.CORRECTION_LAPSED, deadline, deadline.current_filing, anchors=anchors, by=by, at=at)


def _being_read(deadline: Deadline, *, unread: object) -> Deadline:
    """The deadline under its lock; `unread` is the sentence where the officer has not begun to read."""
    locked = lock(deadline)
    if locked.state != DeadlineState.HANDED_IN or locked.current_filing_id is None:
        raise NotPossibleNow(_("The report is not being read now, so nothing of it is corrected this way."))
    if locked.reading_began_at is None:
        raise NotPossibleNow(unread)
    return locked


def _must_make_sense(deadline: Deadline, contents: Contents, one: corrections.Correction) -> None:
    if not one.old:
        raise NotPossibleNow(_("Nothing stands at this place that could be corrected."))
    if not one.new.strip():
        raise NotPossibleNow(_("Write how it should read."))
    if one.new == one.old:
        raise NotPossibleNow(_("This is what stands there already."))
    try:
        after = corrections.corrected(contents, [one])
    except DoesNotFit:
        raise NotPossibleNow(_("Choose one of the codes.")) from None
    distributor = deadline.grant.programme.distributor
    edition = labels.edition_of(distributor, contents.edition, contents.edition_version)
    if corrections.is_complete(contents, edition) and not corrections.is_complete(after, edition):
        raise NotPossibleNow(
            _("The report could not be handed in like this: it is too long, or something is missing.")
        )


def _next_revision(
    deadline: Deadline, before: Filing, asked: Sequence[Correction], *, by: Actor, at: datetime
) -> Filing:
    contents = contents_of(before)
    made = [corrections.Correction(one.anchor, Aspect(one.aspect), one.old, one.new) for one in asked]
    try:
        after = corrections.corrected(contents, made)
    except DoesNotFit:
        raise AskedDifferently(_("The officer's proposal no longer fits what stands there.")) from None
    today = deadline.grant.programme.distributor.local_date(at)
    revision = (deadline.filings.aggregate(last=Max("revision"))["last"] or 0) + 1
    approval = contents.head.approval
    assert approval is not None, "what was handed in says who approved"
    after = complete(after, revision=revision, approval=approval, by=by, today=today)
    version = before.framework_version
    return freeze(
        deadline, after, version=version, approval=approval, by=by, at=at, days_late=before.days_late
    )


def _carry_readings(before: Filing, filing: Filing, *, by: Actor, at: datetime) -> None:
    """Confirm of the new lines what counted of the old ones, for indicators whose words are the same."""
    lines = Figure.objects.filter(indicator_uuid__isnull=False).order_by("position")
    old = {figure.pk: figure for figure in lines.filter(filing=before)}
    words = dict(lines.filter(filing=filing).values_list("indicator_uuid", "text"))
    given = {
        uuid: _given(reading)
        for pk, reading in counting_of_figures(old).items()
        if (uuid := old[pk].indicator_uuid) is not None and words.get(uuid) == old[pk].text
    }
    if given:
        confirm_with_filing(filing, given, by=by, at=at, side=Side.ROOM)


def _given(reading: Reading) -> Given:
    return Given(
        measure=readable(reading.measure),
        covers=Covers(reading.covers) if reading.covers else None,
        on=reading.on,
        reached=Reached(reading.reached) if reading.reached else None,
    )


def _settle(
    correction: Correction, state: CorrectionState, action: Action, *, by: Actor, at: datetime, word: str = ""
) -> Correction:
    with transaction.atomic():
        locked = lock(correction.deadline)
        fresh = locked.corrections.filter(pk=correction.pk, state=CorrectionState.OPEN)
        if not fresh.update(
            state=state, word=word.strip(), settled_at=at, settled_by_id=by.person_id, settled_by_name=by.name
        ):
            raise AskedDifferently(_("The officer's proposal is no longer open."))
        _record(action, locked, correction.filing, anchors=[correction.anchor], by=by, at=at)
    correction.refresh_from_db()
    return correction


def _record(
    action: Action,
    deadline: Deadline,
    filing: Filing | None,
    *,
    anchors: Sequence[str],
    by: Actor,
    at: datetime,
    **more: object,
) -> None:
    details = {**more, "anchors": list(anchors)}
    step(action, deadline, filing=filing, before=deadline.state, by=by, at=at, details=details)
