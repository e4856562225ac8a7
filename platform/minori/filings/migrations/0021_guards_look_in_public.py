from django.db import migrations

# A room may make temporary tables, which come before all others where a guard names a table without its schema.
_EACH = """
DO $$
DECLARE
  one regprocedure;
BEGIN
  FOR one IN
    SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND p.prorettype = 'trigger'::regtype
      AND (p.proname LIKE 'programmes\\_%' OR p.proname LIKE 'filings\\_%' OR p.proname LIKE 'registry\\_%')
  LOOP
    EXECUTE format('ALTER FUNCTION %s {what}', one);
  END LOOP;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0013_correction_guards"),
        ("programmes", "0010_revisions_count_once"),
        ("registry", "0021_plansource"),
    ]
    operations = [
        migrations.RunSQL(
            _EACH.replace("{what}", "SET search_path = public, pg_temp"),
            _EACH.replace("{what}", "RESET search_path"),
        )
    ]
