"""At most so many mails a second to a mail server, however many senders there are: they take turns on one row."""

from django.conf import settings
from django.db import connection

# PostgreSQL's clock, which all senders share. A turn more than a minute ahead is left over from a clock that was
# set back (or a slower pace): it counts from now.
_TURN = """
INSERT INTO mail_pace AS pace (server, next_at) VALUES (%(server)s, clock_timestamp() + %(apart)s * interval '1 second')
ON CONFLICT (server) DO UPDATE SET next_at = %(apart)s * interval '1 second' + CASE
    WHEN pace.next_at > clock_timestamp() + interval '1 minute' THEN clock_timestamp()
    ELSE greatest(pace.next_at, clock_timestamp()) END
RETURNING extract(epoch FROM next_at - clock_timestamp()) - %(apart)s
"""


def seconds_to_wait() -> float:
    """Take the next turn at the mail server and give the seconds until it comes."""
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    apart = 1 / max(settings.MAIL_PER_SECOND, 0.01)
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"server": server, "apart": apart})
        row = cursor.fetchone()
    return max(0.0, float(row[0])) if row else 0.0
