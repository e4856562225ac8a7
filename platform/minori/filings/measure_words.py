"""Measures in a few words, for officers and organizations alike: 「150人以上／年」."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from minori.indicators.measures import Kind, Measure, Per, Step
from minori.marks import gapped

KINDS: Mapping[Kind, str | Promise] = MappingProxyType(
    {
        Kind.AT_LEAST: pgettext_lazy("kind of a number", "at least"),
        Kind.AT_MOST: pgettext_lazy("kind of a number", "at most"),
        Kind.ABOUT: pgettext_lazy("kind of a number", "about"),
        Kind.EXACT: _("exactly, or as it is"),
        Kind.RANGE: pgettext_lazy("kind of a number", "a range: from … to …"),
        Kind.INCREASE: _("more than the baseline by"),
        Kind.DECREASE: _("less than the baseline by"),
        Kind.SHARE: _("a share (n of N, or percent)"),
        Kind.ALL: _("all (100 %)"),
        Kind.SCALE: _("a step on a scale"),
        Kind.STATE: _("a state, judged in words"),
        Kind.UNDECIDED: _("to be set later"),
        Kind.SAME: _("the same as another"),
        Kind.NONE: pgettext_lazy("kind of a number", "none"),
        Kind.TEXT: _("words without a number"),
    }
)
PERS: Mapping[Per, str | Promise] = MappingProxyType(
    {
        Per.TOTAL: _("in all"),
        Per.YEAR: _("per year"),
        Per.FISCAL_YEAR: _("per fiscal year"),
        Per.MONTH: _("per month"),
        Per.OCCURRENCE: _("per occurrence"),
        Per.ORGANIZATION: _("per organization"),
    }
)


def amount(value: Decimal | None) -> str:
    """Digits with thousands separated; "" for none."""
    return "" if value is None else f"{value.normalize():,f}"


def with_unit(number: str, unit: str) -> str:
    """A number and its unit: 150人, 80%, 20t; a word of Latin letters stands apart: 300 people."""
    return f"{number} {unit}" if re.match("[A-Za-z]{3}", unit) else f"{number}{unit}"


def measure(one: Measure) -> str:
    """A measure in a few words: 「150回以上／年」."""
    words = _plain(one)
    if one.years:
        words = gapped(
            f"{year}: {with_unit(amount(value), one.unit)}" for year, value in sorted(one.years.items())
        )
    if one.per is None or one.per is Per.TOTAL:
        return words
    return pgettext("a number, per what", "%(number)s, %(per)s") % {"number": words, "per": PERS[one.per]}


def _plain(one: Measure) -> str:
    number = with_unit(amount(one.value), one.unit)
    if one.kind is Kind.SHARE and one.of is not None:
        return with_unit(f"{amount(one.value)}/{amount(one.of)}", one.unit)
    if one.kind is Kind.SCALE:
        steps = {Step.UP: "+", Step.DOWN: "−", None: ""}[one.step]
        of = f"/{amount(one.of)}" if one.of is not None else ""
        step = with_unit(f"{steps}{amount(one.value)}{of}", one.unit)
        return (
            pgettext("a step on a scale", "%(step)s (lower is better)") % {"step": step}
            if one.lower_is_better
            else step
        )
    patterns = {
        Kind.AT_LEAST: pgettext("a number", "at least %(number)s"),
        Kind.AT_MOST: pgettext("a number", "at most %(number)s"),
        Kind.ABOUT: pgettext("a number", "about %(number)s"),
        Kind.INCREASE: pgettext("a number", "%(number)s more"),
        Kind.DECREASE: pgettext("a number", "%(number)s less"),
        Kind.EXACT: "%(number)s",
        Kind.SHARE: "%(number)s",
        Kind.RANGE: "%(lower)s–%(number)s",
    }
    if one.kind not in patterns or one.value is None:
        return str(KINDS.get(one.kind, KINDS[Kind.TEXT]))
    upper = with_unit(amount(one.upper), one.unit)
    return patterns[one.kind] % {
        "number": upper if one.kind is Kind.RANGE else number,
        "lower": amount(one.value),
    }
