from django.db import migrations

TIES = (
    ("registry_frameworkversion", "grant_id", "programmes_grant", "a_version_is_of_its_grants_organization"),
    ("registry_registeredrow", "version_id", "registry_frameworkversion", "a_row_is_of_its_versions_organization"),
    ("registry_registeredindicator", "row_id", "registry_registeredrow", "an_indicator_is_of_its_rows_organization"),
    ("registry_proposal", "grant_id", "programmes_grant", "a_proposal_is_of_its_grants_organization"),
    ("registry_proposal", "version_id", "registry_frameworkversion", "a_proposals_version_is_of_its_organization"),
)

# A room withdraws its own waiting proposal; only the desk registers or declines. What was proposed stays as it was.
STEPS = """
CREATE FUNCTION registry_proposal_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.contents IS DISTINCT FROM OLD.contents OR NEW.grant_id <> OLD.grant_id THEN
    RAISE EXCEPTION 'a proposal is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'a proposal is decided once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF public.my_organization() IS NOT NULL AND NEW.state <> 'withdrawn' THEN
    RAISE EXCEPTION 'a room can only withdraw its proposal' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER proposals_are_decided_once BEFORE UPDATE ON registry_proposal
  FOR EACH ROW EXECUTE FUNCTION registry_proposal_step();
CREATE TRIGGER rows_are_never_changed BEFORE UPDATE OR DELETE ON registry_registeredrow
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER indicators_are_never_changed BEFORE UPDATE OR DELETE ON registry_registeredindicator
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
NO_STEPS = """
DROP TRIGGER indicators_are_never_changed ON registry_registeredindicator;
DROP TRIGGER rows_are_never_changed ON registry_registeredrow;
DROP TRIGGER proposals_are_decided_once ON registry_proposal;
DROP FUNCTION registry_proposal_step();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("tenancy", "0001_my_organization")]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({key}, organization_id)"
                f" REFERENCES {parent} (id, organization_id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, key, parent, name in TIES
        ),
        migrations.RunSQL(STEPS, NO_STEPS),
    ]
