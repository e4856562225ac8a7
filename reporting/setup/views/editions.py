"""Form editions at the desk: which there are, how each looks, and the labels a distributor completes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.documents import specimen
from minori.documents.asking import label_of
from minori.marks import gapped
from minori.programmes import labels as rules
from minori.programmes.labels import Place
from minori.programmes.models import Distributor
from minori.report_forms import editions
from minori.report_forms.edition import Edition
from minori.report_forms.texts import Text
from minori.ui.keeping import saved
from reporting.access import desk_only, distributors, must_decide


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """All editions."""
    _ours(request)
    files = specimen.installed(language=get_language() or "ja")
    return render(request, "setup/editions.html", {"files": files})


@require_safe
@desk_only
def edition(request: DeskRequest, key: str, version: int) -> HttpResponse:
    """One edition as a form, or as paper, with the labels that are known to the person's distributor."""
    plain = _edition_or_404(key, version)
    ours = _ours(request)
    shown = rules.edition_of(ours[0], key, version)
    context = specimen.page_of(shown, language=get_language() or "ja", as_paper="paper" in request.GET)
    context["labels"] = [
        {
            "distributor": one,
            "left": sum(1 for _place in rules.edition_of(one, key, version).open_places()),
            "url": reverse("setup:labels", kwargs={"slug": one.slug, "key": key, "version": version}),
        }
        for one in ours
        if any(plain.open_places()) and request.desk.may_decide(one.pk)
    ]
    return render(request, "setup/edition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def labels(request: DeskRequest, slug: str, key: str, version: int) -> HttpResponse:
    """Complete or correct the labels of an edition's open places, for one distributor."""
    distributor = get_object_or_404(distributors(request), slug=slug)
    must_decide(request, distributor.pk)
    vars(request)["distributor"] = distributor
    plain = _edition_or_404(key, version)
    if not any(plain.open_places()):
        raise Http404
    known = rules.labels_of(distributor, plain)
    if request.method != "POST":
        return _labels_page(request, distributor, plain, known)
    typed = {
        (field.key, choice.value): Text(
            request.POST.get(f"{field.key}.{choice.value}-ja", ""),
            request.POST.get(f"{field.key}.{choice.value}-en", ""),
        )
        for field, choice in plain.open_places()
    }
    by, at = actor(request.person), timezone.now()
    try:
        rules.complete(distributor, edition=plain, labels=typed, by=by, at=at)
    except rules.LabelRefused as refusal:
        return _labels_page(request, distributor, plain, typed, refusal=str(refusal))
    messages.success(request, _("Saved."))
    return saved(request, redirect("setup:edition", key=key, version=version), form="labels")


def _labels_page(
    request: DeskRequest,
    distributor: Distributor,
    plain: Edition,
    known: dict[Place, Text],
    *,
    refusal: str = "",
) -> HttpResponse:
    language = get_language() or "ja"
    places: list[dict[str, Any]] = []
    for field, choice in plain.open_places():
        text = known.get((field.key, choice.value), Text())
        certain = (label_of(field, one.value, language) for one in field.choices if one.confirmed)
        places.append(
            {
                "name": f"{field.key}.{choice.value}",
                "question": field.label.say(language),
                "value": choice.value,
                "known": gapped(certain),
                "ja": text.ja,
                "en": text.en,
            }
        )
    context = {
        "distributor": distributor,
        "title": plain.title.say(language),
        "places": places,
        "history": rules.history_of(distributor, plain),
        "refusal": refusal,
        "back": reverse("setup:edition", kwargs={"key": plain.key, "version": plain.version}),
    }
    return render(request, "setup/labels.html", context, status=422 if refusal else 200)


def _edition_or_404(key: str, version: int) -> Edition:
    try:
        return editions.load(key, version)
    except (KeyError, editions.EditionError):
        raise Http404 from None


def _ours(request: DeskRequest) -> list[Distributor]:
    """The person's distributors; the layout shows whose desk this is where it is one."""
    ours = list(distributors(request).order_by("pk"))
    if len(ours) == 1:
        vars(request)["distributor"] = ours[0]
    return ours
