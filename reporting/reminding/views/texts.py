"""A programme's own texts of mails: which there are, writing them with a preview, and a test mail to oneself."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.enums import Language
from minori.accounts.requests import DeskRequest, actor
from minori.mail import own_texts, specimens, wording
from minori.mail.enums import Wording
from minori.mail.own_texts import BadText, TextChangedMeanwhile
from minori.mail.wording import Words
from minori.programmes.models import Deadline, Programme
from minori.ui.keeping import saved
from minori.ui.templatetags.ui_tags import gapped
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.reminding import preview
from reporting.reminding.forms import TextForm


@require_safe
@desk_only
def index(request: DeskRequest, code: str) -> HttpResponse:
    """Every mail whose text a programme may write, and which of them it has written."""
    programme = programme_or_404(request, code)
    own = own_texts.of([programme.pk])
    lines = [
        (what, [(language.label, (programme.pk, what, language.value) in own) for language in Language])
        for what in Wording
    ]
    return render(request, "reminding/texts.html", {"programme": programme, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def text(request: DeskRequest, code: str, what: str) -> HttpResponse:
    """One mail's text in both languages; a POST saves, shows (`preview`), mails to oneself (`try`) or goes back."""
    programme = programme_or_404(request, code)
    if what not in Wording.values:
        raise Http404
    of = Wording(what)
    if request.method != "POST":
        return _page(request, programme, of, TextForm(initial=_typed(programme, of), what=of))
    must_decide(request, programme.distributor_id)
    form = TextForm(request.POST, what=of)
    if "standard" in request.POST:
        form.empty()
    if not form.is_valid():
        return _page(request, programme, of, form)
    if "preview" in request.POST:
        return _page(request, programme, of, form, texts=form.texts(), tried=True)
    if language := request.POST.get("try"):
        return _try_out(request, programme, of, form, language)
    return _save(request, programme, of, form)


def _save(request: DeskRequest, programme: Programme, what: Wording, form: TextForm) -> HttpResponse:
    try:
        changed = own_texts.change(
            programme,
            what=what,
            texts=form.texts(),
            seen=form.seen(),
            by=actor(request.person),
            at=timezone.now(),
        )
    except TextChangedMeanwhile as problem:
        return _page(request, programme, what, form.again(problem.texts), meanwhile=problem.texts)
    except BadText as problem:
        form.tell(problem)
        return _page(request, programme, what, form)
    if changed:
        messages.success(request, _("Saved. Mails that are written from now on read like this."))
    else:
        messages.info(request, _("Nothing was changed."))
    return saved(request, redirect("reminding:text", code=programme.code, what=what.value), form="text")


def _try_out(
    request: DeskRequest, programme: Programme, what: Wording, form: TextForm, language: str
) -> HttpResponse:
    deadline = _chosen(request, programme)
    if language not in Language.values or deadline is None:
        messages.error(request, _("There is no report to write this mail about yet."))
        return _page(request, programme, what, form)
    letter = specimens.letter(
        deadline, what=what, language=language, words=_said(form.texts()[language], what, language)
    )
    own_texts.try_out(letter, on=request.person, language=language, at=timezone.now())
    messages.success(
        request, _("A test mail is on its way to %(address)s.") % {"address": request.person.email}
    )
    return _page(request, programme, what, form, texts=form.texts(), tried=True)


def _said(words: Words, what: Wording, language: str) -> Words:
    return words if words.subject else wording.standard(what, language)


def _typed(programme: Programme, what: Wording) -> dict[str, Any]:
    kept = own_texts.kept(programme, what)
    values: dict[str, Any] = {}
    for language in Language.values:
        one = kept.get(language)
        words = (
            Words(one.subject, one.body) if one and not one.is_standard else wording.standard(what, language)
        )
        values |= {
            f"{language}_subject": words.subject,
            f"{language}_body": words.body,
            f"{language}_seen": one.version if one else 0,
        }
    return values


def _chosen(request: DeskRequest, programme: Programme) -> Deadline | None:
    asked = request.POST if request.method == "POST" else request.GET
    today = programme.distributor.local_date(timezone.now())
    return preview.chosen(programme, grant=asked.get("grant", ""), round_=asked.get("round", ""), today=today)


def _page(
    request: DeskRequest,
    programme: Programme,
    what: Wording,
    form: TextForm,
    *,
    texts: Mapping[str, Words] | None = None,
    **more: Any,
) -> HttpResponse:
    kept = own_texts.kept(programme, what)
    now = {language: Words(one.subject, one.body) for language, one in kept.items()}
    shown = texts or now
    deadline = _chosen(request, programme)
    grants, rounds = preview.choices(programme)
    context: dict[str, Any] = {
        "meanwhile": None,
        "tried": False,
        "programme": programme,
        "what": what,
        "invites": what in wording.INVITATIONS,
        "form": form,
        "parts": [
            {
                "language": language,
                "subject": form[f"{language}_subject"],
                "body": form[f"{language}_body"],
                "kept": kept.get(language.value),
                "places": [
                    (wording.shown(name, language.value), wording.meaning(name, what))
                    for name in (*wording.places(what), wording.DETAILS)
                ],
                "letter": specimens.letter(
                    deadline,
                    what=what,
                    language=language.value,
                    words=_said(shown.get(language.value, own_texts.STANDARD), what, language.value),
                )
                if deadline
                else None,
            }
            for language in Language
        ],
        "grants": [(one.code, gapped([one.organization.name, one.title])) for one in grants],
        "rounds": [(one.number, one.title) for one in rounds],
        "deadline": deadline,
        "may_decide": request.desk.may_decide(programme.distributor_id),
    }
    status = 409 if "meanwhile" in more else 422 if form.errors else 200
    return render(request, "reminding/text.html", context | more, status=status)
