"""Tags and filters of the pages: dates and numbers in people's words, safe text, addresses that may miss."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.context import Context
from django.utils import formats, timezone
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from minori import marks
from minori.ui import navigation
from minori.ui.states import CODES, STATES

register = template.Library()

Day = dt.date | dt.datetime | None


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _say(value: Day, pattern: str) -> str:
    return formats.date_format(_local(value), pattern) if value else ""


# ---- marks between words, which differ from language to language ----


@register.filter
def listed(items: Iterable[object]) -> str:
    """Things one behind the other: 「甲、乙」, "A, B"."""
    return marks.listed(items)


@register.filter
def quoted(value: object) -> str:
    """Words that somebody wrote, in the language's quotation marks: 「…」, “…”."""
    return pgettext("around quoted words", "“%(words)s”") % {"words": value}


@register.simple_block_tag
def brackets(content: str) -> str:
    """What stands in brackets: 「（…）」, " (…)"."""
    return format_html("{}{}{}", pgettext("bracket", " ("), content, pgettext("bracket", ")"))


@register.filter
def bracketed(value: object) -> str:
    """Words in brackets, for the attributes of components; "" for nothing."""
    return marks.bracketed(value)


@register.simple_tag
def comma() -> str:
    """Between items of a list: 「、」, ", "."""
    return marks.comma()


@register.simple_tag
def to() -> str:
    """Between two days: 「〜」, " – "."""
    return pgettext("between two days", " – ")


@register.simple_tag
def gap() -> str:
    """Between two things on one line: 「　」 (a full-width space), " · "."""
    return marks.gap()


@register.filter
def gapped(items: Iterable[object]) -> str:
    """Things beside each other on one line: 「甲　乙」, "A · B"."""
    return marks.gapped(items)


@register.simple_tag
def colon() -> str:
    """Between a name and what is said of it: 「：」, ": "."""
    return marks.colon()


# ---- dates ----


@register.filter
def day(value: Day) -> str:
    """A near day with its weekday: 「10月14日（金）」, "Fri 14 Oct"."""
    return _say(value, pgettext("format of a date with weekday, without year", "D j M"))


@register.filter
def day_year(value: Day) -> str:
    """A day with its year: 「2022年10月14日」, "14 October 2022"."""
    return _say(value, pgettext("format of a date with year", "j F Y"))


@register.filter
def day_full(value: Day) -> str:
    """A day with year and weekday: 「2022年10月14日（金）」, "Fri 14 October 2022"."""
    return _say(value, pgettext("format of a date with year and weekday", "D j F Y"))


@register.filter
def day_short(value: Day) -> str:
    """A day in a narrow cell: 「10/14」, "14/10"."""
    return _say(value, pgettext("format of a date in a narrow cell", "j/n"))


@register.filter
def month(value: Day) -> str:
    """A month with its year: 「2022年10月」, "October 2022"."""
    return _say(value, pgettext("format of a month with year", "F Y"))


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """A time of day: "10:32"."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return "" if not value else formats.time_format(value, "H:i")


@register.filter
def clock_or_day(value: dt.datetime | None) -> str:
    """A time of today: "10:32"; of another day with its day: 「10月14日 10:32」."""
    if value is None:
        return ""
    return clock(value) if timezone.localdate(value) == timezone.localdate() else moment(value)


@register.filter
def moment(value: Day) -> str:
    """A day and a time: 「10月14日 16:52」, "14 Oct 16:52"."""
    return _say(value, pgettext("format of a day with time, without year", "j M H:i"))


@register.filter
def day_ends(value: dt.datetime | None) -> str:
    """When the local day of a moment is over, in milliseconds since 1970 as scripts count them."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), local.tzinfo)
    return str(int(midnight.timestamp() * 1000))


@register.filter
def machine_date(value: Day) -> str:
    """The `datetime` attribute of a `<time>` element."""
    return "" if not value else _local(value).isoformat()


@register.filter
def days_until(value: Day, today: dt.date) -> int | None:
    """Whole days from `today` to the day of `value`; negative when it has passed."""
    if not value or not today:
        return None
    local = _local(value)
    return ((local.date() if isinstance(local, dt.datetime) else local) - today).days


@register.filter
def days_words(days: int | None) -> str:
    """Days left in words: 「あと3日」「今日まで」「3日超過」."""
    if days is None:
        return ""
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}


@register.filter
def late_words(days: int | None) -> str:
    """How late something was handed in: 「期限後4日」; nothing when it was on time."""
    if not days or days < 0:
        return ""
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


# ---- text and numbers ----


