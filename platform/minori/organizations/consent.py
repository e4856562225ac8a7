"""An organization's consent that another fund distributor sets up a grant for it: a number it passes on.

Whoever sets up a grant sees the organization's people and may invite more into its room, so knowing its address,
which stands in every link, must not be enough. The number is a keyed hash of the organization and of the fortnight:
nothing is stored, nothing can be guessed (40 bits), and it stops working by itself.
"""

import base64
import hmac
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from minori.organizations.models import Organization

DAYS = 14
_SALT = "minori.organizations.consent"


def number_of(organization: Organization, *, at: datetime) -> str:
    """The number to pass on, like "7F3K-92QD"; it works for at least 14 and at most 28 days from `at` on."""
    return _number(organization, _period(at))


def agrees(organization: Organization, number: str, *, at: datetime) -> bool:
    """Whether this is the organization's number of this fortnight or of the last; case, spaces and hyphens do not matter."""
    given = "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())
    period = _period(at)
    return any(
        hmac.compare_digest(given, _number(organization, one).replace("-", ""))
        for one in (period, period - 1)
    )


def _period(at: datetime) -> int:
    return at.astimezone(UTC).date().toordinal() // DAYS  # one clock for both sides, wherever they are


def _number(organization: Organization, period: int) -> str:
    digest = salted_hmac(_SALT, f"{organization.pk}|{period}", algorithm="sha256").digest()
    letters = base64.b32encode(digest[:5]).decode()
    return f"{letters[:4]}-{letters[4:]}"
