from django.db import migrations

# Foreign keys ignore row security: what a room shows and says hangs on its own deadlines and consultations only.
TIES = (
    ("filings_consultation", "deadline_id", "programmes_deadline", "a_consultation_is_of_its_deadlines_organization"),
    (
        "filings_consultationremark",
        "consultation_id",
        "filings_consultation",
        "a_remark_is_of_its_consultations_organization",
    ),
)
# What was shown stays as it was shown; that it is no longer shown is said once.
GUARD = """
CREATE FUNCTION filings_consultation_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
     OR to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_name' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_name' THEN
    RAISE EXCEPTION 'a draft that was shown stays as it was shown' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER shown_drafts_stay BEFORE UPDATE OR DELETE ON filings_consultation
  FOR EACH ROW EXECUTE FUNCTION filings_consultation_keeps();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON filings_consultationremark
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
DROP = """
DROP TRIGGER never_changed ON filings_consultationremark;
DROP TRIGGER shown_drafts_stay ON filings_consultation;
DROP FUNCTION filings_consultation_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0008_consultations")]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({key}, organization_id)"
                f" REFERENCES {parent} (id, organization_id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, key, parent, name in TIES
        ),
        migrations.RunSQL(GUARD, DROP),
    ]
