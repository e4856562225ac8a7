from django.db import migrations

# A later version comes of a plan that the organization proposed or of a change request, or says why it does not. Looked at when the
# transaction ends, since what it comes of is written behind it.
WHY = """
CREATE FUNCTION registry_version_says_why() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NEW.reason = ''
     AND NOT EXISTS (SELECT FROM public.registry_proposal p WHERE p.version_id = NEW.id)
     AND NOT EXISTS (SELECT FROM public.registry_changerequest r WHERE r.version_id = NEW.id) THEN
    RAISE EXCEPTION 'a later version says why it comes without a change request' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER later_versions_say_why AFTER INSERT ON registry_frameworkversion
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_version_says_why();
"""
NO_WHY = """
DROP TRIGGER later_versions_say_why ON registry_frameworkversion;
DROP FUNCTION registry_version_says_why();
"""


class Migration(migrations.Migration):

    dependencies = [("registry", "0091_link_guards")]

    operations = [migrations.RunSQL(WHY, NO_WHY)]
