"""The lines of a round's numbers leave the summary and stand grant by grant."""

import django.db.models.deletion
from django.db import migrations, models

APART = """
INSERT INTO summaries_grantnumbers (summary_id, grant_id, lines, short)
SELECT s.id, (one.line ->> 'grant')::bigint, jsonb_agg(one.line ORDER BY one.place),
    jsonb_agg(one.line || jsonb_build_object(
        'achievement', one.line -> 'achievement' || '{"expression": "", "parts": []}',
        'time', one.line -> 'time' || '{"expression": "", "parts": []}'
    ) ORDER BY one.place)
FROM summaries_summary s
CROSS JOIN LATERAL jsonb_array_elements(s.numbers -> 'lines') WITH ORDINALITY AS one (line, place)
GROUP BY 1, 2;
UPDATE summaries_summary SET numbers = numbers - 'lines' WHERE numbers IS NOT NULL;
"""
TOGETHER = """
UPDATE summaries_summary s SET numbers = s.numbers || jsonb_build_object('lines', (
    SELECT coalesce(jsonb_agg(line ORDER BY board.place, one.place), '[]')
    FROM summaries_grantnumbers n
    JOIN jsonb_array_elements(s.numbers -> 'grants') WITH ORDINALITY AS board (facts, place)
        ON (board.facts ->> 'grant')::bigint = n.grant_id
    CROSS JOIN LATERAL jsonb_array_elements(n.lines) WITH ORDINALITY AS one (line, place)
    WHERE n.summary_id = s.id
)) WHERE numbers IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("summaries", "0074_lines"), ("programmes", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="GrantNumbers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lines", models.JSONField()),
                ("short", models.JSONField()),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.grant"
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grant_numbers",
                        to="summaries.summary",
                    ),
                ),
            ],
            options={"ordering": ["summary", "grant"]},
        ),
        migrations.AddConstraint(
            model_name="grantnumbers",
            constraint=models.UniqueConstraint(
                fields=("summary", "grant"), name="a_grants_numbers_stand_once_in_a_round"
            ),
        ),
        migrations.RunSQL(APART, TOGETHER),
    ]
