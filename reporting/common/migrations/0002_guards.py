from django.db import migrations

# A mapping is of a registered indicator of a grant of its own programme; what was mapped stays, and ends once.
MAPPED = """
CREATE FUNCTION common_mappedindicator_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ended text[] := ARRAY['ended_at', 'ended_by_id', 'ended_by_name', 'ended_reason'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a mapping stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (
      SELECT FROM public.common_commonindicator c JOIN public.programmes_grant g ON g.programme_id = c.programme_id
      WHERE c.id = NEW.common_id AND g.id = NEW.grant_id AND c.retired_at IS NULL
    ) THEN
      RAISE EXCEPTION 'an indicator is mapped within its own programme' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
      SELECT FROM public.registry_registeredindicator i
      JOIN public.registry_registeredrow r ON r.id = i.row_id
      JOIN public.registry_frameworkversion v ON v.id = r.version_id
      WHERE v.grant_id = NEW.grant_id AND i.uuid = NEW.indicator_uuid
    ) THEN
      RAISE EXCEPTION 'only a registered indicator is mapped' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a mapping never changes but for its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER common_mappedindicator_step BEFORE INSERT OR UPDATE OR DELETE ON common_mappedindicator
  FOR EACH ROW EXECUTE FUNCTION common_mappedindicator_step();
"""
NO_MAPPED = """
DROP TRIGGER common_mappedindicator_step ON common_mappedindicator;
DROP FUNCTION common_mappedindicator_step();
"""

# Unit and rule stay while something is mapped: its figures were confirmed to fit them.
DEFINED = """
CREATE FUNCTION common_commonindicator_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.programme_id <> OLD.programme_id OR NEW.number <> OLD.number THEN
    RAISE EXCEPTION 'a common indicator stays in its programme' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.unit, NEW.rule) IS DISTINCT FROM (OLD.unit, OLD.rule) AND EXISTS (
    SELECT FROM public.common_mappedindicator m WHERE m.common_id = NEW.id AND m.ended_at IS NULL
  ) THEN
    RAISE EXCEPTION 'unit and rule stay while indicators are mapped' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER common_commonindicator_step BEFORE UPDATE OR DELETE ON common_commonindicator
  FOR EACH ROW EXECUTE FUNCTION common_commonindicator_step();
"""
NO_DEFINED = """
DROP TRIGGER common_commonindicator_step ON common_commonindicator;
DROP FUNCTION common_commonindicator_step();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("common", "0001_initial"),
        ("registry", "0021_plansource"),
    ]

    operations = [
        migrations.RunSQL(MAPPED, NO_MAPPED),
        migrations.RunSQL(DEFINED, NO_DEFINED),
    ]
