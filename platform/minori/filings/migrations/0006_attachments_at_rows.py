from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filings", "0009_consultation_guards")]
    operations = [
        migrations.AddField(
            model_name="filedattachment",
            name="row_uuid",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="filedattachment",
            name="rights",
            field=models.CharField(
                blank=True, default="", help_text="What was said about showing it (使用許諾・肖像).", max_length=20
            ),
            preserve_default=False,
        ),
    ]
