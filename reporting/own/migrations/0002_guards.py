from django.db import migrations

# A link is of a registered row of the own plan and one of a grantee of the programme it answers for; it ends once.
LINKS = """
CREATE FUNCTION own_rowlink_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ended text[] := ARRAY['ended_at', 'ended_by_id', 'ended_by_name', 'ended_reason'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a link between rows stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (
      SELECT FROM public.programmes_grant mine JOIN public.programmes_programme side ON side.id = mine.programme_id
      JOIN public.programmes_grant theirs ON theirs.programme_id = side.answers_for_id
      WHERE mine.id = NEW.own_grant_id AND theirs.id = NEW.grant_id
    ) THEN
      RAISE EXCEPTION 'rows are linked within one programme' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
      SELECT FROM public.registry_registeredrow r JOIN public.registry_frameworkversion v ON v.id = r.version_id
      WHERE v.grant_id = NEW.grant_id AND r.uuid = NEW.row_uuid
    ) OR (NEW.own_row_uuid IS NOT NULL AND NOT EXISTS (
      SELECT FROM public.registry_registeredrow r JOIN public.registry_frameworkversion v ON v.id = r.version_id
      WHERE v.grant_id = NEW.own_grant_id AND r.uuid = NEW.own_row_uuid
    )) THEN
      RAISE EXCEPTION 'only registered rows are linked' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a link between rows never changes but for its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER own_rowlink_step BEFORE INSERT OR UPDATE OR DELETE ON own_rowlink
  FOR EACH ROW EXECUTE FUNCTION own_rowlink_step();
"""
NO_LINKS = """
DROP TRIGGER own_rowlink_step ON own_rowlink;
DROP FUNCTION own_rowlink_step();
"""


class Migration(migrations.Migration):

    dependencies = [("own", "0001_initial"), ("registry", "0031_change_guards")]

    operations = [migrations.RunSQL(LINKS, NO_LINKS)]
