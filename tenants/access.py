"""Who may come into an organization's room, and do what there. The one place of this side."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from minori.accounts import kept
from minori.accounts.enums import WRITING_ROLES, Role
from minori.accounts.models import Membership, Person
from minori.accounts.requests import RoomRequest
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization

P = ParamSpec("P")
View = Callable[Concatenate[RoomRequest, P], HttpResponse]


def let_in(request: HttpRequest, slug: str) -> Organization | HttpResponse:
    """The organization whose room the request enters, or a response that sends the person to sign in.

    Sets `request.organization` and `request.roles`. Raises Http404 for an unknown organization and for
    one the person has no active membership in: the two look the same from outside.
    """
    if not request.user.is_authenticated:
        return kept.sign_in(request)
    person: Person | None = vars(request)["person"]
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None or person is None:
        raise Http404
    roles = frozenset(
        Role(role)
        for role in Membership.objects.active()
        .filter(person=person, organization=organization)
        .values_list("role", flat=True)
    )
    if not roles:
        raise Http404
    vars(request).update(organization=organization, roles=roles)
    if organization.state == OrganizationState.PREPARING:
        return render(request, "tenants/preparing.html", status=503)
    return organization


def writers_only(view: View[P]) -> View[P]:
    """Only editors and approvers: readers get a 403."""

    @wraps(view)
    def guarded(request: RoomRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.roles & WRITING_ROLES:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def approvers_only(view: View[P]) -> View[P]:
    """Only approvers: they hand in."""

    @wraps(view)
    def guarded(request: RoomRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if Role.APPROVER not in request.roles:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
