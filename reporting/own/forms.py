"""What the page of links sends."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minori.programmes.models import Grant
from minori.registry.likeness import Sign
from reporting.own.enums import Basis
from reporting.own.linking import Pair

NONE = "none"


class ReasonForm(forms.Form):
    """Why a link ends."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def key(grant: Grant, row: UUID, own_row: UUID | None) -> str:
    """A pair as the page names it."""
    return f"{grant.code}/{row}/{own_row or NONE}"


def pairs(chosen: Iterable[str], grants: Mapping[int, Grant]) -> list[Pair]:
    """The chosen pairs; what is no key of this programme's grants is left out."""
    known = {one.code: one.pk for one in grants.values()}
    found = []
    for one in dict.fromkeys(chosen):
        code, _slash, rest = one.partition("/")
        row, _slash, own_row = rest.partition("/")
        try:
            pair = Pair(known[code], UUID(row), None if own_row == NONE else UUID(own_row))
        except (KeyError, ValueError):
            continue
        found.append(pair)
    return found


SIGNS = {sign: Basis(sign.value).label for sign in Sign}
"""What speaks for a link, in words."""
