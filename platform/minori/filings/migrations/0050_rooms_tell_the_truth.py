"""The trail of a room is true: every step it takes is told once, and it tells of no step that it did not take."""

from django.db import migrations

# A room tells of each of its steps what happened, once, and takes no step without telling: so the trail leads to where
# the report stands (`filings.replaying`). The desk's events are its own matter: it registers what happened elsewhere.
TOLD = """
CREATE UNIQUE INDEX a_filing_comes_once_in_the_trail ON audit_event (filing_id)
  WHERE action IN ('handed_in', 'handed_in_again', 'correction_taken');
CREATE UNIQUE INDEX a_filing_is_recalled_once_in_the_trail ON audit_event (filing_id) WHERE action = 'recalled';

CREATE FUNCTION public.programmes_move_is_told() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.audit_event e WHERE e.deadline_id = NEW.id AND e.organization_id = NEW.organization_id
      AND e.filing_id = coalesce(NEW.current_filing_id, OLD.current_filing_id)
      AND (e.from_state, e.to_state) = (OLD.state, NEW.state)
      AND e.action IN ('handed_in', 'handed_in_again', 'correction_taken', 'recalled')) THEN
    RAISE EXCEPTION 'a room takes no step without telling' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER moves_are_told AFTER UPDATE ON programmes_deadline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (public.my_organization() IS NOT NULL
    AND (OLD.state, OLD.current_filing_id) IS DISTINCT FROM (NEW.state, NEW.current_filing_id))
  EXECUTE FUNCTION public.programmes_move_is_told();

CREATE FUNCTION public.programmes_told_is_true() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  report record;
BEGIN
  SELECT d.state, d.current_filing_id, d.grant_id, d.round_id, f.days_late, f.hash, f.deadline_id INTO report
  FROM public.programmes_deadline d
  LEFT JOIN public.filings_filing f ON f.id = NEW.filing_id
  WHERE d.id = NEW.deadline_id;
  IF NEW.action NOT IN ('handed_in', 'handed_in_again', 'correction_taken', 'recalled') THEN
    IF NEW.deadline_id IS NOT NULL
       AND (NEW.from_state NOT IN ('', NEW.to_state) OR NEW.to_state NOT IN ('', report.state)) THEN
      RAISE EXCEPTION 'this step moves nothing' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.to_state, NEW.grant_id, NEW.round_id, NEW.deadline_id)
       IS DISTINCT FROM (report.state, report.grant_id, report.round_id, report.deadline_id)
     OR (CASE NEW.action
       WHEN 'recalled' THEN (NEW.from_state, report.state) IS DISTINCT FROM ('handed_in', 'awaiting')
       ELSE NEW.filing_id IS DISTINCT FROM report.current_filing_id OR report.state <> 'handed_in'
         OR NEW.from_state <> CASE NEW.action WHEN 'handed_in' THEN 'awaiting'
           WHEN 'handed_in_again' THEN 'returned' ELSE 'handed_in' END
         OR NEW.details ->> 'hash' IS DISTINCT FROM report.hash
         OR (NEW.action <> 'correction_taken' AND NEW.details -> 'days_late' IS DISTINCT FROM to_jsonb(report.days_late))
       END) THEN
    RAISE EXCEPTION 'what is told of a report is what became of it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER moves_are_told_truly BEFORE INSERT ON audit_event
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.programmes_told_is_true();
"""
NOT_TOLD = """
DROP TRIGGER moves_are_told_truly ON audit_event;
DROP FUNCTION public.programmes_told_is_true();
DROP TRIGGER moves_are_told ON programmes_deadline;
DROP FUNCTION public.programmes_move_is_told();
DROP INDEX a_filing_is_recalled_once_in_the_trail;
DROP INDEX a_filing_comes_once_in_the_trail;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0045_workbook_sent"),
        ("filings", "0047_draft_begun"),
        ("programmes", "0011_stamps_of_a_report"),
    ]
    operations = [migrations.RunSQL(TOLD, NOT_TOLD)]
