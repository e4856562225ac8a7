from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("summaries", "0070_signals")]
    operations = [
        migrations.AddField(
            model_name="summary", name="inputs_by_grant", field=models.JSONField(null=True)
        ),
    ]
