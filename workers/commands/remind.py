"""Send the reminders that are due at a moment, as the regular sweep does.

Run twice for the same moment, it sends once: what was decided stands in the ledger. A moment without a time
zone is read as Japanese time.
"""

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

NEEDS_SERVERS = True
NEEDS_OWNER = False
NEEDS_MAIL = True

_EXAMPLE = "2026-11-09T09:00"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori remind`."""
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help=f"the moment to plan for, such as {_EXAMPLE}; otherwise now",
    )
    parser.add_argument(
        "--send",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="send what was planned at once (otherwise it waits in the outbox until that moment has come)",
    )


def run(options: argparse.Namespace) -> int:
    """Plan, send and tell; 1 when the mail server cannot be reached (the mails wait)."""
    from django.utils import timezone

    from minori.mail import outbox, reminders, sending, waiting

    at: datetime = options.at or timezone.now()
    result = reminders.sweep(at=at)
    further = waiting.plan(at=at)
    print(
        f"{at:%Y-%m-%d %H:%M %Z}: planned {result.mails} mails about {result.planned} reports,"
        f" skipped {result.skipped} steps, told {result.alarms} officers that nobody can be notified"
    )
    if result.joined or further.joined:
        print(f"{result.joined + further.joined} mails that still waited took more in")
    if further.mails or further.invitations:
        print(
            f"wrote {further.mails} mails about what waits for a word, mailed {further.invitations} invitations again"
        )
    if not (result.mails or result.joined or further.mails or further.joined or further.invitations):
        print("nothing is due then: reminders go out on business days from 09:00 local time, each step once")
    if result.tomorrow:
        print(f"{result.tomorrow} wait for the next day: one mail a person a day")
    if not options.send:
        return 0
    outbox.hurry(planned_at=at, at=timezone.now())
    sent = sending.send_waiting(clock=timezone.now, as_of=min(at, timezone.now()))
    print(
        f"sent {sent.sent} mails, refused {sent.refused}, to be tried later {sent.later}, uncertain {sent.uncertain}"
    )
    if sent.away:
        print(f"The mail server cannot be reached, and the mails wait in the outbox: {sent.away}")
        return 1
    return 0


def _moment(text: str) -> datetime:
    from minori.programmes.calendar import FIRST_YEAR, LAST_YEAR

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"“{text}” is not a moment; write it like {_EXAMPLE}"
        raise argparse.ArgumentTypeError(message) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        message = f"the year of “{text}” must be between {FIRST_YEAR} and {LAST_YEAR}"
        raise argparse.ArgumentTypeError(message)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Tokyo"))
