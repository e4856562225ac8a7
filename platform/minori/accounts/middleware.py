"""Who is here: the person behind the signed-in user."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from minori.accounts.models import Person


class PersonMiddleware:
    """Sets `request.person`: the signed-in person, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        person = Person.objects.filter(user=user).first() if user.is_authenticated else None
        vars(request)["person"] = person  # typed in `accounts.requests`
        return self.get_response(request)
