"""Signing in: by a code that is mailed, or by a password. allauth keeps the state, ours are the mails and limits.

A code lives ten minutes, may be mistyped five times, and is asked for anew at most three times. Guessing is
limited per address as well, across browsers: whoever guesses day and night gets a few hundred tries of a million.
"""

import time
from typing import cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, perform_password_login
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from minori.accounts import letters
from minori.accounts.models import User

REMEMBERED_SECONDS = 30 * 86_400
RECENTLY_SECONDS = 15 * 60


class TooMany(Exception):  # noqa: N818 - what happened
    """The limit on attempts is reached; it passes with time."""


class CodeProcess(LoginCodeVerificationProcess):  # type: ignore[misc]  # allauth ships no types
    """A sign-in that waits for its code. It lives in the session of the browser that asked for it."""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        del skip_enumeration_mails  # known and unknown addresses are answered alike
        if self.user:
            letters.send_code(self.user, code=self.generate_code(), minutes=minutes())
        else:
            letters.send_unknown_address(email)

    @property
    def address(self) -> str:
        """Where the code was mailed to."""
        return str(self.state["email"])

    @property
    def attempts_left(self) -> int:
        """How often a code may still be typed."""
        return int(self.max_attempts - self.state["failed_attempts"])

    def matches(self, code: str) -> bool:
        """Whether this is the code that was mailed. Raises TooMany where the address was guessed at too often."""
        if not ratelimit.consume(self.request, action="confirm_login_code", key=self.address):
            raise TooMany
        return bool(compare_user_code(actual=code, expected=self.code))

    def send_again(self) -> None:
        """Mail a new code, which lives its full time; the older one no longer works. Raises MailNotSent, TooMany."""
        _may_ask(self.request, self.address)
        self.send()
        self.state["at"] = time.time()
        self.record_resend()
        self.persist()


def minutes() -> int:
    """How long a code lives."""
    return int(app_settings.LOGIN_BY_CODE_TIMEOUT // 60)


def ask_for_code(request: HttpRequest, *, address: str) -> None:
    """Mail a code to an address and wait for it in this session; nothing tells whether the address is known.

    Raises MailNotSent (nothing waits then), TooMany.
    """
    email = address.strip().lower()
    _may_ask(request, email)
    user = User.objects.filter(email=email, is_active=True).first()
    login = Login(user=user, email=email)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(CodeProcess.initial_state(user=user, email=email), initiated_by_user=True)
    process = CodeProcess(stage)
    process.send()
    process.persist()


def waiting(request: HttpRequest) -> CodeProcess | None:
    """The sign-in of this session that waits for its code, unless its time has passed."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return cast("CodeProcess | None", CodeProcess(stage).abort_if_invalid()) if stage else None


def finish(process: CodeProcess, *, next_url: str, remember: bool) -> HttpResponse:
    """The code was right: sign in under a new session key and go on."""
    response: HttpResponse = process.finish(next_url or None)
    _remember(process.request, remember)
    return response


def with_password(
    request: HttpRequest, *, address: str, password: str, next_url: str, remember: bool
) -> HttpResponse:
    """Sign in by password. Raises ValidationError: wrong (whichever of the two it is), or tried too often."""
    credentials = {"email": address.strip().lower(), "password": password}
    adapter = get_adapter(request)
    user = adapter.authenticate(request, **credentials)
    if user is None:
        raise ValidationError(_("The address or the password is wrong."))
    login = Login(user=user, email=credentials["email"], redirect_url=next_url or None)
    response: HttpResponse = perform_password_login(request, credentials, login)
    _remember(request, remember)
    return response


def by_code_recently(request: HttpRequest, user: User) -> bool:
    """Whether this person proved their mailbox a moment ago: a forgotten password may then be replaced."""
    records = get_authentication_records(request, user)
    return any(
        record["method"] == "code" and time.time() - record["at"] < RECENTLY_SECONDS for record in records
    )


def _may_ask(request: HttpRequest, email: str) -> None:
    if not ratelimit.consume(request, action="request_login_code", key=email):
        raise TooMany


def _remember(request: HttpRequest, remember: bool) -> None:
    if remember and request.user.is_authenticated:
        request.session.set_expiry(REMEMBERED_SECONDS)
