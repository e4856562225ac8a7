from django.db import migrations

# A filing comes while its report is open, as the next revision, and says how late it is by the distributor's own
# calendar. A room hands in now: only the desk registers what came another day. The tolerance covers a page that waited
# for a lock, not a day.
GUARD = """
CREATE FUNCTION filings_filing_comes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  report record;
  late integer;
BEGIN
  SELECT d.state, s.time_zone,
    coalesce(CASE WHEN d.state = 'returned' THEN d.returned_due_on END, d.extended_to, d.due_on) AS due_on,
    (SELECT coalesce(max(f.revision), 0) FROM public.filings_filing f WHERE f.deadline_id = d.id) AS last_revision
  INTO report
  FROM public.programmes_deadline d
  JOIN public.programmes_grant g ON g.id = d.grant_id
  JOIN public.programmes_programme p ON p.id = g.programme_id
  JOIN public.programmes_distributor s ON s.id = p.distributor_id
  WHERE d.id = NEW.deadline_id;
  IF report.state IS NULL THEN
    RETURN NEW; -- another organization's: row security and the composite key refuse it
  END IF;
  IF report.state NOT IN ('awaiting', 'returned') THEN
    RAISE EXCEPTION 'a filing comes while its report is open' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.revision <> report.last_revision + 1 THEN
    RAISE EXCEPTION 'the next revision is %', report.last_revision + 1 USING ERRCODE = 'restrict_violation';
  END IF;
  IF public.my_organization() IS NOT NULL
     AND NEW.handed_in_at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '10 minutes' THEN
    RAISE EXCEPTION 'a room hands in now, not at %', NEW.handed_in_at USING ERRCODE = 'restrict_violation';
  END IF;
  late := greatest(0, (NEW.handed_in_at AT TIME ZONE report.time_zone)::date - report.due_on);
  IF NEW.days_late <> late THEN
    RAISE EXCEPTION 'this filing is % days late, not %', late, NEW.days_late USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER filings_come_honestly BEFORE INSERT ON filings_filing
  FOR EACH ROW EXECUTE FUNCTION filings_filing_comes();
"""
DROP = """
DROP TRIGGER filings_come_honestly ON filings_filing;
DROP FUNCTION filings_filing_comes();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0020_readings"), ("programmes", "0004_recalling")]
    operations = [migrations.RunSQL(GUARD, DROP)]
