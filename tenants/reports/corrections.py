"""Taking what the officer proposed: the next revision, and the working copy with it, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from minori.audit.trail import Actor
from minori.documents.results import name_of
from minori.filings import correcting
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState
from minori.filings.models import Filing
from minori.filings.unreadable import contents_of
from minori.marks import gapped
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms.parts import values_of
from tenants.reports import following, saving
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import language_in_force, section_of_anchor


@dataclass(frozen=True)
class Proposed:
    """An open proposal with the section and the name of its place ("" where the report no longer has it)."""

    correction: Correction
    section: str
    name: str


def named(copy: WorkingCopy, found: Iterable[Correction]) -> list[Proposed]:
    """Proposals with the names of their places, in the order they were made."""
    rows = {str(row.uuid): name_of(row) for row in copy.draft.all_rows}
    language = language_in_force()
    proposed = []
    for one in found:
        section = section_of_anchor(copy, one.anchor)
        title = section.title.say(language) if section else ""
        name = gapped((title, rows.get(one.anchor, "")))
        proposed.append(Proposed(correction=one, section=section.key if section else "", name=name))
    return proposed


def open_of(deadline_ids: Iterable[int]) -> dict[int, list[Correction]]:
    """The proposals that wait for the organization, by report, oldest first; one query."""
    found: dict[int, list[Correction]] = {pk: [] for pk in deadline_ids}
    for one in Correction.objects.filter(deadline__in=found, state=CorrectionState.OPEN).order_by("pk"):
        found[one.deadline_id].append(one)
    return found


def take(deadline: Deadline, *, wanted: Iterable[int], by: Actor, at: datetime) -> Filing:
    """Take proposals as the next revision (`minori.filings.correcting.take`), and write them into the working copy.

    What stood in the working copy is kept there as a revision, as with every save. Raises as the rule does.
    """
    keys = set(wanted)
    with transaction.atomic():
        following.follow(deadline.pk, at=at, states={DeadlineState.HANDED_IN})
        filing = correcting.take(deadline, wanted=keys, by=by, at=at)
        values = values_of(contents_of(filing))
        taken = Correction.objects.filter(pk__in=keys).order_by("pk").values_list("anchor", "aspect")
        aspects: dict[str, dict[str, Any]] = {}
        for anchor, aspect in taken:
            aspects.setdefault(anchor, {})[aspect] = values[anchor][0][aspect]
        whole: Mapping[str, Any] = {anchor: values[anchor][0] for anchor in aspects}
        saving.follow_filing(deadline.pk, aspects=aspects, whole=whole, by=by, at=at)
    return filing
