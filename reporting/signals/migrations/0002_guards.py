from django.db import migrations

# What was set aside stays as it was said; it may only be taken up again, once.
ASIDE = """
CREATE FUNCTION signals_setaside_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ended text[] := ARRAY['ended_at', 'ended_by_name'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was set aside stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  IF to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'what was set aside never changes but for its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER signals_setaside_step BEFORE UPDATE OR DELETE ON signals_setaside
  FOR EACH ROW EXECUTE FUNCTION signals_setaside_step();
"""
NO_ASIDE = """
DROP TRIGGER signals_setaside_step ON signals_setaside;
DROP FUNCTION signals_setaside_step();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("signals", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ASIDE, NO_ASIDE),
    ]
