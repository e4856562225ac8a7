from django.db import migrations

# Foreign keys ignore row security.
TIE = """
ALTER TABLE filings_onbehalf ADD CONSTRAINT what_was_sent_is_of_its_filings_organization
  FOREIGN KEY (filing_id, organization_id) REFERENCES filings_filing (id, organization_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_TIE = "ALTER TABLE filings_onbehalf DROP CONSTRAINT what_was_sent_is_of_its_filings_organization"
FROZEN = "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON filings_onbehalf FOR EACH ROW EXECUTE FUNCTION public.refuse_change()"
NOT_FROZEN = "DROP TRIGGER never_changed ON filings_onbehalf"

# A room hands in itself and marks nothing as filed for it (what an officer filed once goes along in the head where the
# organization takes a correction of it). The desk files on behalf, on the day it arrived, with what was sent; or it takes
# over what was handed in before, and the filing says so.
COMES = """
CREATE FUNCTION filings_filing_came() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  head jsonb := NEW.contents -> 'head' -> 'on_behalf';
  report record;
  day date;
BEGIN
  SELECT d.state, d.returned_at, r.opens_on, s.time_zone, f.contents -> 'head' -> 'on_behalf' AS head INTO report
  FROM public.programmes_deadline d
  JOIN public.programmes_round r ON r.id = d.round_id
  JOIN public.programmes_grant g ON g.id = d.grant_id
  JOIN public.programmes_programme p ON p.id = g.programme_id
  JOIN public.programmes_distributor s ON s.id = p.distributor_id
  LEFT JOIN public.filings_filing f ON f.id = d.current_filing_id
  WHERE d.id = NEW.deadline_id;
  IF public.my_organization() IS NOT NULL THEN
    IF NEW.came <> 'room' THEN
      RAISE EXCEPTION 'a room hands in itself' USING ERRCODE = 'restrict_violation';
    END IF;
    IF head IS NOT NULL AND NOT (report.state = 'handed_in' AND head = report.head) THEN
      RAISE EXCEPTION 'what a room hands in is not filed on behalf' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.came = 'history' THEN
    RETURN NEW;
  END IF;
  IF NEW.came <> 'behalf' THEN
    RAISE EXCEPTION 'the desk files on behalf of an organization, and says so' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.approved_by_name = '' THEN
    RAISE EXCEPTION 'a filing on behalf says who approved it' USING ERRCODE = 'restrict_violation';
  END IF;
  day := (NEW.handed_in_at AT TIME ZONE report.time_zone)::date;
  IF head IS NULL OR (head ->> 'arrived_on') IS DISTINCT FROM day::text THEN
    RAISE EXCEPTION 'a filing on behalf says on which day it arrived' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.handed_in_at > clock_timestamp() + interval '10 minutes' THEN
    RAISE EXCEPTION 'nothing arrives in the future' USING ERRCODE = 'restrict_violation';
  END IF;
  IF day < report.opens_on OR report.state = 'returned' AND day < (report.returned_at AT TIME ZONE report.time_zone)::date THEN
    RAISE EXCEPTION 'nothing arrives before it was asked for' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER filings_say_how_they_came BEFORE INSERT ON filings_filing
  FOR EACH ROW EXECUTE FUNCTION filings_filing_came();

-- At the end of the transaction a filing on behalf has what was sent, and nothing else has.
CREATE FUNCTION filings_filing_has_its_original() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.came = 'behalf' AND NOT EXISTS (SELECT FROM public.filings_onbehalf o WHERE o.filing_id = NEW.id) THEN
    RAISE EXCEPTION 'a filing on behalf keeps what was sent' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER filings_on_behalf_keep_what_was_sent AFTER INSERT ON filings_filing
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION filings_filing_has_its_original();

CREATE FUNCTION filings_onbehalf_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF public.my_organization() IS NOT NULL THEN
    RAISE EXCEPTION 'the officer files on behalf' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM public.filings_filing f WHERE f.id = NEW.filing_id AND f.came = 'behalf'
      AND f.contents -> 'head' -> 'on_behalf' = jsonb_build_object(
        'sender', NEW.sender_name, 'arrived_on', NEW.arrived_on::text, 'original', NEW.original_sha256)) THEN
    RAISE EXCEPTION 'what was sent is what the filing says' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER what_was_sent_fits_its_filing BEFORE INSERT ON filings_onbehalf
  FOR EACH ROW EXECUTE FUNCTION filings_onbehalf_fits();
"""
DROP = """
DROP TRIGGER what_was_sent_fits_its_filing ON filings_onbehalf;
DROP FUNCTION filings_onbehalf_fits();
DROP TRIGGER filings_on_behalf_keep_what_was_sent ON filings_filing;
DROP FUNCTION filings_filing_has_its_original();
DROP TRIGGER filings_say_how_they_came ON filings_filing;
DROP FUNCTION filings_filing_came();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0045_on_behalf"), ("programmes", "0010_revisions_count_once")]
    operations = [
        migrations.RunSQL(TIE, NO_TIE),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
        migrations.RunSQL(COMES, DROP),
    ]
