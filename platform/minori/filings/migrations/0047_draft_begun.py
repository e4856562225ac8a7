from django.db import migrations

# The desk sees no draft. Before it files on behalf it is told one thing: when the organization last saved something of
# its own in the same report. Only the desk may ask (`tenancy.roles` grants it); a room has no right on the function.
ASK = """
CREATE FUNCTION filings_draft_saved_at(report bigint) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  room text;
  saved timestamptz;
BEGIN
  SELECT o.schema_name INTO room
  FROM public.programmes_deadline d JOIN public.organizations_organization o ON o.id = d.organization_id
  WHERE d.id = report;
  IF room IS NULL OR to_regclass(format('%I.reports_answer', room)) IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format(
    'SELECT greatest((SELECT max(a.saved_at) FROM %1$I.reports_answer a JOIN %1$I.reports_report r ON r.id = a.report_id'
    ' WHERE r.deadline_id = $1), (SELECT max(f.uploaded_at) FROM %1$I.evidence_attachedfile f WHERE f.deadline_id = $1))',
    room) INTO saved USING report;
  RETURN saved;
END
$$;
REVOKE ALL ON FUNCTION filings_draft_saved_at(bigint) FROM PUBLIC;
"""
DROP = "DROP FUNCTION filings_draft_saved_at(bigint)"


class Migration(migrations.Migration):
    dependencies = [("filings", "0046_on_behalf_guards"), ("organizations", "0001_initial")]
    operations = [migrations.RunSQL(ASK, DROP)]
