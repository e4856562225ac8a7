import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the contracted plan said, to the letter, beside the version that was made of it."""

    dependencies = [("organizations", "0001_initial"), ("registry", "0020_indicators_of_organizations")]
    operations = [
        migrations.CreateModel(
            name="PlanSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filename", models.TextField(blank=True)),
                ("lines", models.JSONField(help_text="Lines by `registry.plan_sources.SourceLine.to_json`, in order.")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="source",
                        to="registry.frameworkversion",
                    ),
                ),
            ],
            options={"ordering": ["version"]},
        ),
        migrations.RunSQL(
            """
            ALTER TABLE registry_plansource ADD CONSTRAINT a_source_is_of_its_versions_organization
              FOREIGN KEY (version_id, organization_id)
              REFERENCES registry_frameworkversion (id, organization_id) DEFERRABLE INITIALLY DEFERRED;
            CREATE TRIGGER sources_are_never_changed BEFORE UPDATE OR DELETE ON registry_plansource
              FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
            """,
            """
            DROP TRIGGER sources_are_never_changed ON registry_plansource;
            ALTER TABLE registry_plansource DROP CONSTRAINT a_source_is_of_its_versions_organization;
            """,
        ),
    ]
