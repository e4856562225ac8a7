"""Loading the demo into an empty database, through the rules, and compiling its summaries."""

from datetime import datetime

from django.db import transaction

from minori.accounts.models import User
from minori.programmes.models import Distributor, Programme, Round
from reporting.summaries import compiling
from workers.demo import current, forms, historical, houses, own
from workers.demo.dates import TOKYO, around


class NotEmpty(ValueError):  # noqa: N818 - a state of the database
    """The database holds something else already: people whose work must not be mixed with the demo's."""


def is_loaded() -> bool:
    """Whether the demo is there; it is there whole or not at all, but for rooms that were made already."""
    codes = {historical.PROGRAMME, current.PROGRAMME}
    return Programme.objects.filter(code__in=codes).count() == len(codes)


def load(*, at: datetime) -> bool:
    """Load the demo as of a moment; False when it is there already. Needs the owner's login, outside transactions.

    Raises `NotEmpty` where the database holds anybody else's work.
    """
    if is_loaded():
        return False
    if User.objects.exists() or Distributor.objects.exists():
        message = "the demo is loaded into an empty database only"
        raise NotEmpty(message)
    historical.organization(at=at)
    current.organizations(at=at)
    forms.organizations(at=at)
    dates = around(at.astimezone(TOKYO).date())
    with transaction.atomic():
        historical.distributor()
        current.distributor(dates=dates)
        people = houses.people(at=at)
        historical.load(people)
        current.load(people, dates=dates, at=at)
        forms.load(people, dates=dates, at=at)
        own.load(people, dates=dates)
    own.make_room(at=at)
    for round_ in Round.objects.order_by("pk"):
        compiling.compile_round(round_.pk, at=at)
    return True
