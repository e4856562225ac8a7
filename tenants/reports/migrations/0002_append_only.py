from django.db import migrations

GUARD = """
CREATE TRIGGER revisions_are_never_changed BEFORE UPDATE OR DELETE ON reports_answerrevision
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
DROP = "DROP TRIGGER revisions_are_never_changed ON reports_answerrevision"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("tenancy", "0001_my_organization")]
    operations = [migrations.RunSQL(GUARD, DROP)]
