"""The cells of the table of figures, drawn without components: each has its numbers with their words."""

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from minori.marks import gap
from minori.ui.templatetags.ui_tags import quoted
from reporting.portfolio.figure_lines import Line
from reporting.portfolio.measuring import Step

register = template.Library()


@register.filter
def achieved(line: Line) -> SafeString:
    """The achievement, whether the target is reached, or why there is none."""
    met, why = line.facts["met"], line.why
    chip = f' <span class="chip chip--done">{escape(gettext("target reached"))}</span>' if met else ""
    return _safe(f"<b>{escape(line.achievement)}</b>{chip}{_quiet(_out_of(line))}{_quiet(why)}")


@register.filter
def calculated(line: Line) -> SafeString:
    """How the achievement came about: the definition, it with its numbers, its marks, and these with their words."""
    it = line.explanation
    said = (
        f'<p class="small">{escape(it.rule)}<br><b>{escape(it.expression)}</b></p>' if it.expression else ""
    )
    marks = "".join(f'<p class="small">{escape(mark)}</p>' for mark in line.marks)
    steps = "".join(_step(step) for step in it.steps)
    return _safe(f'{said}{marks}<div class="small"><ul>{steps}</ul></div>')


@register.filter
def time_gone(line: Line) -> SafeString:
    """The share of time gone, whether the achievement is behind it, or why there is none."""
    behind = gettext("behind the time gone")
    chip = f'<br><span class="chip chip--note">{escape(behind)}</span>' if line.behind else ""
    return _safe(f"{escape(line.time)}{chip}{_quiet(line.time_why)}")


@register.filter
def over_the_rounds(line: Line) -> SafeString:
    """The achievement in every round up to the shown one."""
    pattern = pgettext("of a trend", "round %(number)s")
    return _safe(
        "<br>".join(
            f'<span class="nowrap"><span class="quiet small">{escape(pattern % {"number": at.number})}</span>'
            f" {escape(at.figure)}</span>"
            for at in line.trend
        )
    )


def _out_of(line: Line) -> str:
    """What was divided by what, where that is not plain from actual and target: years together, or a baseline."""
    expression = line.facts["achievement"]["expression"]
    return expression if "+" in expression or "−" in expression else ""


def _step(step: Step) -> str:
    words = escape(quoted(step.text)) if step.text else ""
    said: list[str] = []
    if step.by:
        said.append(escape(gettext("confirmed by %(who)s") % {"who": step.by}))
        if step.corrected:
            said.append(escape(gettext("corrected: %(why)s") % {"why": quoted(step.corrected)}))
    else:
        said.append(escape(gettext("not confirmed")))
    if step.deadline:
        report = escape(gettext("report of round %(number)s") % {"number": step.round})
        said.append(f'<a href="{reverse("review:deadline", args=[step.deadline])}">{report}</a>')
    beside = "".join(f"{escape(gap())}{one}" for one in said)
    return (
        f"<li><b>{escape(capfirst(step.role))} {escape(step.number)}</b>"
        f' <span class="keep-lines">{words}</span>{beside}</li>'
    )


def _quiet(words: str) -> str:
    return f'<br><span class="small quiet">{escape(words)}</span>' if words else ""


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - every word is escaped where it is put together
