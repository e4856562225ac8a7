"""Addresses of pages as mails carry them: whole, and surviving sign-in. Upper apps' routes are known by name only."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def report_page(*, slug: str, deadline_id: int) -> str:
    """The organization's page of one report."""
    return _first(
        ("reports:report", {"organization": slug, "deadline": deadline_id}),
        ("reports:home", {"organization": slug}),
    )


def plan_page(*, slug: str, grant_code: str) -> str:
    """The organization's page of a grant's project plan."""
    return _first(
        ("frameworks:plan", {"organization": slug, "grant": grant_code}),
        ("frameworks:index", {"organization": slug}),
        ("reports:home", {"organization": slug}),
    )


def check_page(*, slug: str, deadline_id: int) -> str:
    """The organization's check before handing in."""
    return _first(
        ("reports:check", {"organization": slug, "deadline": deadline_id}),
        ("reports:home", {"organization": slug}),
    )


def home_page(*, slug: str) -> str:
    """The organization's home."""
    return _first(("reports:home", {"organization": slug}))


def dates_page(*, deadline_id: int) -> str:
    """The officer's page of one report's dates, where a request for more time is answered."""
    return _first(("setup:deadline", {"pk": deadline_id}), ("review:index", {}))


def review_page(*, deadline_id: int) -> str:
    """The officer's page of one report."""
    return _first(("review:deadline", {"deadline": deadline_id}), ("review:index", {}))


def board_page(*, code: str, round_number: int) -> str:
    """The officer's board of one round."""
    board = _first(("portfolio:programme", {"code": code}), ("portfolio:index", {}))
    return f"{board}?round={round_number}"


def reading_page() -> str:
    """The officer's list of reports that wait for review."""
    return _first(("review:index", {}), ("portfolio:index", {}))


def reminders_page() -> str:
    """Where officers answer for reminders that wait for a yes."""
    return _first(("reminding:index", {}), ("review:index", {}))


def mails_page(*, deadline_id: int) -> str:
    """Every mail about one report."""
    return _first(("reminding:deadline", {"pk": deadline_id}), ("review:index", {}))


def settings_page() -> str:
    """What a person sets for themselves."""
    return _first(("accounts:settings", {}))


def consultation_page(*, slug: str, deadline_id: int, number: int) -> str:
    """The page of a shown draft: the organization's where its `slug` is given, else the officer's."""
    if slug:
        return _first(
            ("reports:consultation", {"organization": slug, "deadline": deadline_id, "number": number}),
            ("reports:home", {"organization": slug}),
        )
    return _first(("review:consultation", {"deadline": deadline_id, "number": number}), ("review:index", {}))


def proposal_page(*, grant_code: str) -> str:
    """The officer's page of a grant, where a proposed plan waits."""
    return _first(("setup:grant", {"code": grant_code}), ("setup:index", {}), ("portfolio:index", {}))


def change_page(*, slug: str, grant_code: str, number: int) -> str:
    """The page of a change request: the organization's where its `slug` is given, else the officer's."""
    if slug:
        return _first(
            ("frameworks:change_request", {"organization": slug, "grant": grant_code, "number": number}),
            ("reports:home", {"organization": slug}),
        )
    return _first(("setup:change_request", {"code": grant_code, "number": number}), ("setup:index", {}))


def people_page(*, slug: str) -> str:
    """The officer's page of an organization's people and invitations."""
    return _first(("setup:people", {"slug": slug}), ("setup:index", {}), ("portfolio:index", {}))


def house_page(*, slug: str, in_organization: bool) -> str:
    """Where approvers of an organization, or managers of a distributor, look after its people."""
    return _first(("houses:people" if in_organization else "houses:staff", {"slug": slug}))


def state_page() -> str:
    """The administrators' page of how the installation is doing."""
    return _first(("administration:state", {}))


def _first(*routes: tuple[str, dict[str, object]]) -> str:
    for name, kwargs in routes:
        try:
            return settings.BASE_URL + reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return f"{settings.BASE_URL}/"
