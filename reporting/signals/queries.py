"""What the pages read of signals: the stored ones of a round, with what is aside. A fixed number of reads."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import connection
from django.urls import reverse

from minori.programmes import labels
from minori.programmes.models import Deadline
from minori.report_forms.edition import Edition
from reporting.signals import saying, setting_aside
from reporting.signals.compiling import SignalLine
from reporting.signals.models import SetAside
from reporting.signals.rules import Kind
from reporting.signals.saying import Words
from reporting.signals.setting_aside import Noticed

OF_NUMBERS = frozenset({Kind.PASSED, Kind.BELOW, Kind.NO_NUMBER})
"""Kinds whose origin is the page of a grant's numbers; the others lead into the report."""


class Numbered(Protocol):
    """A round, of which its number matters here."""

    @property
    def number(self) -> int: ...


@dataclass(frozen=True)
class Shown:
    """One signal as a page shows it: the words, where it comes from, and what is known of setting it aside."""

    line: SignalLine
    words: Words
    aside: SetAside | None
    href: str
    grant_code: str
    deadline: int

    @property
    def kind_word(self) -> str:
        """Its kind as people read it."""
        return saying.kind_word(self.line["kind"])


def counts(lines: Iterable[SignalLine]) -> Counter[int]:
    """How many signals each grant has that nobody has set aside: one read."""
    return Counter(one.line["grant"] for one in setting_aside.noticed(lines) if one.aside is None)


def shown(
    noticed: Iterable[Noticed],
    *,
    round_: Numbered,
    edition: Edition,
    deadlines: dict[int, tuple[int, str]],
    language: str,
) -> list[Shown]:
    """Signals as pages show them; `deadlines`: for each grant its deadline in the round, and its code. No reads."""
    return [
        Shown(
            line=one.line,
            words=saying.of(one.line, edition=edition, language=language),
            aside=one.aside,
            href=_href(one.line, *deadlines[one.line["grant"]], round_),
            grant_code=deadlines[one.line["grant"]][1],
            deadline=deadlines[one.line["grant"]][0],
        )
        for one in noticed
        if one.line["grant"] in deadlines
    ]


def of_report(deadline: Deadline) -> list[SignalLine]:
    """The stored signals of one grant in one round: one read."""
    return [line for _round, line in lines_of([deadline.grant_id], [deadline.round_id])]


def of_deadline(deadline: Deadline, *, language: str) -> list[Shown]:
    """What is noticed of one grant in one round, for the review of its report: two reads."""
    return shown(
        setting_aside.noticed(of_report(deadline), grant_ids=[deadline.grant_id]),
        round_=deadline.round,
        edition=_edition(deadline),
        deadlines={deadline.grant_id: (deadline.pk, deadline.grant.code)},
        language=language,
    )


_OF_GRANTS = """
    SELECT s.round_id, line.value
    FROM summaries_summary s
    CROSS JOIN LATERAL jsonb_array_elements(s.signals) WITH ORDINALITY AS line (value, place)
    WHERE s.round_id = ANY(%s) AND jsonb_typeof(s.signals) = 'array' AND (line.value ->> 'grant')::bigint = ANY(%s)
    ORDER BY s.round_id, line.place"""


def lines_of(grant_ids: Collection[int], round_ids: Collection[int]) -> list[tuple[int, SignalLine]]:
    """The stored signals of these grants in these rounds, each with its round: one read."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_GRANTS, [list(round_ids), list(grant_ids)])
        return [(round_id, json.loads(line)) for round_id, line in cursor.fetchall()]


def _edition(deadline: Deadline) -> Edition:
    round_ = deadline.round
    return labels.edition_of(deadline.grant.programme.distributor, round_.edition, round_.edition_version)


def _href(line: SignalLine, deadline: int, code: str, round_: Numbered) -> str:
    kind = Kind(line["kind"])
    if kind in OF_NUMBERS:
        return reverse("portfolio:numbers", kwargs={"code": code}) + f"?round={round_.number}"
    there = reverse("review:deadline", kwargs={"deadline": deadline})
    if kind is Kind.LATE:
        return reverse("review:history", kwargs={"deadline": deadline})
    anchor = str(line["facts"].get("first") or "") if kind is Kind.UNCHANGED else line["place"]
    return f"{there}#part-{anchor}" if anchor else there
