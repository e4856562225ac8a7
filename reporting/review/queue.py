"""The queue: everything that waits for an officer, list by list, a page of each. One read a list, whatever waits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minori.marks import gapped
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Distributor
from minori.registry.enums import ChangeState
from minori.ui.templatetags.ui_tags import day_short, late_words
from reporting import paging
from reporting.paging import Window
from reporting.review import queries

A_PAGE = 15
OTHERS = 10  # of the lists below the reports
_BEGINNING = 60  # letters of a reason
_REPORT = (
    "pk",
    "state",
    "reading_began_at",
    "days_late",
    "came_at",
    "wishes",
    "round__title",
    "current_filing__revision",
    "grant__title",
    "grant__organization__name",
    "grant__programme__distributor",
)
_LEAD = "grant__lead_officer__name"  # said where it is somebody else


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line. `chip` marks it, `late` says how late it came, `words` and `at` stand at its end."""

    href: str
    title: str
    hint: str
    chip: str = ""
    late: str = ""
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """One list under its heading; `name` is its place on the page and its page's name in the address."""

    name: str
    heading: str
    page: Window


def of(
    distributors: Sequence[Distributor], *, person_id: int, at: datetime, asked: QueryDict
) -> list[Section]:
    """What waits at these distributors, as the page shows it; lists with nothing in them are left out.

    First what waits for the person, always. `asked` names the page of each list. Six reads.
    """
    ours = {one.pk: one for one in distributors}
    leads = Q(grant__lead_officer=person_id) | Q(grant__deputy_officer=person_id)
    reports = queries.waiting(ours).order_by("came_at", "pk")

    def report(one: Mapping[str, Any]) -> Item:
        return _report(one, ours, at=at)

    def section(
        name: str,
        heading: str,
        rows: queries.Rows,
        said: Callable[[Mapping[str, Any]], Item],
        *,
        per_page: int = OTHERS,
    ) -> Section:
        page = paging.read(rows, asked=asked, name=name, per_page=per_page)
        return Section(name=name, heading=heading, page=page.showing([said(one) for one in page.items]))

    mine, *rest = (
        section("mine", _("Waiting for me"), reports.filter(leads).values(*_REPORT), report, per_page=A_PAGE),
        section(
            "others",
            _("Waiting for colleagues"),
            reports.exclude(leads).values(*_REPORT, _LEAD),
            report,
            per_page=A_PAGE,
        ),
        section("extensions", _("Requests for more time"), queries.extensions(ours), _extension),
        section(
            "change-requests",
            _("Change requests waiting for a decision"),
            queries.change_requests(ours),
            _change_request,
        ),
        section("proposals", _("Plans waiting to be registered"), queries.proposals(ours), _proposal),
        section(
            "consultations", _("Drafts shown to consult"), queries.consultations_shown(ours), _consultation
        ),
    )
    return [mine, *(one for one in rest if one.page.count)]


def _report(one: Mapping[str, Any], ours: Mapping[int, Distributor], *, at: datetime) -> Item:
    distributor = ours[one["grant__programme__distributor"]]
    days = (distributor.local_date(at) - distributor.local_date(one["came_at"])).days
    waits = ngettext("waiting for %(days)s day", "waiting for %(days)s days", days) % {"days": days}
    hint = [
        one["round__title"],
        _("revision %(number)s") % {"number": one["current_filing__revision"]},
        one["grant__title"],
    ]
    return Item(
        href=reverse("review:deadline", args=[one["pk"]]),
        title=one["grant__organization__name"],
        hint=gapped(
            [*hint, one.get(_LEAD) or "", _("wishes to talk about a change") if one["wishes"] else ""]
        ),
        chip="" if one["reading_began_at"] else _("unread"),
        late=late_words(one["days_late"]),
        words=waits if days else _("came today"),
    )


def _extension(one: Mapping[str, Any]) -> Item:
    returned = one["deadline__state"] == DeadlineState.RETURNED
    now = one["deadline__extended_to"] or one["deadline__due_on"]
    if returned and one["deadline__returned_due_on"]:
        now = one["deadline__returned_due_on"]
    return Item(
        href=reverse("setup:deadline", args=[one["deadline"]]),
        title=one["deadline__grant__organization__name"],
        hint=gapped([one["deadline__round__title"], _beginning(one["reason"])]),
        words=_("%(now)s → %(then)s") % {"now": day_short(now), "then": day_short(one["until"])},
        at=one["asked_at"],
    )


def _change_request(one: Mapping[str, Any]) -> Item:
    answered = one["state"] == ChangeState.ANSWERED
    said = _("Change request %(number)s") % {"number": one["number"]}
    return Item(
        href=reverse("setup:change_request", args=[one["grant__code"], one["number"]]),
        title=one["grant__organization__name"],
        hint=one["grant__title"],
        words=gapped([said, _("answered by the organization") if answered else ""]),
        at=one["sent_at"],
    )


def _proposal(one: Mapping[str, Any]) -> Item:
    return Item(
        href=reverse("setup:proposal", args=[one["grant__code"], one["pk"]]),
        title=one["grant__organization__name"],
        hint=gapped([one["grant__title"], one["proposed_by_name"]]),
        at=one["proposed_at"],
    )


def _consultation(one: Mapping[str, Any]) -> Item:
    return Item(
        href=reverse("review:consultation", args=[one["deadline"], one["number"]]),
        title=one["deadline__grant__organization__name"],
        hint=gapped([one["deadline__round__title"], _beginning(one["question"])]),
        chip=_("waits for an answer") if one["waits"] else "",
        at=one["shown_at"],
    )


def _beginning(text: str) -> str:
    return Truncator(text).chars(_BEGINNING)
