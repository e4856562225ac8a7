from django.db import migrations, models

# What was recalled counts no more: a filing counts once, when it comes as the newest of its report. The database
# keeps the number itself; nobody writes it.
COUNT = """
UPDATE programmes_deadline d SET last_revision =
  coalesce((SELECT max(f.revision) FROM filings_filing f WHERE f.deadline_id = d.id), 0);
CREATE FUNCTION programmes_deadline_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  came integer;
BEGIN
  IF NEW.current_filing_id IS NOT NULL AND NEW.current_filing_id IS DISTINCT FROM OLD.current_filing_id THEN
    SELECT f.revision INTO came FROM public.filings_filing f WHERE f.id = NEW.current_filing_id AND f.deadline_id = NEW.id;
    IF came <= OLD.last_revision THEN
      RAISE EXCEPTION 'revision % has been handed in before: a new one has to come', came
        USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.last_revision := coalesce(came, OLD.last_revision);
  ELSIF NEW.last_revision <> OLD.last_revision THEN
    RAISE EXCEPTION 'the revisions of a report are counted by the database' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_number_revisions BEFORE UPDATE ON programmes_deadline
  FOR EACH ROW EXECUTE FUNCTION programmes_deadline_revision();
"""
NO_COUNT = """
DROP TRIGGER deadlines_number_revisions ON programmes_deadline;
DROP FUNCTION programmes_deadline_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0009_deadline_guards"), ("filings", "0010_open_parts")]
    operations = [
        migrations.AddField(
            model_name="deadline",
            name="last_revision",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="The newest revision that was handed in, counted by the database."
            ),
        ),
        migrations.RunSQL(COUNT, NO_COUNT),
    ]
