"""The mail server of the accounts' tests."""

from tests.minori.accounts.conftest import mails, no_mail_server

__all__ = ["mails", "no_mail_server"]
