from django.db import migrations

GUARD = """
CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
DROP = "DROP TRIGGER events_are_never_changed ON audit_event"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("tenancy", "0001_my_organization")]
    operations = [migrations.RunSQL(GUARD, DROP)]
