"""Reading the mails of a test."""

import re
from collections.abc import Callable

from minori.local.mailbox import Mail

Mails = Callable[[], list[Mail]]


def code_in(mail: Mail) -> str:
    """The code of a mail, as its text says it."""
    found = re.search(r"^\s+(\d{6})\s*$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]


def link_in(mail: Mail) -> str:
    """The path of the link to an invitation."""
    found = re.search(r"^https?://[^/]+(/join/\S+)\s*$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]
