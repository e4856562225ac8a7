"""The application of the workers with its schedule made quicker, for a test's beat (`celery --app tests.faults.quickly`)."""

from workers.app import app

EVERY = 2.0
"""Seconds."""

app.conf.beat_max_loop_interval = 0.5
app.conf.beat_schedule = {
    name: entry | {"schedule": EVERY, "options": entry["options"] | {"expires": EVERY}}
    for name, entry in app.conf.beat_schedule.items()
}
