from django.db import migrations

# A room is late for ever: it says of itself what its new filing says, and what was sent back once is not recalled.
GUARD = """
CREATE FUNCTION programmes_deadline_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public.my_organization() IS NULL THEN
    RETURN NEW;
  END IF;
  IF NEW.state = 'awaiting' AND OLD.state = 'handed_in' AND OLD.returned_at IS NOT NULL THEN
    RAISE EXCEPTION 'a report that was sent back cannot be recalled' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'handed_in' AND OLD.state = 'awaiting' AND NOT EXISTS (
      SELECT FROM filings_filing f WHERE f.id = NEW.current_filing_id
      AND (f.handed_in_at, f.days_late) = (NEW.first_handed_in_at, NEW.days_late)) THEN
    RAISE EXCEPTION 'lateness is that of the filing' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_are_moved_honestly BEFORE UPDATE ON programmes_deadline
  FOR EACH ROW EXECUTE FUNCTION programmes_deadline_room();
"""
DROP = """
DROP TRIGGER deadlines_are_moved_honestly ON programmes_deadline;
DROP FUNCTION programmes_deadline_room();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_lateness_stays"), ("filings", "0003_guards")]
    operations = [migrations.RunSQL(GUARD, DROP)]
