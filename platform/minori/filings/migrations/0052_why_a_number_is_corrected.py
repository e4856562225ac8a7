"""A correction of a number says why. Numbers corrected before this have no reason, and keep none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filings", "0051_reading_filing")]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="reason",
            field=models.TextField(blank=True, default="", db_default="", help_text="Why a number was corrected."),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(replaces__isnull=False),
                name="a_reason_is_of_a_correction",
            ),
        ),
    ]
