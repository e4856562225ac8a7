from django.db import migrations, models


class Migration(migrations.Migration):
    """What came of reading a found plan is kept beside it; what is there already is read anew until it is decided."""

    dependencies = [("setup", "0002_plan_files")]

    operations = [
        migrations.AddField(
            model_name="foundplan",
            name="outcome",
            field=models.JSONField(
                help_text="What came of reading it with these decisions, by `setup.outcomes.Outcome`.", null=True
            ),
        ),
    ]
