"""Users over their life: closing a sign-in, opening it again, looking after the installation."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from minori.accounts.models import Person, User
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.report_forms.texts import one_line


class LastAdministrator(ValidationError):  # noqa: N818 - a state of the installation
    """Without this administrator nobody could look after the installation."""


def close(user: User, *, by: Actor, at: datetime) -> None:
    """Let this person sign in no more: sessions end at once, papers keep the name. Twice changes nothing.

    Raises LastAdministrator.
    """
    with transaction.atomic():
        locked = _lock(user)
        if not locked.is_active:
            return
        if locked.is_administrator:
            _must_not_be_the_last(locked)
        _set(user, is_active=False)
        _record(Action.USER_CLOSED, user, by=by, at=at)


def reopen(user: User, *, by: Actor, at: datetime) -> None:
    """Let this person sign in again; twice changes nothing."""
    with transaction.atomic():
        if _lock(user).is_active:
            return
        _set(user, is_active=True)
        _record(Action.USER_REOPENED, user, by=by, at=at)


def make_administrator(user: User, *, by: Actor, at: datetime) -> None:
    """Let this person look after the installation; twice changes nothing."""
    with transaction.atomic():
        if _lock(user).is_administrator:
            return
        _set(user, is_administrator=True)
        _record(Action.ADMINISTRATOR_MADE, user, by=by, at=at)


def end_administrator(user: User, *, by: Actor, at: datetime) -> None:
    """Let this person no longer look after the installation; twice changes nothing. Raises LastAdministrator."""
    with transaction.atomic():
        locked = _lock(user)
        if not locked.is_administrator:
            return
        _must_not_be_the_last(locked)
        _set(user, is_administrator=False)
        _record(Action.ADMINISTRATOR_ENDED, user, by=by, at=at)


def find_or_create(*, email: str, name: str) -> Person:
    """The person who signs in with this address; made, with the address taken as verified, where nobody does.

    For the installation's own command: people are otherwise invited.
    """
    address = email.strip().lower()
    with transaction.atomic():
        user = User.objects.filter(email=address).first() or User.objects.create_user(address)
        EmailAddress.objects.get_or_create(
            user=user, email=address, defaults={"verified": True, "primary": True}
        )
        person, _made = Person.objects.get_or_create(
            user=user, defaults={"name": one_line(name) or address, "email": address}
        )
    return person


def _lock(user: User) -> User:
    # all administrators too, in one order, so that two cannot end each other at the same moment
    rows = User.objects.filter(pk=user.pk) | User.objects.filter(is_administrator=True)
    return next(row for row in rows.order_by("pk").select_for_update() if row.pk == user.pk)


def _must_not_be_the_last(user: User) -> None:
    if not User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk).exists():
        raise LastAdministrator(_("This is the last administrator. Name another one first."))


def _set(user: User, **fields: bool) -> None:
    User.objects.filter(pk=user.pk).update(**fields)
    for name, value in fields.items():
        setattr(user, name, value)


def _record(action: Action, user: User, *, by: Actor, at: datetime) -> None:
    record(action, by=by, at=at, details={"user": user.pk})
