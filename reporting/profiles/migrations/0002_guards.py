from django.db import migrations

# What was noted stays; a correction is of the same talk, and follows what stands.
TALK = """
CREATE FUNCTION profiles_talk_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'what was noted of a talk stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.profiles_talk t
    WHERE t.id = NEW.replaces_id AND t.organization_id = NEW.organization_id
      AND t.distributor_id = NEW.distributor_id AND NOT t.struck
  ) THEN
    RAISE EXCEPTION 'a correction is of the same talk' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
    SELECT FROM public.programmes_grant g JOIN public.programmes_programme p ON p.id = g.programme_id
    WHERE g.organization_id = NEW.organization_id AND p.distributor_id = NEW.distributor_id
      AND (NEW.grant_id IS NULL OR g.id = NEW.grant_id)
  ) THEN
    RAISE EXCEPTION 'a talk is with an organization that the distributor funds' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER profiles_talk_step BEFORE INSERT OR UPDATE OR DELETE ON profiles_talk
  FOR EACH ROW EXECUTE FUNCTION profiles_talk_step();
"""
NO_TALK = """
DROP TRIGGER profiles_talk_step ON profiles_talk;
DROP FUNCTION profiles_talk_step();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("profiles", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(TALK, NO_TALK),
    ]
