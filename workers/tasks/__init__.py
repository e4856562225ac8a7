"""All tasks, by the names of `minori.jobs.Job`. Each takes ids, makes one call, and may run twice or in parallel."""

from workers.tasks.exports import make_export
from workers.tasks.filings import take_in_filing, take_in_more
from workers.tasks.mail import send_waiting_mail
from workers.tasks.nightly import do_nightly
from workers.tasks.organizations import provision_organization
from workers.tasks.summaries import compile_round
from workers.tasks.sweeps import sweep, sweep_quickly

__all__ = [
    "compile_round",
    "do_nightly",
    "make_export",
    "provision_organization",
    "send_waiting_mail",
    "sweep",
    "sweep_quickly",
    "take_in_filing",
    "take_in_more",
]
