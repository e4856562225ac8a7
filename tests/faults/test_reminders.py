"""Senders killed with -9 at random moments: no reminder is lost, none arrives twice unsaid.

The long form is `minori bench reminders`.
"""

import json

from tests.faults.installation import Installation

MAILS, KILLS = 60, 4


def test_senders_killed_at_random_lose_nothing_and_double_nothing(installation: Installation) -> None:
    done = installation.run(
        "minori.cli", "bench", "reminders", "--mails", str(MAILS), "--kills", str(KILLS), owner=True
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["mails"], said["kills"]) == (MAILS, KILLS)
    assert (said["lost"], said["duplicates"], said["not_sent"]) == (0, 0, 0)
    assert said["uncertain_resolved"] == said["declared_resends"]