@register.filter
def keep_lines(value: object) -> SafeString:
    """The text as typed: escaped, its line breaks kept."""
    if value is None:
        return mark_safe("")
    lines = escape(str(value)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return mark_safe("<br>".join(lines))  # noqa: S308  # every line was escaped above


@register.filter
def number(value: object, places: int | None = None) -> str:
    """A number with thousands separators; rounded half up to `places` when given. 「—」 for none."""
    if value is None or value == "":
        return "—"
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if places is None and "." in text else text


@register.filter
def percent(value: object, places: int = 1) -> str:
    """A ratio as per cent, half up: 0.471 → 「47.1％」, "47.1%". 「—」 for none."""
    if value is None or value == "":
        return "—"
    return pgettext("a percentage", "%(number)s%%") % {"number": number(Decimal(str(value)) * 100, places)}


@register.filter
def state_word(state: str) -> str:
    """The word of a state of work (`untouched`, `started`, `done`, `returned`)."""
    known = STATES.get(str(state))
    return str(known.label) if known else str(state)


@register.filter
def code_key(value: object) -> str:
    """A progress code as the key of its mark: `1`-`4`, `blank`, or `missing` where nothing was handed in."""
    key = "" if value is None else str(value)
    return key if key in CODES else "blank"


@register.filter
def code_is_number(value: object) -> bool:
    """Whether this is one of the four codes."""
    return code_key(value).isdigit()


@register.filter
def code_number(value: object) -> str:
    """The code's number, or its word where there is none."""
    key = code_key(value)
    return key if key.isdigit() else str(CODES[key].short)


@register.filter
def code_word(value: object) -> str:
    """The words of a progress code: 「計画より遅れている」."""
    return str(CODES[code_key(value)].label)


@register.filter
def code_short(value: object) -> str:
    """The short word of a progress code for narrow cells: 「遅れ」."""
    return str(CODES[code_key(value)].short)


@register.filter
def code_mark(value: object, short: str = "") -> SafeString:
    """The mark of a progress code as `<c-code>` draws it, for lists of hundreds: a component takes ten times as long."""
    key = code_key(value)
    number = f"<b>{key}</b>" if key.isdigit() else ""
    word = CODES[key].short if short else CODES[key].label
    return mark_safe(f'<span class="code code--{key}">{number}{escape(word)}</span>')  # noqa: S308 - a known key and an escaped word


# ---- components' helpers ----


@register.filter
def absolute(value: int) -> int:
    """The number without its sign."""
    return abs(value)


@register.filter
def typed_id(counter: int) -> str:
    """The id of a text shown for copying."""
    return f"typed_{counter}"


@register.filter
def iso_day(value: Day | str) -> str:
    """What a date control wants: 2022-10-14; typed text stays as it is."""
    if isinstance(value, dt.date):
        local = _local(value)
        return (local.date() if isinstance(local, dt.datetime) else local).isoformat()
    return value or ""


@register.filter
def problems_of(errors: Iterable[Mapping[str, str]] | None, form: BaseForm | None) -> list[Mapping[str, str]]:
    """The problems given, then those of a form."""
    return [*(errors or ()), *(form_errors(form) if form is not None else ())]


@register.filter
def control_id(given: str, name: str) -> str:
    """The id of a control: as given, else Django's own form of it."""
    return given or (f"id_{name}" if name else "")


@register.filter
def equals(value: object, other: object) -> bool:
    """Whether two values print the same: a choice against what was posted."""
    return str(value) == str(other) and value is not None


@register.filter
def among(value: object, chosen: Iterable[object] | None) -> bool:
    """Whether a value is one of those chosen, compared as printed."""
    return bool(chosen) and str(value) in {str(one) for one in chosen or ()}


@register.filter
def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The remaining attributes of a component, escaped (cotton's own printing is not safe)."""
    shown = {
        key: value for key, value in _printable(attrs).items() if value is not False and value is not None
    }
    plain = [key for key, value in shown.items() if value is True]
    valued = [(key, conditional_escape(value)) for key, value in shown.items() if value is not True]
    return format_html_join("", " {}", ((key,) for key in plain)) + format_html_join("", ' {}="{}"', valued)


def _printable(attrs: Mapping[str, Any]) -> Mapping[str, Any]:
    own = getattr(attrs, "attrs_dict", None)
    return own() if own else attrs


@register.filter
def form_errors(form: BaseForm) -> list[dict[str, str]]:
    """Every problem of a form as {href, text}, in the order of its fields, for the error summary."""
    problems = [{"href": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form:
        for text in field.errors:
            kind = getattr(field, "kind", "")
            target = (
                f"{field.auto_id}_0"
                if kind in {"radios", "checkboxes"}
                else field.id_for_label or field.auto_id
            )
            named = str(field.label) in str(text)
            words = (
                str(text)
                if named
                else gettext("%(label)s: %(problem)s") % {"label": field.label, "problem": text}
            )
            problems.append({"href": f"#{target}", "text": words})
    return problems


@register.filter
def length_of(value: object) -> int:
    """How many characters a text has, line breaks not counted."""
    return len(str(value or "").replace("\r", "").replace("\n", ""))


@register.simple_tag(takes_context=True)
def route(context: Context, *names: str) -> str:
    """The address of the first of these routes that exists, else "": `{% route "a:b" "c:d" as url %}`."""
    return navigation.address(context.get("request"), *names)


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def site_navigation(context: Context, which: str) -> dict[str, Any]:
    """The navigation `room` or `desk`; the page may name the current item by the variable `nav_current`."""
    items = navigation.NAVIGATIONS[which]
    found = navigation.links(context.get("request"), items, current=str(context.get("nav_current") or ""))
    return {"links": found}


@register.simple_tag
def time_tag(value: dt.date | dt.datetime | None, pattern: str = "day") -> SafeString:
    """A `<time>` element; `pattern` names one of the date filters here (`day`, `day_year`, `moment` …)."""
    if not value:
        return mark_safe("")
    say = {"day": day, "day_year": day_year, "day_full": day_full, "day_short": day_short, "month": month}
    words = say.get(pattern, moment)(value)
    return format_html('<time datetime="{}">{}</time>', machine_date(value), words)
