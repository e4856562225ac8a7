"""Steps tried with raw SQL, past every rule: what the database itself refuses."""

from typing import Any

from django.db import DatabaseError, connection, transaction

from minori.programmes.models import Deadline

OF_THE_ROOM = {("awaiting", "handed_in"), ("returned", "handed_in"), ("handed_in", "awaiting")}
OF_THE_DESK = OF_THE_ROOM | {
    ("handed_in", "returned"),
    ("handed_in", "accepted"),
    ("accepted", "returned"),
    ("awaiting", "waived"),
    ("waived", "awaiting"),
}

MEDDLING = {
    "filing": "UPDATE public.filings_filing SET contents = '{}' WHERE deadline_id = %s",
    "no filing": "DELETE FROM public.filings_filing WHERE deadline_id = %s",
    "figure": "UPDATE public.filings_figure SET text = 'x' FROM public.filings_filing f"
    " WHERE f.id = filing_id AND f.deadline_id = %s",
    "attachment": "DELETE FROM public.filings_filedattachment a USING public.filings_filing f"
    " WHERE f.id = a.filing_id AND f.deadline_id = %s",
    "trail": "DELETE FROM public.audit_event WHERE deadline_id = %s",
    "open part": "UPDATE public.filings_openpart SET anchor = '' WHERE deadline_id = %s",
    "shown draft": "UPDATE public.filings_consultation SET contents = '{}' WHERE deadline_id = %s",
    "proposal": "UPDATE public.filings_correction SET new = new || 'x' WHERE deadline_id = %s",
    "settled proposal": "UPDATE public.filings_correction SET state = 'open', settled_at = NULL, settled_by_name = '',"
    " taken_in_id = NULL WHERE state <> 'open' AND deadline_id = %s",
    "lateness": "UPDATE public.programmes_deadline SET days_late = days_late + 1"
    " WHERE days_late IS NOT NULL AND id = %s",
    "other filing": "UPDATE public.programmes_deadline d SET current_filing_id = f.id FROM public.filings_filing f"
    " WHERE f.deadline_id = d.id AND f.id IS DISTINCT FROM d.current_filing_id AND d.id = %s",
    "recalled filing": "UPDATE public.programmes_deadline d SET state = 'handed_in', current_filing_id = f.id,"
    " first_handed_in_at = coalesce(d.first_handed_in_at, f.handed_in_at), days_late = coalesce(d.days_late, f.days_late)"
    " FROM public.filings_filing f WHERE f.deadline_id = d.id AND d.state IN ('awaiting', 'returned') AND d.id = %s",
    "number of revisions": "UPDATE public.programmes_deadline SET last_revision = last_revision - 1"
    " WHERE last_revision > 0 AND id = %s",
}
"""Changes that nobody may make; where there is nothing yet they touch nothing."""

MEDDLING_WITH_REQUESTS = {
    "the day": "UPDATE public.programmes_extensionrequest SET until = until + 1 WHERE deadline_id = %s",
    "the reason": "UPDATE public.programmes_extensionrequest SET reason = reason || 'x' WHERE deadline_id = %s",
    "what was settled": "UPDATE public.programmes_extensionrequest SET state = 'open', settled_at = NULL,"
    " settled_by_name = '', granted_to = NULL, answer = '' WHERE state <> 'open' AND deadline_id = %s",
    "no request": "DELETE FROM public.programmes_extensionrequest WHERE deadline_id = %s",
}
"""Changes to what was asked and answered that nobody may make."""


def is_refused(query: str, *params: Any) -> bool:
    """Whether the database refuses the statement, or it touches nothing. Nothing of it stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query, params)
            touched = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return bool(touched == 0)


def step_is_refused(deadline: Deadline, to: str) -> bool:
    """Whether the bare step is refused; what has to stand beside the new state is written as fits it."""
    filing = "NULL" if to in {"awaiting", "waived"} else "current_filing_id"
    extra = {
        "waived": ", waived_reason = 'x'",
        "awaiting": ", first_handed_in_at = NULL, days_late = NULL",
        "returned": ", returned_at = now()",
    }.get(to, "")
    query = (
        f"UPDATE public.programmes_deadline SET state = %s, current_filing_id = {filing}{extra} WHERE id = %s"
    )
    return is_refused(query, to, deadline.pk)
