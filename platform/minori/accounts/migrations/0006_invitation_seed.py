from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_person_monday_digest")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="seed",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What the link is made of, with the installation's key; empty for links made before there was one.",
                max_length=64,
            ),
            preserve_default=False,
        ),
    ]
