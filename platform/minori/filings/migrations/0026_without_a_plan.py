import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A form that asks nothing about a plan is handed in without one. Whether one is in force, the guards of 0022 ask."""

    dependencies = [
        ("filings", "0025_rooms_speak_for_themselves"),
        ("registry", "0022_confirmed_for_good"),
    ]
    operations = [
        migrations.AlterField(
            model_name="filing",
            name="framework_version",
            field=models.ForeignKey(
                blank=True,
                help_text="The plan it answers to; null where none was in force and the form asks about none.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="filings",
                to="registry.frameworkversion",
            ),
        ),
    ]
