from django.db import migrations

GUARD = """
CREATE TRIGGER set_aside_is_never_changed BEFORE UPDATE OR DELETE ON reports_setaside
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
DROP = "DROP TRIGGER set_aside_is_never_changed ON reports_setaside"


class Migration(migrations.Migration):
    dependencies = [("reports", "0045_following"), ("tenancy", "0001_my_organization")]
    operations = [migrations.RunSQL(GUARD, DROP)]
