from django.db import migrations

# Foreign keys ignore row security: a room asks for more time for its own reports only.
TIE = """
ALTER TABLE programmes_extensionrequest ADD CONSTRAINT a_request_is_of_its_deadlines_organization
  FOREIGN KEY (deadline_id, organization_id) REFERENCES programmes_deadline (id, organization_id)
  DEFERRABLE INITIALLY DEFERRED;
"""
NO_TIE = "ALTER TABLE programmes_extensionrequest DROP CONSTRAINT a_request_is_of_its_deadlines_organization"

# More time is asked for while the report is waited for; what was asked stays, and is settled once. A room withdraws,
# and lets a request lapse once the report is no longer waited for; answering is the desk's.
REQUESTS = """
CREATE FUNCTION programmes_extensionrequest_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  by_room boolean := public.my_organization() IS NOT NULL;
  waited_for boolean;
  settled text[] := ARRAY['state', 'granted_to', 'answer', 'settled_at', 'settled_by_id', 'settled_by_name'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a request for more time stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT d.state = 'awaiting' INTO waited_for FROM public.programmes_deadline d WHERE d.id = NEW.deadline_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' OR NOT coalesce(waited_for, false) THEN
      RAISE EXCEPTION 'more time is asked for while the report is waited for' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - settled IS DISTINCT FROM to_jsonb(OLD) - settled THEN
    RAISE EXCEPTION 'what was asked for stays as it was asked' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'open' THEN
    RAISE EXCEPTION 'a request for more time is settled once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF by_room AND NEW.state <> 'withdrawn' AND (NEW.state <> 'lapsed' OR waited_for) THEN
    RAISE EXCEPTION 'a room cannot answer its own request for more time' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER requests_go_by_their_steps BEFORE INSERT OR UPDATE OR DELETE ON programmes_extensionrequest
  FOR EACH ROW EXECUTE FUNCTION programmes_extensionrequest_step();
"""
NO_REQUESTS = """
DROP TRIGGER requests_go_by_their_steps ON programmes_extensionrequest;
DROP FUNCTION programmes_extensionrequest_step();
"""

# The closing date, on the distributor's calendar: nothing comes for the first time after it. Taking back leaves no
# trace of its time on the row, so there the server's clock counts. And a date that was met or missed stays.
DATES = """
CREATE FUNCTION programmes_deadline_dates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step text := OLD.state || ' -> ' || NEW.state;
  day date;
BEGIN
  IF OLD.first_handed_in_at IS NOT NULL AND NEW.first_handed_in_at IS NOT NULL
     AND (NEW.due_on, NEW.extended_to) IS DISTINCT FROM (OLD.due_on, OLD.extended_to) THEN
    RAISE EXCEPTION 'the due date stays once the report was handed in' USING ERRCODE = 'restrict_violation';
  END IF;
  IF step NOT IN ('awaiting -> handed_in', 'handed_in -> awaiting') OR OLD.closes_on IS NULL THEN
    RETURN NEW;
  END IF;
  SELECT (CASE WHEN NEW.state = 'awaiting' THEN now() ELSE f.handed_in_at END AT TIME ZONE s.time_zone)::date INTO day
  FROM public.programmes_grant g
  JOIN public.programmes_programme p ON p.id = g.programme_id
  JOIN public.programmes_distributor s ON s.id = p.distributor_id
  LEFT JOIN public.filings_filing f ON f.id = NEW.current_filing_id
  WHERE g.id = NEW.grant_id;
  IF coalesce(day <= OLD.closes_on, false) THEN
    RETURN NEW;
  ELSIF NEW.state = 'handed_in' THEN
    RAISE EXCEPTION 'handing in for the first time closed on %', OLD.closes_on USING ERRCODE = 'restrict_violation';
  END IF;
  RAISE EXCEPTION 'a report is not recalled after the closing date' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER deadlines_keep_their_dates BEFORE UPDATE ON programmes_deadline
  FOR EACH ROW EXECUTE FUNCTION programmes_deadline_dates();
"""
NO_DATES = """
DROP TRIGGER deadlines_keep_their_dates ON programmes_deadline;
DROP FUNCTION programmes_deadline_dates();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0008_extension_requests"),
        ("filings", "0001_initial"),
        ("tenancy", "0001_my_organization"),
    ]
    operations = [
        migrations.RunSQL(TIE, NO_TIE),
        migrations.RunSQL(REQUESTS, NO_REQUESTS),
        migrations.RunSQL(DATES, NO_DATES),
    ]
