"""How the workers run. The database is the truth, the queue a wake-up: no ETA, no countdown, every task idempotent."""

from django.conf import settings

from minori.jobs import Job
from workers.schedule import SCHEDULE

TASK_HARD_LIMIT = 300  # seconds

broker_url = settings.CELERY_BROKER_URL
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # the queue may be away for hours: come back when it does
# a killed worker's message comes back only after this; the sweeps over the database are faster
broker_transport_options = {"visibility_timeout": 3 * TASK_HARD_LIMIT, "socket_connect_timeout": 5}
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_time_limit = TASK_HARD_LIMIT
task_soft_time_limit = TASK_HARD_LIMIT - 30
task_routes = {job.value: {"queue": job.queue} for job in Job}
task_serializer = "json"
accept_content = ["json"]
timezone = "UTC"
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 500  # each connection keeps a little memory per organization it touched
worker_cancel_long_running_tasks_on_connection_loss = (
    False  # tasks may run twice; stopping them halfway gains nothing
)
worker_hijack_root_logger = False
beat_schedule = SCHEDULE
# deploy/ and `minori up` say the same on the command line; this is for those who start beat by hand
beat_schedule_filename = str(settings.HOME / "beat-schedule")
