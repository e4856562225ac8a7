from django.db import migrations

# Which filing counts changes only with a step, and once lateness is known only recalling forgets it: "late for ever".
GUARD = """
CREATE FUNCTION programmes_deadline_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.current_filing_id IS DISTINCT FROM OLD.current_filing_id
     AND OLD.state || ' -> ' || NEW.state NOT IN
       ('awaiting -> handed_in', 'returned -> handed_in', 'handed_in -> awaiting') THEN
    RAISE EXCEPTION 'the filing that counts changes only by handing in and recalling' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.first_handed_in_at IS NOT NULL AND NEW.state <> 'awaiting'
     AND (NEW.first_handed_in_at, NEW.days_late) IS DISTINCT FROM (OLD.first_handed_in_at, OLD.days_late) THEN
    RAISE EXCEPTION 'lateness is that of the first revision' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_keep_what_counts BEFORE UPDATE ON programmes_deadline
  FOR EACH ROW EXECUTE FUNCTION programmes_deadline_keeps();
"""
DROP = """
DROP TRIGGER deadlines_keep_what_counts ON programmes_deadline;
DROP FUNCTION programmes_deadline_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_guards")]
    operations = [migrations.RunSQL(GUARD, DROP)]
