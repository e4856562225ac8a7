"""A distributor's own plan of a programme, and links from organizations' rows to it: through the rules."""

from datetime import UTC, datetime
from typing import Any

from minori.programmes.models import Grant, Programme
from minori.report_forms.framework import Level, Support
from reporting.own import linking, own_plans
from reporting.own.linking import Pair
from reporting.own.models import RowLink
from tests.factories import programmes, registry

AT = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)
OWN_ROWS: tuple[dict[str, Any], ...] = (
    {
        "level": Level.OUTCOME_SHORT,
        "code": "1",
        "statement": "1．子どもが安心できる居場所が各地に生まれ、続いている",
        "uuid": registry.identity("own/1"),
        "indicators": [{"statement": "居場所の数", "target": "7か所", "uuid": registry.identity("own/1/0")}],
    },
    {
        "code": "1-1",
        "statement": "1-1 実行団体の居場所が毎週開かれている",
        "uuid": registry.identity("own/1-1"),
        "indicators": [
            {"statement": "開所回数", "target": "年間100回", "uuid": registry.identity("own/1-1/0")}
        ],
    },
    {
        "support": Support.NON_FINANCIAL,
        "code": "2-1",
        "statement": "2-1 実行団体の会計と労務の体制が整う",
        "uuid": registry.identity("own/2-1"),
    },
)
"""Three rows: an outcome, an output with money, an output of non-financial support."""


def begun(programme: Programme, *, plan: bool = True) -> Grant:
    """The distributor's own grant of a programme, with a registered plan unless it is only begun."""
    lead = programmes.officer_person()
    own = own_plans.begin(programme, lead=lead, by=registry.OFFICER, at=AT)
    if plan:
        registry.registered(own, registry.framework(OWN_ROWS))
    return own


def linked(own: Grant, grant: Grant, row: str = "0101", own_row: str | None = "own/1-1") -> RowLink:
    """One row of a grantee linked with one of the own plan, by their codes."""
    under = None if own_row is None else registry.identity(own_row)
    pairs = [Pair(grant.pk, registry.identity(row), under)]
    return linking.confirm(own, pairs=pairs, by=registry.OFFICER, at=AT)[0]
