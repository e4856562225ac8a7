"""`{% plan_number one "target" %}`: what a plan's text says in numbers, beside it."""

from typing import Any
from uuid import UUID

from django import template
from django.template import Context

from minori.filings import plan_numbers
from minori.filings.enums import Aspect
from minori.filings.measure_words import measure as measure_words
from minori.indicators.fiscal import FiscalCalendar
from minori.programmes.calendar import JAPANESE

register = template.Library()


def _calendar(context: Context) -> FiscalCalendar:
    """The fiscal years of the distributor whose plan the page shows."""
    grant, programme = context.get("grant"), context.get("programme")
    programme = grant.programme if grant else programme
    calendar: FiscalCalendar = programme.distributor.fiscal_calendar if programme else JAPANESE
    return calendar


@register.simple_tag(takes_context=True)
def gone_since(context: Context, indicator: Any) -> int | None:
    """The version from which on the plan no longer has an indicator (`successions.endings_of` as `endings`), or None."""
    endings: dict[UUID, int] = context.get("endings") or {}
    return endings.get(indicator.uuid)


@register.inclusion_tag("filings/plan_number.html", takes_context=True)
def plan_number(context: Context, indicator: Any, name: str) -> dict[str, Any]:
    """The chip of one text of an indicator: confirmed, or read by the system and counting nowhere yet.

    The page's `plan_numbers` holds what was confirmed, and where an officer confirms; pages of drafts have none.
    """
    aspect, text = Aspect(name), str(getattr(indicator, name))
    known: plan_numbers.Confirmed | None = context.get("plan_numbers") or None
    address = known.address if known else None
    reading = known.readings.get((indicator.uuid, name, text)) if known else None
    measure, day = (
        (None, None) if reading else plan_numbers.proposed(aspect, text, calendar=_calendar(context))
    )
    return {
        "reading": reading,
        "words": plan_numbers.words_of(reading) if reading else "",
        "proposed": measure_words(measure) if measure else "",
        "day": day,
        "sure": text and plan_numbers.is_sure(aspect, text),
        "registered": known is not None,
        "href": address(indicator.uuid, name) if address and text.strip() else "",
        "what": aspect.label,
        "name": indicator.statement,
    }
