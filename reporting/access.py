"""Who may see and decide what at the distributors' desk. The one place of this side."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from minori.accounts import kept
from minori.accounts.enums import StaffRole
from minori.accounts.models import Person
from minori.accounts.requests import Desk, DeskRequest
from minori.organizations.models import Organization
from minori.programmes.models import Deadline, Distributor, Grant, Programme

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def desk_only(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only staff of a distributor: others get 404, the signed-out the sign-in. Sets `request.desk`.

    Every view under /desk/ wears this (a test looks), and fetches its objects by the functions below.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return kept.sign_in(request)
        person: Person | None = vars(request)["person"]
        roles = _roles_of(person) if person is not None else {}
        if person is None or not roles:
            raise Http404
        desk = Desk(person=person, roles={key: frozenset(value) for key, value in roles.items()})
        vars(request)["desk"] = desk
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is a DeskRequest from here on

    return guarded


def _roles_of(person: Person) -> Mapping[int, set[StaffRole]]:
    """What somebody may do at which distributor today. Asked for every page of the desk: in SQL, which needs no putting
    together."""
    roles: dict[int, set[StaffRole]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [person.pk])
        for distributor_id, role in cursor.fetchall():
            roles[distributor_id].add(StaffRole(role))
    return roles


_ROLES = "SELECT distributor_id, role FROM accounts_staffmembership WHERE person_id = %s AND ended_at IS NULL"


def distributors(request: DeskRequest) -> QuerySet[Distributor]:
    """The distributors the person works for."""
    return Distributor.objects.filter(pk__in=request.desk.distributor_ids)


def programmes(request: DeskRequest) -> QuerySet[Programme]:
    """The programmes of the person's own distributors."""
    return Programme.objects.filter(distributor__in=request.desk.distributor_ids).select_related(
        "distributor"
    )


def funding_programmes(request: DeskRequest) -> QuerySet[Programme]:
    """Those that fund organizations: lists leave out the sides that hold a distributor's own plan."""
    return programmes(request).filter(answers_for=None)


def programme_or_404(request: DeskRequest, code: str) -> Programme:
    """The programme with this code, if it is of the person's own distributor."""
    return _seen(request, get_object_or_404(programmes(request), code=code))


def grant_or_404(request: DeskRequest, code: str) -> Grant:
    """The grant with this code, if it is in a programme of the person's own distributor."""
    grants = Grant.objects.filter(programme__distributor__in=request.desk.distributor_ids)
    grant = get_object_or_404(grants.select_related("programme__distributor", "organization"), code=code)
    _seen(request, grant.programme)
    return grant


def deadline_or_404(request: DeskRequest, pk: int) -> Deadline:
    """The deadline, if it is in a programme of the person's own distributor."""
    deadlines = Deadline.objects.filter(grant__programme__distributor__in=request.desk.distributor_ids)
    related = ("grant__programme__distributor", "grant__organization", "round", "current_filing")
    deadline = get_object_or_404(deadlines.select_related(*related), pk=pk)
    _seen(request, deadline.grant.programme)
    return deadline


def organization_or_404(request: DeskRequest, slug: str) -> Organization:
    """The organization with this address, if one of the person's own distributors funds it."""
    funded = Grant.objects.filter(programme__distributor__in=request.desk.distributor_ids)
    related = funded.select_related("organization", "programme__distributor")
    newest = related.filter(organization__slug=slug).order_by("-pk").first()
    if newest is None:
        raise Http404
    _seen(request, newest.programme)
    return newest.organization


def grants_or_404(request: DeskRequest, slug: str) -> list[Grant]:
    """All grants, newest first, that the person's own distributors gave the organization with this address."""
    ours = Grant.objects.filter(
        programme__distributor__in=request.desk.distributor_ids, organization__slug=slug
    )
    related = ("organization", "programme__distributor", "lead_officer", "deputy_officer")
    found = list(ours.select_related(*related).order_by("-starts_on", "code"))
    if not found:
        raise Http404
    _seen(request, max(found, key=lambda one: one.pk).programme)
    return found


def may_decide_about(request: DeskRequest, organization: Organization) -> bool:
    """Whether the person is an officer or a manager at a distributor that funds the organization."""
    funders = organization.grants.order_by("pk").values_list("programme__distributor", flat=True)
    return any(request.desk.may_decide(distributor_id) for distributor_id in funders)


def must_decide(request: DeskRequest, distributor_id: int) -> None:
    """Raises PermissionDenied for people who only read."""
    if not request.desk.may_decide(distributor_id):
        raise PermissionDenied


def _seen(request: DeskRequest, programme: Programme) -> Programme:
    # the layout shows whose desk this is
    vars(request)["distributor"] = programme.distributor
    return programme
