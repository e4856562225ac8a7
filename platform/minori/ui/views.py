"""The gallery: every component with an example."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minori.ui.gallery import GalleryForm
from minori.ui.templatetags.ui_tags import code_word

TODAY = dt.date(2022, 10, 11)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; posting the form shows its errors."""
    posted = request.method == "POST"
    form = GalleryForm(request.POST if posted else None, request.FILES if posted else None)
    context = {
        "form": form,
        "choices": [(code, code_word(code)) for code in "1234"],
        "due": dt.date(2022, 10, 14),
        "days": 3,
        "saved_at": dt.datetime(2022, 10, 11, 1, 32, tzinfo=dt.UTC),
    }
    return render(request, "ui/gallery.html", context)
