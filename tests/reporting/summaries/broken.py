"""Filings made unreadable past every guard, as only the owner of the tables can."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from minori.filings.models import Filing
from minori.programmes.models import Deadline
from minori.tenancy.rooms import as_owner


def spoil(deadline: Deadline, how: Callable[[dict[str, Any]], Any]) -> None:
    """Write other contents into the filing that counts. Outside transactions."""
    filing = Filing.objects.get(pk=deadline.current_filing_id)
    contents = json.dumps(how(filing.contents))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE filings_filing DISABLE TRIGGER USER")
        cursor.execute("UPDATE filings_filing SET contents = %s WHERE id = %s", [contents, filing.pk])
        cursor.execute("ALTER TABLE filings_filing ENABLE TRIGGER USER")
