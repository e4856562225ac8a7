"""Rounds to take along."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reporting.exports import gathering
from reporting.exports.enums import Kind
from reporting.exports.gathering import Gathered
from reporting.exports.making import WRITERS
from reporting.remarks import saving
from reporting.remarks.saving import Given, stamp_of
from tests.factories import filings, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
FORMULA = "=cmd|' /C calc'!A0\n＝２行目　①② #set text(red) *太字* <b>&amp;"
PLAN = [
    {
        "code": "0101",
        "statement": '（0101）=HYPERLINK("http://example.org")',
        "indicators": [{"statement": "回数"}],
    }
]


def round_with(hikari: Any, kibou: Any) -> Any:
    """A round with one report of dangerous texts, handed in late, and one missing; both remarked on."""
    round_ = programmes.round_()
    given = {None: Given(text="全体としておおむね順調。\n課題は人手。", stamp=stamp_of(None))}
    for organization in (hikari, kibou):
        grant = programmes.grant(of=round_.programme, organization=organization, title="=1+1")
        registry.registered(grant, registry.framework(PLAN))
        deadline = programmes.deadline(of=grant, round=round_)
        given[grant.pk] = Given(text=f"=所見 {organization.slug} & <w:p>", stamp=stamp_of(None))
        if organization == hikari:
            rows = {"0101": {"text": FORMULA, "progress": 3}}
            filings.handed_in(deadline, rows=rows, at=datetime(2026, 10, 16, 3, 0, tzinfo=UTC))
    saving.save(round_, given=given, by=filings.EDITOR, at=AT)
    return round_


def gathered(round_: Any, language: str = "ja") -> Gathered:
    return gathering.gather(round_, language=language, clock=lambda: AT, step=lambda _step: None)


def written(round_: Any, kind: Kind, folder: Path, language: str = "ja") -> Path:
    """The round as a file of this kind."""
    from django.utils import translation

    path = folder / f"round.{kind}"
    with translation.override(language):
        WRITERS[kind](gathered(round_, language), path, lambda _done, _of: None)
    return path
