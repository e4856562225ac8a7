"""A compiled summary's lines by themselves, so that a page reads a screenful of them, ordered and filtered in the database."""

import django.db.models.deletion
from django.db import migrations, models

SPREAD = """
CREATE FUNCTION public.summaries_in_brief() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.brief := NEW.contents - 'board' - 'map';
  RETURN NEW;
END
$$;
CREATE FUNCTION public.summaries_spread(of_round bigint, contents jsonb, signals jsonb) RETURNS void LANGUAGE sql
SET search_path = public, pg_temp AS $$
  DELETE FROM summaries_grantline l WHERE l.round_id = of_round AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(contents -> 'board') b(one) WHERE (b.one ->> 'grant')::bigint = l.grant_id);
  INSERT INTO summaries_grantline (round_id, grant_id, place, lead, deputy, words, state, due_on, handed_in_at, days_late,
    worse, behind, other, nothing, blank, signal_count, board, strip, texts, signals)
  SELECT of_round, (b.one ->> 'grant')::bigint, b.place, coalesce(b.one ->> 'lead', ''), coalesce(b.one ->> 'deputy', ''),
    lower(concat_ws(chr(10), b.one ->> 'organization_name', b.one ->> 'grant_title', b.one ->> 'grant_code')),
    b.one ->> 'state',
    coalesce(CASE WHEN b.one ->> 'state' = 'returned' THEN b.one ->> 'returned_due_on' END,
      b.one ->> 'extended_to', b.one ->> 'due_on')::date,
    (b.one ->> 'handed_in_at')::timestamptz, (b.one ->> 'days_late')::int,
    coalesce((m.one ->> 'worse')::int, 0), coalesce((m.one -> 'counts' ->> '3')::int, 0),
    coalesce((m.one -> 'counts' ->> '4')::int, 0), coalesce((m.one -> 'counts' ->> 'nothing')::int, 0),
    coalesce((m.one -> 'counts' ->> 'blank')::int, 0), coalesce(s.count, 0), b.one,
    CASE WHEN m.one IS NOT NULL THEN m.one || jsonb_build_object('cells', (
      SELECT coalesce(jsonb_agg(c - 'text' - 'remark' - 'statement' - 'parent' - 'position'), '[]')
      FROM jsonb_array_elements(m.one -> 'cells') c)) END,
    (SELECT coalesce(jsonb_object_agg(c ->> 'row', jsonb_build_object(
        'statement', c -> 'statement', 'text', c -> 'text', 'remark', c -> 'remark')), '{}')
      FROM jsonb_array_elements(m.one -> 'cells') c),
    coalesce(s.keys, '[]')
  FROM jsonb_array_elements(contents -> 'board') WITH ORDINALITY b(one, place)
  LEFT JOIN (SELECT (one ->> 'grant')::bigint AS id, one FROM jsonb_array_elements(contents -> 'map') one) m
    ON m.id = (b.one ->> 'grant')::bigint
  LEFT JOIN (
    SELECT (one ->> 'grant')::bigint AS id, count(*) AS count, jsonb_agg(
      jsonb_build_object('kind', one -> 'kind', 'place', one -> 'place', 'cause', one -> 'cause')) AS keys
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(signals) = 'array' THEN signals ELSE '[]' END) one GROUP BY 1
  ) s ON s.id = (b.one ->> 'grant')::bigint
  ON CONFLICT (round_id, grant_id) DO UPDATE SET place = EXCLUDED.place, lead = EXCLUDED.lead, deputy = EXCLUDED.deputy,
    words = EXCLUDED.words, state = EXCLUDED.state, due_on = EXCLUDED.due_on, handed_in_at = EXCLUDED.handed_in_at,
    days_late = EXCLUDED.days_late, worse = EXCLUDED.worse, behind = EXCLUDED.behind, other = EXCLUDED.other,
    nothing = EXCLUDED.nothing, blank = EXCLUDED.blank, signal_count = EXCLUDED.signal_count, board = EXCLUDED.board,
    strip = EXCLUDED.strip, texts = EXCLUDED.texts, signals = EXCLUDED.signals
  WHERE (summaries_grantline.place, summaries_grantline.board, summaries_grantline.strip, summaries_grantline.texts,
      summaries_grantline.signals)
    IS DISTINCT FROM (EXCLUDED.place, EXCLUDED.board, EXCLUDED.strip, EXCLUDED.texts, EXCLUDED.signals);
$$;
CREATE FUNCTION public.summaries_spread_them() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM public.summaries_spread(NEW.round_id, NEW.contents, NEW.signals);
  RETURN NULL;
END
$$;
CREATE TRIGGER in_brief BEFORE INSERT OR UPDATE OF contents ON summaries_summary
  FOR EACH ROW EXECUTE FUNCTION public.summaries_in_brief();
CREATE TRIGGER spread AFTER INSERT OR UPDATE OF contents, signals ON summaries_summary
  FOR EACH ROW EXECUTE FUNCTION public.summaries_spread_them();
UPDATE summaries_summary SET contents = contents WHERE contents IS NOT NULL;
"""
NOT_SPREAD = """
DROP TRIGGER spread ON summaries_summary;
DROP TRIGGER in_brief ON summaries_summary;
DROP FUNCTION public.summaries_spread_them();
DROP FUNCTION public.summaries_spread(bigint, jsonb, jsonb);
DROP FUNCTION public.summaries_in_brief();
"""


class Migration(migrations.Migration):
    dependencies = [("summaries", "0073_inputs"), ("programmes", "0092_own_holidays")]
    operations = [
        migrations.AddField("summary", "brief", models.JSONField(editable=False, null=True)),
        migrations.CreateModel(
            name="GrantLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("lead", models.TextField()),
                ("deputy", models.TextField()),
                ("words", models.TextField()),
                ("state", models.CharField(max_length=20)),
                ("due_on", models.DateField()),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("days_late", models.PositiveIntegerField(null=True)),
                ("worse", models.PositiveIntegerField()),
                ("behind", models.PositiveIntegerField()),
                ("other", models.PositiveIntegerField()),
                ("nothing", models.PositiveIntegerField()),
                ("blank", models.PositiveIntegerField()),
                ("signal_count", models.PositiveIntegerField()),
                ("board", models.JSONField()),
                ("strip", models.JSONField(null=True)),
                ("texts", models.JSONField()),
                ("signals", models.JSONField()),
                (
                    "grant",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programmes.grant",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="programmes.round"
                    ),
                ),
            ],
            options={
                "ordering": ["round", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "grant"), name="a_grant_has_one_line_in_a_round")
                ],
                "indexes": [models.Index(fields=["grant"], name="lines_of_a_grant")],
            },
        ),
        migrations.RunSQL(SPREAD, NOT_SPREAD),
    ]
