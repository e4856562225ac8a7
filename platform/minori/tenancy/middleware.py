"""The way of a request into an organization's room: last of all middleware."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.module_loading import import_string

from minori.tenancy.rooms import Room, entering

_ROOM = re.compile(r"^/o/([-\w]+)/")

Doorkeeper = Callable[[HttpRequest, str], "Room | HttpResponse"]


class RoomMiddleware:
    """Requests under `/o/<slug>/` run inside that organization's room, others at the desk.

    The doorkeeper (setting ROOM_DOORKEEPER) reads session, user and membership *before* the room is
    entered; a room reads none of these tables. It answers with the room, or with a response (sign-in)
    when the person may not come in, and raises Http404 where there is nothing to see. The session is saved
    by the outer SessionMiddleware, after the room has been left.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.doorkeeper: Doorkeeper = import_string(settings.ROOM_DOORKEEPER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _ROOM.match(request.path_info)
        if match is None:
            return self.get_response(request)
        room = self.doorkeeper(request, match[1])
        if isinstance(room, HttpResponse):
            return room
        with entering(room):
            response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()  # templates read the room: not after leaving it
            return response
