"""The distributor's own plan of the current programme, with links to the organizations' rows."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from minori.accounts.models import Person
from minori.organizations import provisioning
from minori.programmes.models import Distributor, Grant, Programme
from minori.registry import frameworks
from reporting.own import linking, own_plans
from reporting.own.linking import Pair
from workers.demo import houses, plans
from workers.demo.current import DISTRIBUTOR, PROGRAMME
from workers.demo.dates import Dates, moment
from workers.demo.plans import Facts

_FILE = Path(__file__).parent / "data" / "own.toml"


def load(people: Mapping[str, Person], *, dates: Dates) -> None:
    """Register the own plan and confirm links; the organizations' plans must be there."""
    programme = Programme.objects.get(code=PROGRAMME)
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    manager, day = houses.acting(people["miura"]), dates.starts_on + timedelta(days=20)
    own = own_plans.begin(programme, lead=people["miura"], by=manager, at=moment(day))
    version = frameworks.load(
        own, framework=plans.framework(said, dates.words), by=manager, at=moment(day, 10, 40)
    )
    frameworks.confirm(version, by=manager, at=moment(day, 10, 45))
    pairs = [
        Pair(grant.pk, plans.identity({"code": grant.code}, row), plans.identity(said, own_row["code"]))
        for own_row in said["rows"]
        for grant, row in _below(own_row)
    ]
    linking.confirm(own, pairs=pairs, by=manager, at=moment(day, 11))


def make_room(*, at: datetime) -> None:
    """Make the distributor's own room. As owner, on its own; the worker would do it too."""
    organization = Distributor.objects.get(slug=DISTRIBUTOR).organization
    assert organization is not None, "its own plan is loaded"
    provisioning.provision(organization.pk, at=at)


def _below(own_row: Facts) -> list[tuple[Grant, str]]:
    named = [one.split("/", 1) for one in own_row.get("below", ())]
    return [(Grant.objects.get(code=code), row) for code, row in named]
