from django.db import migrations

# Every guard looks at the public tables, whatever a room puts before them.
GUARDS = (
    "registry_version_says_why",
    "registry_outcomelink_step",
    "programmes_programme_side",
    "programmes_grant_own",
    "programmes_distributor_itself",
)


class Migration(migrations.Migration):
    """The guards of own plans and of links look in public, as all others do."""

    dependencies = [("registry", "0092_later_versions_say_why"), ("programmes", "0050_names_on_one_line")]
    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION public.{name}() SET search_path = public, pg_temp",
            f"ALTER FUNCTION public.{name}() RESET search_path",
        )
        for name in GUARDS
    ]
