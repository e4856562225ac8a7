"""The least that a saving view of Django does, to measure ours against: session, user, membership, an update, an insert."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.models import Membership, User
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


urlpatterns = [path("bare/<int:organization>/", save)]
