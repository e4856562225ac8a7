"""Where figures are not joined: indicators whose meaning changed, or that were split off, from a version on."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from minori.registry.change_models import Succession
from minori.registry.models import RegisteredIndicator


@dataclass(frozen=True)
class Beginning:
    """An indicator's figures begin with a version: why, and what was measured before."""

    succession: Succession
    before: str

    @property
    def number(self) -> int:
        """The version it begins with."""
        return self.succession.version.number

    @property
    def why(self) -> str:
        """Why figures of before and after are not joined."""
        return str(self.succession.get_cut_display())


def beginnings_of(grant_id: int) -> dict[UUID, Beginning]:
    """Every cut of a grant's plan by the indicator's identity, in one query, two where there are any."""
    found = list(Succession.objects.filter(version__grant_id=grant_id).select_related("version"))
    if not found:
        return {}
    titles = RegisteredIndicator.objects.filter(
        uuid__in={one.before_uuid for one in found}, row__version__grant_id=grant_id
    ).order_by("row__version__number")
    names = {one.uuid: f"{one.mark}{one.statement}" for one in titles}
    return {one.uuid: Beginning(one, names.get(one.before_uuid, "")) for one in found}


def endings_of(grant_id: int) -> dict[UUID, int]:
    """The version from which on an indicator is no longer in a grant's plan, by its identity; one query.

    Those of the newest version have not ended.
    """
    versions: dict[int, set[UUID]] = {}
    known = RegisteredIndicator.objects.filter(row__version__grant_id=grant_id).order_by(
        "row__version__number"
    )
    for number, uuid in known.values_list("row__version__number", "uuid"):
        versions.setdefault(number, set()).add(uuid)
    numbers = sorted(versions)
    return {
        uuid: after
        for number, after in pairwise(numbers)
        for uuid in versions[number] - versions[after]
        if uuid not in versions[numbers[-1]]
    }


def cut_rows(grant_id: int, *, after: int, upto: int) -> frozenset[str]:
    """Rows (their UUIDs as text) with an indicator that begins in a version behind one and up to another.

    No query where there is no version between.
    """
    if after >= upto:
        return frozenset()
    found = Succession.objects.filter(
        version__grant_id=grant_id, version__number__gt=after, version__number__lte=upto
    )
    return frozenset(str(uuid) for uuid in found.values_list("row_uuid", flat=True))


def of_programme(programme_id: int) -> dict[int, list[tuple[int, UUID]]]:
    """Version and row of every cut, by grant, in one query."""
    found: dict[int, list[tuple[int, UUID]]] = {}
    cuts: Iterable[tuple[int, int, UUID]] = Succession.objects.filter(
        version__grant__programme_id=programme_id
    ).values_list("version__grant_id", "version__number", "row_uuid")
    for grant, number, row in cuts:
        found.setdefault(grant, []).append((number, row))
    return found
