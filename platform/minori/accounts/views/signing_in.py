"""The pages of sign-in and sign-out."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts import signing_in
from minori.accounts.forms import AddressForm, CodeForm, PasswordSignInForm
from minori.accounts.letters import MailNotSent
from minori.accounts.signing_in import TooMany

_ADDRESS = "sign_in_address"  # session: the address typed last, for the password page

UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 422, 429, 503


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address, then mail a code or ask for the password."""
    next_url = next_of(request)
    if request.user.is_authenticated:
        return redirect(next_url or "/")
    form = AddressForm(request.POST or None, initial={"email": request.session.get(_ADDRESS, "")})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if request.POST.get("way") == "password":
            request.session[_ADDRESS] = address
            return redirect(to("sign_in_with_password", next_url))
        return mail_code(request, address=address, next_url=next_url)
    response = _page(request, "account/sign_in.html", form, next_url=next_url)
    response["X-Signed-Out"] = "yes"  # scripts that were sent here in the middle of a page see it
    return response


def mail_code(request: HttpRequest, *, address: str, next_url: str) -> HttpResponse:
    """Mail a code and ask for it; where that does not work, say so with the address still in its field."""
    try:
        signing_in.ask_for_code(request, address=address)
    except TooMany:
        form = AddressForm({"email": address})
        form.add_error("email", _("Too many attempts. Please wait a few minutes and try again."))
        return _page(request, "account/sign_in.html", form, next_url=next_url, status=TOO_MANY)
    except MailNotSent:
        return mail_away(request, address=address, next_url=next_url)
    return redirect(to("account_confirm_login_code", next_url))


def mail_away(request: HttpRequest, *, address: str, next_url: str) -> HttpResponse:
    """The mail server does not answer: say so, and offer to try again or to use the password."""
    context = {"address": address, "next": next_url}
    response = render(request, "account/mail_away.html", context, status=UNAVAILABLE)
    response["Retry-After"] = "60"
    return response


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was mailed, or mail another one."""
    next_url = next_of(request)
    if request.user.is_authenticated:
        return redirect(next_url or "/")
    process = signing_in.waiting(request)
    if process is None:
        if request.method == "POST":
            messages.error(request, _("The time for the code has passed. Please ask for a new one."))
        return redirect(to("account_login", next_url))
    if request.POST.get("action") == "again":
        return _mail_again(request, process, next_url)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            response = _try(request, process, form, next_url)
            if response is not None:
                return response
        status = UNPROCESSABLE
    return _code_page(request, process, form, next_url=next_url, status=status)


def _try(
    request: HttpRequest, process: signing_in.CodeProcess, form: CodeForm, next_url: str
) -> HttpResponse | None:
    """Sign in with the code typed; None where the page is to be shown again, with what was wrong."""
    try:
        right = process.matches(form.cleaned_data["code"])
    except TooMany:
        form.add_error("code", _("Too many attempts. Please wait a few minutes and try again."))
        return None
    if right:
        return signing_in.finish(process, next_url=next_url, remember=form.cleaned_data["remember"])
    if not process.record_invalid_attempt():
        messages.error(request, _("The code was wrong too often. Please ask for a new one."))
        return redirect(to("account_login", next_url))
    left = process.attempts_left
    said = ngettext(
        "The code is wrong. You can try %(left)d more time. Please look at the mail again.",
        "The code is wrong. You can try %(left)d more times. Please look at the mail again.",
        left,
    )
    form.add_error("code", said % {"left": left})
    return None


def _mail_again(request: HttpRequest, process: signing_in.CodeProcess, next_url: str) -> HttpResponse:
    if not process.can_resend:
        messages.error(request, _("The code was sent several times already. Please start again in a while."))
        return redirect(to("account_login", next_url))
    try:
        process.send_again()
    except TooMany:
        messages.error(request, _("Too many attempts. Please wait a few minutes and try again."))
    except MailNotSent:
        return mail_away(request, address=process.address, next_url=next_url)
    else:
        messages.success(request, _("A new code has been sent. The older one no longer works."))
    return redirect(to("account_confirm_login_code", next_url))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_with_password(request: HttpRequest) -> HttpResponse:
    """Ask for address and password."""
    next_url = next_of(request)
    if request.user.is_authenticated:
        return redirect(next_url or "/")
    form = PasswordSignInForm(request.POST or None, initial={"email": request.session.get(_ADDRESS, "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            return signing_in.with_password(
                request,
                address=said["email"],
                password=said["password"],
                next_url=next_url,
                remember=said["remember"],
            )
        except ValidationError as error:
            form.add_error("password", error)
    return _page(request, "account/password_sign_in.html", form, next_url=next_url)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; `next` (an invitation of somebody else) is where it goes on."""
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect(next_of(request) or settings.LOGIN_URL)


def next_of(request: HttpRequest) -> str:
    """Where the person wanted to go: an address of this site without a host, or ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else ""


def to(route: str, next_url: str = "") -> str:
    """The address of a page of sign-in that goes on to `next_url`."""
    return reverse(route) + (f"?{urlencode({'next': next_url})}" if next_url else "")


def _page(
    request: HttpRequest, template: str, form: AddressForm, *, next_url: str, status: int = 0
) -> HttpResponse:
    status = status or (UNPROCESSABLE if form.errors else 200)
    return render(request, template, {"form": form, "next": next_url}, status=status)


def _code_page(
    request: HttpRequest, process: signing_in.CodeProcess, form: CodeForm, *, next_url: str, status: int
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "next": next_url,
        "address": process.address,
        "minutes": signing_in.minutes(),
        "can_resend": process.can_resend,
        "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "other_address": to("account_login", next_url),
    }
    return render(request, "account/code.html", context, status=status)
