"""How many inputs there are: counted by the database as they are added, folded together, counted again by verify."""

from collections.abc import Iterator

from django.db import connection

from minori.programmes.models import Programme

_FOLD = """
    WITH many AS (
        SELECT programme_id, round_id, action FROM summaries_inputcount
        GROUP BY 1, 2, 3 HAVING count(*) > %s
    ), gone AS (
        DELETE FROM summaries_inputcount one USING many
        WHERE (one.programme_id, one.action) = (many.programme_id, many.action)
          AND one.round_id IS NOT DISTINCT FROM many.round_id
        RETURNING one.programme_id, one.round_id, one.action, one.count
    )
    INSERT INTO summaries_inputcount (programme_id, round_id, action, count)
    SELECT programme_id, round_id, action, sum(count) FROM gone GROUP BY 1, 2, 3"""

_DIFFERENT = """
    WITH really AS (
        SELECT programme_id, count(*) AS n FROM audit_event WHERE programme_id IS NOT NULL GROUP BY 1
        UNION ALL
        SELECT g.programme_id, count(*) FROM filings_reading r JOIN programmes_grant g ON g.id = r.grant_id GROUP BY 1
    )
    SELECT programme_id, coalesce(there.n, 0), coalesce(counted.n, 0)
    FROM (SELECT programme_id, sum(n) AS n FROM really GROUP BY 1) there
    FULL JOIN (SELECT programme_id, sum(count) AS n FROM summaries_inputcount GROUP BY 1) counted USING (programme_id)
    WHERE there.n IS DISTINCT FROM counted.n
    ORDER BY programme_id"""


def fold(*, beyond: int = 20) -> int:
    """Fold counts of the same thing together where there are more rows than so many; how many rows are left of them.

    One statement, so every snapshot sees either all the old rows or the new one. Twice at once does no harm: what one has
    taken away the other no longer finds.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [beyond])
        return int(cursor.rowcount)


def differences() -> Iterator[str]:
    """A sentence for every programme whose counted inputs are not as many as there are."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        found = cursor.fetchall()
    codes = dict(Programme.objects.filter(pk__in=[one[0] for one in found]).values_list("pk", "code"))
    for programme, there, counted in found:
        named = codes.get(programme, f"programme {programme}")
        yield f"{named}: {counted} inputs are counted, and there are {there}"
