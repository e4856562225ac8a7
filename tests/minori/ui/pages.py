"""Pages for trying the scripts in a real browser: the gallery, and a form whose server can be told what to do."""

import threading
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django_cotton.compiler_regex import CottonCompiler

from minori.ui import views
from minori.ui.keeping import saved

PAGE = """{% extends "ui/narrow.html" %}{% block title %}試し{% endblock %}{% block heading %}試し{% endblock %}
{% block content %}
<form id="plan" class="stack" method="post" data-keep data-keep-person="{{ person }}">{% csrf_token %}
  <c-textarea name="story" label="本文" :value="story" limit="400" />
  <c-radios name="code" label="進捗" :choices="choices" :value="code" />
  <c-input name="secret" label="パスワード" type="password" />
  <c-input name="once" label="確認コード" autocomplete="one-time-code" />
  <c-button>保存する</c-button>
</form>
<c-previous title="前回" text="前回の文" into="id_story" />
<p><c-button type="button" kind="secondary" hx-post="/part/" hx-target="#part">部分</c-button>
<c-button type="button" kind="secondary" hx-post="/part/?fail=1" hx-target="#part">だめな部分</c-button></p>
<div id="part">まだ</div>
<p><a href="/gallery/" data-key="j">次へ j</a></p>
{% endblock %}"""


class Server:
    """What the pages do and what they were sent."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget everything and save what is posted."""
        self.answers = "save"
        self.posts: list[dict[str, Any]] = []
        self.shown: dict[str, str] = {}
        self.hold = threading.Event()
        self.hold.set()


server = Server()


def form(request: HttpRequest) -> HttpResponseBase:
    """Show the form; a post is saved, breaks, or finds that the session has ended."""
    if request.method == "POST":
        server.hold.wait(10)
        with server.lock:
            server.posts.append(request.POST.dict())
        if server.answers == "save":
            server.shown = request.POST.dict()
            return saved(request, redirect("/saved/"), form="plan")
        if server.answers == "sign in":
            return redirect("/sign-in/")
        raise ZeroDivisionError
    context = {
        "choices": [("1", "進んでいる"), ("2", "どおり")],
        "story": server.shown.get("story", ""),
        "code": server.shown.get("code"),
        "person": request.GET.get("person", "7"),
    }
    template = engines["django"].from_string(CottonCompiler().process(PAGE))
    return HttpResponse(template.render(context, request))


def plain(request: HttpRequest) -> HttpResponse:
    """Show a page without a form."""
    page = '{% extends "ui/narrow.html" %}{% block heading %}別のページ{% endblock %}'
    return HttpResponse(engines["django"].from_string(page).render({}, request))


def part(request: HttpRequest) -> HttpResponse:
    """Answer with a part of a page, or fail."""
    if request.GET.get("fail"):
        return HttpResponse("<h1>こわれた</h1>", status=503)
    return HttpResponse("<b>届いた</b>")


urlpatterns = [
    path("", include("minori.ui.urls")),
    path("gallery/", views.gallery),
    path("form/", form),
    path("part/", part),
    path("saved/", plain),
    path("sign-in/", plain),
]
handler500 = "minori.ui.errors.server_error"
