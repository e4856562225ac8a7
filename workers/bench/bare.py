"""The least that views of Django do, to measure ours against.

Saving: session, user, membership, an update, an insert. A page: session with its user, and one query.
"""

from collections.abc import Callable
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Template
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.models import Membership, Person, User
from minori.audit.enums import Action
from minori.audit.models import Event

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workers.bench.bare.with_own_addresses",
]


def with_own_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: requests find this module's one address instead of Minori's."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return respond


@require_POST
def save(request: HttpRequest, organization: int) -> HttpResponse:
    """One row is updated, one inserted; no transaction, no room, no rule."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    membership = Membership.objects.filter(
        person=user.person, organization_id=organization, role__in=WRITING_ROLES, ended_at=None
    ).first()
    if membership is None:
        raise Http404
    person = user.person
    person.phone = request.POST["text"][:20]
    person.save(update_fields=["phone"])
    event = Event.objects.create(action=Action.values[0], at=timezone.now(), person_id=person.pk)
    return JsonResponse({"saved": event.pk})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The person's name in a page of one line."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    person = Person.objects.get(user=user)
    return HttpResponse(_page().render(Context({"person": person})))


@cache
def _page() -> Template:
    return Template("<!doctype html><title>{{ person.name }}</title><p>{{ person.name }}</p>")


PAGE = "/bare/"
urlpatterns = [path("bare/", page), path("bare/<int:organization>/", save)]
