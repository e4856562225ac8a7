from django.db import migrations, models


class Migration(migrations.Migration):
    """Why each change of a registered plan is wanted, while it is being written; and the report it was begun from."""

    dependencies = [("frameworks", "0001_initial")]
    operations = [
        migrations.AddField(
            "draft",
            "reasons",
            models.JSONField(
                default=dict, blank=True, help_text="Why each change is wanted, by the change's key (`reasons.py`)."
            ),
        ),
        migrations.AddField(
            "draft",
            "begun_from_id",
            models.BigIntegerField(
                null=True, blank=True, help_text="The report whose change boxes the draft was begun from."
            ),
        ),
    ]
