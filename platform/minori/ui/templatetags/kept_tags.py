"""Pieces of long lists that are drawn once and shown again while they say the same."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from itertools import count
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST = 2000
"""Pieces kept in a process; those not asked for longest go first."""

_pieces: OrderedDict[bytes, str] = OrderedDict()
_one_at_a_time = threading.Lock()
_numbers = count()


@register.tag
def kept(parser: Parser, token: Token) -> "Kept":
    """`{% kept row=row number=round.number %}…{% endkept %}`: drawn from these variables and nothing else.

    So the same facts, language and day give the same piece, and it is taken from memory where it was drawn before.
    Facts are texts, numbers, dates, and lists, dicts or dataclasses of them; anything else is a TypeError: two models
    that look alike need not be alike. What has many parts may say in `drawn_from` what they all follow from. Nothing
    inside may depend on who asks.
    """
    bits = token.split_contents()[1:]
    named = token_kwargs(bits, parser)
    if bits or not named:
        message = "kept takes the variables it is drawn from, as name=value"
        raise template.TemplateSyntaxError(message)
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(named, nodes)


class Kept(template.Node):
    """A piece of a template, by its own number: one that is compiled again begins anew."""

    def __init__(self, named: Mapping[str, FilterExpression], nodelist: NodeList) -> None:
        self.named, self.nodelist, self.number = named, nodelist, next(_numbers)

    def render(self, context: Context) -> SafeString:
        """From memory, or drawn now."""
        facts = {name: value.resolve(context) for name, value in self.named.items()}
        key = self._key(facts)
        with _one_at_a_time:
            known = _pieces.get(key)
            if known is not None:
                _pieces.move_to_end(key)
        if known is None:
            known = self.nodelist.render(context.new(facts))
            with _one_at_a_time:
                _pieces[key] = known
                while len(_pieces) > MOST:
                    _pieces.popitem(last=False)
        return mark_safe(known)  # noqa: S308 - a template drew it

    def _key(self, facts: Mapping[str, Any]) -> bytes:
        about = [
            self.number,
            get_language(),
            timezone.get_current_timezone_name(),
            timezone.localdate(),
            facts,
        ]
        said = json.dumps(about, default=_plainly, ensure_ascii=False, check_circular=False)
        return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _plainly(value: object) -> object:
    if (source := getattr(value, "drawn_from", None)) is not None:
        return source
    if is_dataclass(value) and not isinstance(value, type):
        return (
            vars(value)
            if hasattr(value, "__dict__")
            else {one.name: getattr(value, one.name) for one in fields(value)}
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Fraction, Decimal)):
        return str(value)
    message = f"{type(value).__name__} is nothing that a kept piece may be drawn from"
    raise TypeError(message)
