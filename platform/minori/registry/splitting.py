"""One indicator that counts ①② inside its texts, offered as several: proposed, never done unasked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minori.report_forms.framework import Indicator, Row
from minori.report_forms.pairing import Answer, pair

TEXTS = ("statement", "baseline", "target", "achieve_by", "means", "mid_state", "post_state")


@dataclass(frozen=True, slots=True)
class Split:
    """The texts of the indicators that one would become, each with its mark; `unsure` names texts to look at.

    What has no numbers of its own stands at the first, a date or a means at each, as plans from files propose it.
    """

    parts: tuple[Mapping[str, str], ...]
    unsure: tuple[str, ...]


def split(texts: Mapping[str, str]) -> Split | None:
    """How the texts of one indicator come apart by their numbers; None where none of them counts."""
    pairing = pair({name: texts.get(name, "") for name in TEXTS}, lead="statement")
    if pairing is None:
        return None
    whole = {"statement": Answer.EACH} if "statement" in pairing.unsure else {}
    found = pairing.texts(whole)
    parts = tuple({"mark": mark, **own} for mark, own in zip(pairing.marks, found, strict=True))
    return Split(parts, tuple(name for name in TEXTS if name in pairing.unsure))


def counts(row: Row) -> bool:
    """Whether an indicator of the row could be split."""
    may = may_split([one.mark for one in row.indicators])
    return may and any(split(_texts(one)) for one in row.indicators)


def may_split(marks: Sequence[str]) -> bool:
    """Whether parts can take the numbers they are written with: where the indicators have none yet, or one stands alone."""
    return len(marks) == 1 or not any(mark.strip() for mark in marks)


def _texts(one: Indicator) -> dict[str, str]:
    return {name: getattr(one, name) for name in TEXTS}
