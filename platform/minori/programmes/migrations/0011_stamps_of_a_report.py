from django.db import migrations

# What came has not been read yet; what is waited for says nothing of a hand-in; the first hand-in is that of its filing.
# Whoever takes the step: the desk on behalf too.
STAMPS = """
CREATE FUNCTION public.programmes_deadline_stamps() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  step text := OLD.state || ' -> ' || NEW.state;
BEGIN
  IF step IN ('awaiting -> handed_in', 'returned -> handed_in') AND NEW.reading_began_at IS NOT NULL THEN
    RAISE EXCEPTION 'what has just come has not been read yet' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IN ('awaiting', 'waived')
     AND num_nonnulls(NEW.first_handed_in_at, NEW.days_late, NEW.reading_began_at) > 0
     AND (NEW.state, NEW.first_handed_in_at, NEW.days_late, NEW.reading_began_at)
       IS DISTINCT FROM (OLD.state, OLD.first_handed_in_at, OLD.days_late, OLD.reading_began_at) THEN
    RAISE EXCEPTION 'a report that is waited for was not handed in, and is not late yet' USING ERRCODE = 'restrict_violation';
  END IF;
  IF step = 'awaiting -> handed_in' AND NOT EXISTS (
      SELECT FROM public.filings_filing f WHERE f.id = NEW.current_filing_id
      AND (f.handed_in_at, f.days_late) = (NEW.first_handed_in_at, NEW.days_late)) THEN
    RAISE EXCEPTION 'lateness is that of the filing' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_keep_honest_stamps BEFORE UPDATE ON programmes_deadline
  FOR EACH ROW EXECUTE FUNCTION public.programmes_deadline_stamps();
"""
NO_STAMPS = """
DROP TRIGGER deadlines_keep_honest_stamps ON programmes_deadline;
DROP FUNCTION public.programmes_deadline_stamps();
"""
# A room asks for more time now, in the name of its own people, and so it stops asking.
SPEAKING = """
CREATE TRIGGER rooms_ask_for_themselves BEFORE INSERT OR UPDATE ON programmes_extensionrequest
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.rooms_speak_for_themselves('asked_at', 'asked_by_id', 'asked_by_name');
CREATE TRIGGER rooms_settle_for_themselves BEFORE INSERT OR UPDATE ON programmes_extensionrequest
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.rooms_speak_for_themselves('settled_at', 'settled_by_id', 'settled_by_name');
"""
NO_SPEAKING = """
DROP TRIGGER rooms_settle_for_themselves ON programmes_extensionrequest;
DROP TRIGGER rooms_ask_for_themselves ON programmes_extensionrequest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0021_evaluation_dates"),
        ("filings", "0003_guards"),
        ("audit", "0023_rooms_speak_for_themselves"),
    ]
    operations = [migrations.RunSQL(STAMPS, NO_STAMPS), migrations.RunSQL(SPEAKING, NO_SPEAKING)]
