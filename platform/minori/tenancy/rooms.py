"""The two doors: into an organization's room, and to the owner's login."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import connections


class Room(Protocol):
    """What can be entered: an organization with its schema and its database role."""

    pk: Any
    schema_name: str

    @property
    def db_role(self) -> str: ...


R = TypeVar("R", bound=Room)


class AlreadyElsewhere(RuntimeError):  # noqa: N818 - a state of the caller, not a fault of the data
    """Code inside one organization's room tried to enter another's."""


class OwnerLoginMissing(RuntimeError):  # noqa: N818 - a state of the installation
    """The owner's login (DATABASE_URL) is not known to this process, and must not be in the web process."""


class InATransaction(RuntimeError):  # noqa: N818 - a state of the caller
    """The owner's login was asked for in the middle of somebody else's transaction or room."""


def _here() -> Any:
    """This thread's default connection, as django-tenants extends it (it ships no types)."""
    return connections["default"]


def current_room_id() -> int | None:
    """Primary key of the organization whose room this thread is in, or None at the desk."""
    tenant = _here().tenant
    return tenant.pk if getattr(tenant, "db_role", None) else None


@contextmanager
def entering(organization: R) -> Iterator[R]:
    """Run the block inside an organization: its schema and its database role, for this thread's connection.

    Querysets are lazy: evaluate them inside. Entering the same room twice is harmless;
    entering another one from inside raises `AlreadyElsewhere`.
    """
    inside = current_room_id()
    if inside is not None and inside != organization.pk:
        message = f"inside organization {inside}, tried to enter organization {organization.pk}"
        raise AlreadyElsewhere(message)
    here = _here()
    before = here.tenant
    here.set_tenant(organization)
    try:
        yield organization
    finally:
        here.set_tenant(before)


@contextmanager
def as_owner() -> Iterator[Any]:
    """Run the block with the owner's login as this thread's default connection: migrating and provisioning only.

    Raises `OwnerLoginMissing` where DATABASE_URL is not set (the web process), `InATransaction` inside a
    transaction or a room. Nested calls share the owner's connection.
    """
    if getattr(connections["default"], "is_owner", False):
        yield connections["default"]
        return
    if "owner" not in settings.DATABASES:
        message = "this needs the database owner's login: set DATABASE_URL"
        raise OwnerLoginMissing(message)
    ours = connections["default"]
    if ours.in_atomic_block or current_room_id() is not None:
        message = "the owner's login cannot be taken inside a transaction or a room"
        raise InATransaction(message)
    owner: Any = connections["owner"].copy("default")
    owner.is_owner = True
    connections["default"] = owner
    try:
        yield owner
    finally:
        owner.close()
        connections["default"] = ours
