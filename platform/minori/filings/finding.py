"""Finding a filing by the words people use for it: the grant's code, the round's number, the revision."""

from minori.filings.models import Filing
from minori.programmes.models import Deadline, Grant


class NothingFound(LookupError):  # noqa: N818 - shown to people as a sentence
    """There is no such grant, round or revision; `str()` says which, and what there is."""


def find(grant_code: str, *, round_number: int | None = None, revision: int | None = None) -> Filing:
    """The filing of a grant: of the newest round with one unless numbered, the revision that counts unless numbered.

    A report that was recalled and not handed in again has no revision that counts: then the newest one.
    Raises `NothingFound`.
    """
    grant = Grant.objects.filter(code=grant_code).first()
    if grant is None:
        msg = f"There is no grant with the code “{grant_code}”."
        raise NothingFound(msg)
    deadline = _deadline(grant, round_number)
    filings = deadline.filings.order_by("-revision")
    if revision is not None:
        found = filings.filter(revision=revision).first()
        if found is None:
            known = ", ".join(str(number) for number in filings.values_list("revision", flat=True)[::-1])
            msg = f"Round {deadline.round.number} of “{grant_code}” has no revision {revision}; it has: {known}."
            raise NothingFound(msg)
        return found
    return deadline.current_filing or filings[0]


def _deadline(grant: Grant, number: int | None) -> Deadline:
    """The deadline of the round asked for, else of the newest round with a filing; always one with filings."""
    handed_in = (
        grant.deadlines.filter(filings__isnull=False).select_related("round", "current_filing").distinct()
    )
    if number is None:
        newest = handed_in.order_by("-round__number").first()
        if newest is None:
            msg = f"Nothing has been handed in for “{grant.code}” yet."
            raise NothingFound(msg)
        return newest
    if not grant.deadlines.filter(round__number=number).exists():
        numbers = grant.deadlines.order_by("round__number").values_list("round__number", flat=True)
        known = ", ".join(str(one) for one in numbers) or "none"
        msg = f"“{grant.code}” has no round {number}; its rounds are: {known}."
        raise NothingFound(msg)
    found = handed_in.filter(round__number=number).first()
    if found is None:
        msg = f"Nothing has been handed in for round {number} of “{grant.code}” yet."
        raise NothingFound(msg)
    return found
