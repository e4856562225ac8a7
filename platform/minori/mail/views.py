"""The demo's mailbox, open to everybody who sees the demo: it holds invented people's mails, sign-in codes included."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

_SHOWN = 100


def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first; `?to=` shows those to one address."""
    _only_in_the_demo()
    mails = _reader().list_mails(settings.HOME / "mailbox", limit=1000)
    addresses = sorted({address for mail in mails for address in mail.recipients})
    to = request.GET.get("to", "")
    shown = [mail for mail in mails if not to or to in mail.recipients][:_SHOWN]
    return render(request, "mail/mailbox.html", {"mails": shown, "addresses": addresses, "to": to})


def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text; its links work."""
    _only_in_the_demo()
    mail = _reader().read_mail(settings.HOME / "mailbox", name)
    if mail is None:
        raise Http404
    return render(request, "mail/letter.html", {"mail": mail})


def _only_in_the_demo() -> None:
    if not settings.MINORI_DEMO:
        raise Http404


def _reader() -> Any:
    # the local mail server stands above this app, and exists only on one machine
    return import_module("minori.local.mailbox")
