"""Who may look after the people of a house. The one place of this side."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from minori.accounts import kept
from minori.accounts.enums import Role, StaffRole
from minori.accounts.models import Membership, StaffMembership
from minori.accounts.requests import PersonRequest
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
from minori.programmes.models import Distributor

P = ParamSpec("P")
InOrganization = Callable[Concatenate[PersonRequest, Organization, P], HttpResponse]
AtDistributor = Callable[Concatenate[PersonRequest, Distributor, P], HttpResponse]
Guarded = Callable[..., HttpResponse]


def approvers_of_it(view: InOrganization[P]) -> Guarded:
    """Only approvers of the organization whose address the route names; to others it is not there (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return kept.sign_in(request)
        held = Membership.objects.active().filter(
            person=_person(request), role=Role.APPROVER, organization__slug=slug
        )
        organization: Organization = get_object_or_404(
            Organization,
            state=OrganizationState.ACTIVE,
            pk__in=held.values("organization"),
        )
        vars(request)["organization"] = organization  # the layout shows whose pages these are
        return view(request, organization, *args, **kwargs)  # type: ignore[arg-type]  # it is a PersonRequest from here on

    return guarded


def managers_of_it(view: AtDistributor[P]) -> Guarded:
    """Only managers of the distributor that the route names; to others it is not there (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return kept.sign_in(request)
        held = StaffMembership.objects.active().filter(
            person=_person(request), role=StaffRole.MANAGER, distributor__slug=slug
        )
        distributor = get_object_or_404(Distributor, pk__in=held.values("distributor"))
        vars(request)["distributor"] = distributor
        return view(request, distributor, *args, **kwargs)  # type: ignore[arg-type]  # it is a PersonRequest from here on

    return guarded


def _person(request: HttpRequest) -> object:
    person = vars(request)["person"]
    if person is None:
        raise Http404
    return person
