from django.db import migrations

SAME_ORGANIZATION = """
ALTER TABLE programmes_deadline ADD CONSTRAINT a_deadline_is_of_its_grants_organization
  FOREIGN KEY (grant_id, organization_id) REFERENCES programmes_grant (id, organization_id)
  DEFERRABLE INITIALLY DEFERRED;
"""
NO_SAME_ORGANIZATION = "ALTER TABLE programmes_deadline DROP CONSTRAINT a_deadline_is_of_its_grants_organization"

# The life of a report: which step is possible, and whose it is. A room hands in and recalls; the desk does the rest.
STEPS = """
CREATE FUNCTION programmes_deadline_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  by_room boolean := public.my_organization() IS NOT NULL;
  step text := OLD.state || ' -> ' || NEW.state;
BEGIN
  IF NEW.grant_id <> OLD.grant_id OR NEW.round_id <> OLD.round_id OR NEW.organization_id <> OLD.organization_id THEN
    RAISE EXCEPTION 'a deadline stays with its grant and round' USING ERRCODE = 'restrict_violation';
  END IF;
  IF step IN ('awaiting -> handed_in', 'returned -> handed_in', 'handed_in -> awaiting') THEN
    NULL; -- the organization's steps; the desk may take them on its behalf
  ELSIF by_room AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'a room cannot move a report from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  ELSIF NEW.state <> OLD.state AND step NOT IN (
      'handed_in -> returned', 'handed_in -> accepted', 'accepted -> returned',
      'awaiting -> waived', 'waived -> awaiting') THEN
    RAISE EXCEPTION 'a report cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF by_room AND NEW.state = OLD.state AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'a room changes a deadline only by handing in or recalling' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'handed_in' AND OLD.state <> 'handed_in'
     AND NEW.current_filing_id IS NOT DISTINCT FROM OLD.current_filing_id THEN
    RAISE EXCEPTION 'handing in needs a new filing' USING ERRCODE = 'restrict_violation';
  END IF;
  IF step = 'handed_in -> awaiting' AND OLD.reading_began_at IS NOT NULL THEN
    RAISE EXCEPTION 'a report that is being read cannot be recalled' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.current_filing_id IS DISTINCT FROM OLD.current_filing_id AND NEW.current_filing_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM filings_filing f WHERE f.id = NEW.current_filing_id AND f.deadline_id = NEW.id) THEN
    RAISE EXCEPTION 'the filing that counts must be of this deadline' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_go_by_their_steps BEFORE UPDATE ON programmes_deadline
  FOR EACH ROW EXECUTE FUNCTION programmes_deadline_step();
"""
NO_STEPS = """
DROP TRIGGER deadlines_go_by_their_steps ON programmes_deadline;
DROP FUNCTION programmes_deadline_step();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
        ("filings", "0001_initial"),
        ("tenancy", "0001_my_organization"),
    ]
    operations = [
        migrations.RunSQL(SAME_ORGANIZATION, NO_SAME_ORGANIZATION),
        migrations.RunSQL(STEPS, NO_STEPS),
    ]
