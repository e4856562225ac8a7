"""Small corrections (訂正の提案): the officer proposes other words, the organization takes them over with one click.

The officer never writes a filing. Taking over is the organization's step, made in its room: the same paper with these
words in their places is its next revision, the report goes on being reviewed, and its lateness stays that of the first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.filings.enums import CorrectionState
from minori.filings.handing_in import complete, file_revision
from minori.filings.models import Correction, Filing
from minori.filings.stepping import NotPossibleNow, lock, step, under_review
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms import editions
from minori.report_forms.contents import Approval, ApprovalManner, Contents
from minori.report_forms.corrections import Aspect, Spot, corrected, standing
from minori.report_forms.texts import is_empty


@dataclass(frozen=True)
class Taken:
    """What taking over came to: the new revision, its contents, and the corrections in it."""

    filing: Filing
    contents: Contents
    corrections: Sequence[Correction]


def propose(
    deadline: Deadline, *, filing: Filing, texts: Mapping[Spot, str], why: str, by: Actor, at: datetime
) -> list[Correction]:
    """Propose other words for texts of the filing under review; texts that are as they were filed are passed over.

    A proposal that waits at the same place is replaced. Raises `NotPossibleNow` where nothing was changed, a text would
    be left without words or grow too long, or the report is not under review; `StaleRevision`. Holds the deadline's
    row lock, and counts as reading: from here on nothing is recalled.
    """
    with transaction.atomic():
        locked = under_review(deadline, filing)
        contents = Contents.from_json(filing.contents)
        known = standing(contents, editions.load(contents.edition, contents.edition_version))
        changed = {spot: new for spot, new in texts.items() if spot in known and known[spot].text != new}
        if not changed:
            raise NotPossibleNow(_("No text was changed."))
        for spot, new in changed.items():
            _must_fit(new, known[spot].max_length)
        waiting = Correction.objects.open().filter(deadline=locked)
        same = {(one.anchor, one.aspect): one for one in waiting}
        fresh = {
            spot: new
            for spot, new in changed.items()
            if (one := same.get((spot.anchor, spot.aspect.value))) is None
            or (one.old, one.new) != (known[spot].text, new)
        }
        if not fresh:
            return []
        _settle(
            [one for spot in fresh if (one := same.get((spot.anchor, spot.aspect.value)))],
            CorrectionState.WITHDRAWN,
            by=by,
            at=at,
        )
        proposed = Correction.objects.bulk_create(
            Correction(
                deadline=locked,
                organization_id=locked.organization_id,
                filing=filing,
                anchor=spot.anchor,
                aspect=spot.aspect,
                old=known[spot].text,
                new=new,
                why=why.strip(),
                proposed_at=at,
                proposed_by_id=by.person_id,
                proposed_by_name=by.name,
            )
            for spot, new in fresh.items()
        )
        if locked.reading_began_at is None:
            locked.reading_began_at = at
            locked.save(update_fields=["reading_began_at"])
        details = {"count": len(proposed), "why": why.strip()}
        step(
            Action.CORRECTION_PROPOSED,
            locked,
            filing=filing,
            before=locked.state,
            by=by,
            at=at,
            details=details,
        )
    return proposed


def take(deadline: Deadline, *, pks: Collection[int], by: Actor, at: datetime) -> Taken | None:
    """Take waiting corrections over as the next revision. Run inside the organization's room.

    `by` stands for the organization's approval. Those that were settled meanwhile are passed over: None where no one
    is left, so that a double click is harmless. A correction whose text no longer stands there as it was proposed
    cannot be taken. Raises `NotPossibleNow` unless the report is being reviewed. Holds the deadline's row lock.
    """
    with transaction.atomic():
        locked = lock(deadline)
        chosen = _waiting(locked, pks)
        if not chosen:
            return None
        before = _current(locked)
        contents = Contents.from_json(before.contents)
        today = locked.grant.programme.distributor.local_date(at)
        approval = Approval(approved_by=by.name, manner=ApprovalManner.SCREEN, approved_on=today)
        frozen = complete(
            corrected(contents, {spot_of(one): one.new for one in chosen}),
            revision=(locked.filings.aggregate(last=Max("revision"))["last"] or 0) + 1,
            approval=approval,
            by=by,
            today=today,
        )
        filing = file_revision(
            locked,
            frozen,
            version=before.framework_version,
            approval=approval,
            by=by,
            at=at,
            days_late=before.days_late,  # the officer asked for it: being late is no matter of a correction
        )
        _settle(chosen, CorrectionState.TAKEN, by=by, at=at, taken_as=filing)
        locked.current_filing = filing
        locked.save(update_fields=["current_filing"])
        details = {"revision": filing.revision, "hash": filing.hash, "count": len(chosen)}
        step(
            Action.CORRECTION_TAKEN,
            locked,
            filing=filing,
            before=locked.state,
            by=by,
            at=at,
            details=details,
        )
    return Taken(filing, frozen, chosen)


def decline(deadline: Deadline, *, pks: Collection[int], words: str, by: Actor, at: datetime) -> int:
    """Leave the texts as they were handed in, perhaps with words for the officer; how many corrections were declined.

    Run inside the organization's room. Raises `NotPossibleNow` unless the report is being reviewed.
    """
    with transaction.atomic():
        locked = lock(deadline)
        chosen = _waiting(locked, pks)
        if chosen:
            _settle(chosen, CorrectionState.DECLINED, by=by, at=at, words=words.strip())
            _step(Action.CORRECTION_DECLINED, locked, chosen, by=by, at=at, words=words.strip())
    return len(chosen)


def withdraw(deadline: Deadline, *, pks: Collection[int], by: Actor, at: datetime) -> int:
    """The officer takes proposals back; how many still waited."""
    with transaction.atomic():
        locked = lock(deadline)
        chosen = list(Correction.objects.open().filter(deadline=locked, pk__in=pks))
        if chosen:
            _settle(chosen, CorrectionState.WITHDRAWN, by=by, at=at)
            _step(Action.CORRECTION_WITHDRAWN, locked, chosen, by=by, at=at)
    return len(chosen)


def lapse(deadline: Deadline, *, by: Actor, at: datetime) -> None:
    """Let what waits lapse, in the transaction that decides about the report: the deadline is locked."""
    _settle(list(Correction.objects.open().filter(deadline=deadline)), CorrectionState.LAPSED, by=by, at=at)


def spot_of(correction: Correction) -> Spot:
    """Which text of the paper it is about."""
    return Spot(correction.anchor, Aspect(correction.aspect))


def _waiting(deadline: Deadline, pks: Collection[int]) -> list[Correction]:
    if deadline.state != DeadlineState.HANDED_IN:
        raise NotPossibleNow(_("This report is not being reviewed now, so nothing can be taken over."))
    return list(Correction.objects.open().filter(deadline=deadline, pk__in=pks).order_by("pk"))


def _current(deadline: Deadline) -> Filing:
    assert deadline.current_filing_id is not None, "a constraint: what was handed in has a filing"
    return Filing.objects.select_related("framework_version").get(pk=deadline.current_filing_id)


def _must_fit(new: str, most: int | None) -> None:
    if is_empty(new):
        raise NotPossibleNow(
            _("A correction leaves some words. Send the report back if a text should be taken out.")
        )
    if most is not None and len(new) > most:
        raise NotPossibleNow(
            ngettext(
                "The corrected text is longer than the form allows (%(most)d character).",
                "The corrected text is longer than the form allows (%(most)d characters).",
                most,
            )
            % {"most": most}
        )


def _settle(
    corrections: Sequence[Correction],
    state: CorrectionState,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    taken_as: Filing | None = None,
) -> None:
    # one statement: what a room may change of a correction are these columns
    Correction.objects.filter(pk__in=[one.pk for one in corrections]).update(
        state=state,
        settled_at=at,
        settled_by_id=by.person_id,
        settled_by_name=by.name,
        words=words,
        taken_as=taken_as,
    )


def _step(
    action: Action,
    deadline: Deadline,
    corrections: Sequence[Correction],
    *,
    by: Actor,
    at: datetime,
    words: str = "",
) -> None:
    details = {"count": len(corrections)} | ({"reason": words} if words else {})
    filing = deadline.current_filing
    step(action, deadline, filing=filing, before=deadline.state, by=by, at=at, details=details)
