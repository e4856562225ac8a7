"""Looking after every organization's attached files: one room after the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
from minori.tenancy.rooms import entering
from tenants.evidence import attachments


@dataclass(frozen=True)
class Kept:
    """What was found: how many files, which are missing or changed, how many leftovers went."""

    looked_at: int
    wrong: tuple[str, ...]
    removed: int

    def as_json(self) -> dict[str, int]:
        """For the sweeps' log."""
        return {"files": self.looked_at, "wrong": len(self.wrong), "removed": self.removed}


def look_through(*, clean: bool) -> Kept:
    """Look whether every attached file is there as it was added; `clean` removes bytes that nobody needs.

    Bytes without a file are left by a crash between storing them and writing down what they are. Raises
    `minori.filings.files.Unavailable` where the store cannot be reached.
    """
    looked, removed, wrong = 0, 0, []
    for organization in _organizations():
        with entering(organization):
            for sha256, sound in attachments.look_through():
                looked += 1
                if not sound:
                    wrong.append(f"{organization.slug}: {sha256} is missing or changed")
            if clean:
                removed += attachments.forget_orphans()
    return Kept(looked, tuple(wrong), removed)


def _organizations() -> Iterator[Organization]:
    # django-tenants ships no types, so the manager's model is not known
    yield from Organization.objects.filter(state=OrganizationState.ACTIVE).order_by("pk")
