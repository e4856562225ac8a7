"""How many inputs a round has stands counted, so that a page need not count a hundred thousand of them to know what is stale."""

from django.db import migrations, models

# Every statement that adds events or readings adds a row with their number, in the same transaction: what is committed
# is counted, whatever its id and whoever wrote it, and nobody waits for anybody. A sweep folds rows together.
COUNTED = """
CREATE FUNCTION public.summaries_count_events() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO public.summaries_inputcount (programme_id, round_id, action, count)
  SELECT a.programme_id, a.round_id, a.action, count(*) FROM added a
  WHERE a.programme_id IS NOT NULL GROUP BY 1, 2, 3;
  RETURN NULL;
END
$$;
CREATE FUNCTION public.summaries_count_readings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO public.summaries_inputcount (programme_id, round_id, action, count)
  SELECT g.programme_id, a.round_id, '', count(*) FROM added a JOIN public.programmes_grant g ON g.id = a.grant_id
  GROUP BY 1, 2;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.summaries_count_events() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.summaries_count_readings() FROM PUBLIC;
CREATE TRIGGER summaries_count_them AFTER INSERT ON audit_event
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.summaries_count_events();
CREATE TRIGGER summaries_count_them AFTER INSERT ON filings_reading
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.summaries_count_readings();
INSERT INTO summaries_inputcount (programme_id, round_id, action, count)
SELECT programme_id, round_id, action, count(*) FROM audit_event WHERE programme_id IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO summaries_inputcount (programme_id, round_id, action, count)
SELECT g.programme_id, r.round_id, '', count(*) FROM filings_reading r JOIN programmes_grant g ON g.id = r.grant_id
GROUP BY 1, 2;
"""
NOT_COUNTED = """
DROP TRIGGER summaries_count_them ON filings_reading;
DROP TRIGGER summaries_count_them ON audit_event;
DROP FUNCTION public.summaries_count_readings();
DROP FUNCTION public.summaries_count_events();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("summaries", "0071_inputs_by_grant"),
        ("audit", "0093_holidays_and_addresses"),
        ("filings", "0051_reading_filing"),
        ("programmes", "0092_own_holidays"),
    ]
    operations = [
        migrations.CreateModel(
            name="InputCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme_id", models.BigIntegerField()),
                ("round_id", models.BigIntegerField(null=True)),
                ("action", models.CharField(blank=True, max_length=40)),
                ("count", models.BigIntegerField()),
            ],
            options={
                "ordering": ["programme_id", "round_id", "action", "pk"],
                "indexes": [
                    models.Index(
                        fields=["programme_id", "round_id"],
                        include=("action", "count"),
                        name="inputs_of_a_programme",
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
