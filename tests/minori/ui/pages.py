"""Pages for trying the scripts in a real browser: the gallery, and a form whose server can be told what to do."""

import json
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
  <c-textarea name="story" label="本文" :value="story" limit="400" error="{{ problem }}" />
  <c-radios name="code" label="進捗" :choices="choices" :value="code" />
  <c-input name="secret" label="パスワード" type="password" />
  <c-input name="once" label="確認コード" autocomplete="one-time-code" />
  <c-input name="auto" label="自動で保存する欄" hx-post="/field/" hx-trigger="change" hx-swap="none" />
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
        if server.answers == "break":
            raise ZeroDivisionError
        return show(request, story=request.POST["story"], code=request.POST.get("code"), status=422)
    return show(request, story=server.shown.get("story", ""), code=server.shown.get("code"))


def show(request: HttpRequest, *, story: str, code: str | None, status: int = 200) -> HttpResponse:
    """Show the form; with a problem at its text when it is refused."""
    context = {
        "choices": [("1", "進んでいる"), ("2", "どおり")],
        "story": story,
        "code": code,
        "problem": "短すぎます" if status == 422 else "",
        "person": request.GET.get("person", "7"),
    }
    template = engines["django"].from_string(CottonCompiler().process(PAGE))
    return HttpResponse(template.render(context, request), status=status)


def plain(request: HttpRequest) -> HttpResponse:
    """Show a page without a form."""
    page = '{% extends "ui/narrow.html" %}{% block heading %}別のページ{% endblock %}'
    return HttpResponse(engines["django"].from_string(page).render({}, request))


def field(request: HttpRequest) -> HttpResponse:
    """Save one field by itself."""
    server.posts.append(request.POST.dict())
    words = json.dumps({"minori:saved": {"form": "plan", "names": ["auto"]}})
    return HttpResponse(status=204, headers={"HX-Trigger": words})


def part(request: HttpRequest) -> HttpResponse:
    """Answer with a part of a page, or fail."""
    if server.answers == "sign in":
        return redirect("/sign-in/")
    if request.GET.get("fail"):
        return HttpResponse("<h1>こわれた</h1>", status=503)
    return HttpResponse("<b>届いた</b>")


urlpatterns = [
    path("", include("minori.ui.urls")),
    path("gallery/", views.gallery),
    path("form/", form),
    path("part/", part),
    path("field/", field),
    path("saved/", plain),
    path("sign-in/", plain, name="account_login"),
]
handler500 = "minori.ui.errors.server_error"
