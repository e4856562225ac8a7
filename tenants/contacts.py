"""Whom to ask, in a room: `minori.programmes.contacts`."""

from minori.programmes.contacts import HelpContact, of_grant

__all__ = ["HelpContact", "of_grant"]
