from django.db import migrations

# A link is between an output and an outcome of its own version; it stays, and ends once.
LINKS = """
CREATE FUNCTION registry_outcomelink_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ended text[] := ARRAY['ended_at', 'ended_by_name'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a link of a plan stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (
      SELECT FROM public.registry_registeredrow r JOIN public.registry_frameworkversion v ON v.id = r.version_id
      WHERE v.id = NEW.version_id AND v.organization_id = NEW.organization_id AND r.uuid = NEW.output_uuid
        AND r.level = 'output'
    ) OR NOT EXISTS (
      SELECT FROM public.registry_registeredrow r
      WHERE r.version_id = NEW.version_id AND r.uuid = NEW.outcome_uuid AND r.level IN ('outcome_short', 'outcome_long')
    ) THEN
      RAISE EXCEPTION 'an output is linked with an outcome of its own version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a link of a plan never changes but for its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER outcome_links_stay BEFORE INSERT OR UPDATE OR DELETE ON registry_outcomelink
  FOR EACH ROW EXECUTE FUNCTION registry_outcomelink_step();
"""
NO_LINKS = """
DROP TRIGGER outcome_links_stay ON registry_outcomelink;
DROP FUNCTION registry_outcomelink_step();
"""


class Migration(migrations.Migration):

    dependencies = [("registry", "0090_outcome_links")]

    operations = [migrations.RunSQL(LINKS, NO_LINKS)]
