from django.db import migrations

# The other side of a programme is its own distributor's, stands behind one programme for good, and never behind another side.
SIDES = """
CREATE FUNCTION programmes_programme_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.answers_for_id IS DISTINCT FROM OLD.answers_for_id THEN
    RAISE EXCEPTION 'what a programme answers for never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.answers_for_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.programmes_programme p
    WHERE p.id = NEW.answers_for_id AND p.distributor_id = NEW.distributor_id AND p.answers_for_id IS NULL
  ) THEN
    RAISE EXCEPTION 'a programme answers for one of the same distributor' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER programmes_answer_for_their_own BEFORE INSERT OR UPDATE ON programmes_programme
  FOR EACH ROW EXECUTE FUNCTION programmes_programme_side();
"""
NO_SIDES = """
DROP TRIGGER programmes_answer_for_their_own ON programmes_programme;
DROP FUNCTION programmes_programme_side();
"""

# On that side there is one grant, the distributor's own; and no organization of its own plan ever changes.
GRANTS = """
CREATE FUNCTION programmes_grant_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM public.programmes_programme p WHERE p.id = NEW.programme_id AND p.answers_for_id IS NOT NULL)
  THEN
    IF NOT EXISTS (
      SELECT FROM public.programmes_programme p JOIN public.programmes_distributor d ON d.id = p.distributor_id
      WHERE p.id = NEW.programme_id AND d.organization_id = NEW.organization_id
    ) THEN
      RAISE EXCEPTION 'an own plan is the distributor''s itself' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM public.programmes_grant g WHERE g.programme_id = NEW.programme_id AND g.id <> NEW.id) THEN
      RAISE EXCEPTION 'a programme has one own plan' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER own_plans_are_the_distributors BEFORE INSERT OR UPDATE ON programmes_grant
  FOR EACH ROW EXECUTE FUNCTION programmes_grant_own();
CREATE FUNCTION programmes_distributor_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.organization_id IS NOT NULL AND NEW.organization_id IS DISTINCT FROM OLD.organization_id THEN
    RAISE EXCEPTION 'a distributor stays the organization it is' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER distributors_stay_themselves BEFORE UPDATE ON programmes_distributor
  FOR EACH ROW EXECUTE FUNCTION programmes_distributor_itself();
"""
NO_GRANTS = """
DROP TRIGGER distributors_stay_themselves ON programmes_distributor;
DROP FUNCTION programmes_distributor_itself();
DROP TRIGGER own_plans_are_the_distributors ON programmes_grant;
DROP FUNCTION programmes_grant_own();
"""


class Migration(migrations.Migration):

    dependencies = [("programmes", "0090_own_plans")]

    operations = [migrations.RunSQL(SIDES, NO_SIDES), migrations.RunSQL(GRANTS, NO_GRANTS)]
